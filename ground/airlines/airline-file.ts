// The parts of files by which an airline is made and changed (docs/formats/airline-files.md).
import * as v from 'valibot';
import { airlineSchema } from './airlines.ts';

/** Largest cumulative limit an issuer key may sign, minor units by currency number. */
export const maxCumSchema = v.record(
  v.pipe(v.string(), v.regex(/^\d{3}$/)),
  v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
);

export const DEFAULT_MAX_CUM = { 156: 100_000 } as const;

export const walletSchema = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(255));

export const merchantEntries = {
  wallet: walletSchema,
  name: v.string(),
  config: v.record(v.string(), v.unknown()),
  secrets: v.unknown(),
} as const;

const crewEntrySchema = v.strictObject({
  id: v.string(),
  name: v.string(),
  role: v.picklist(['attendant', 'purser', 'technician']),
  // Words of our own: what was read in its place may be a PIN.
  pin: v.optional(v.string('a PIN is text')),
});

export type CrewEntry = v.InferOutput<typeof crewEntrySchema>;

export const airlineFileSchema = v.strictObject({
  airline: airlineSchema,
  merchants: v.pipe(v.array(v.strictObject(merchantEntries)), v.minLength(1)),
  crew: v.array(crewEntrySchema),
  catalogue: v.unknown(),
  promotions: v.unknown(),
  maxCum: v.optional(maxCumSchema, DEFAULT_MAX_CUM),
});

export const merchantFileSchema = v.strictObject({ ...merchantEntries, maxCum: v.optional(maxCumSchema) });

export const crewFileSchema = v.strictObject({
  crew: v.optional(v.array(crewEntrySchema), []),
  remove: v.optional(v.array(v.string()), []),
});

export const assortmentFileSchema = v.strictObject({ catalogue: v.unknown(), promotions: v.unknown() });
