// `manifest.jws`, the first member of a flight pack: which files belong to it and their hashes (trust.md 3.3).
import * as v from 'valibot';
import { FLIGHT_PACK, LIMIT_CEILING_MINOR } from '../limits.ts';

const seconds = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const limitMinor = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(LIMIT_CEILING_MINOR));
const modeLimits = v.object({
  cumMinor: limitMinor,
  perSaleMinor: limitMinor,
  maxSales: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(100)),
});

export const MEMBER_NAME = /^[a-z][a-z0-9-]{2,40}\.(jws|bin|json|jwe|webp|png|jpg)$/;

/** The members a till cannot work without. */
export const REQUIRED_MEMBERS = [
  'trust.jws',
  'deny.bin',
  'allow.bin',
  'catalog.json',
  'promotions.json',
  'passengers.json',
  'crew.json',
] as const;

export type RequiredMember = (typeof REQUIRED_MEMBERS)[number];

const label = v.pipe(v.string(), v.minLength(1), v.maxLength(40));

export const packManifestSchema = v.object({
  v: v.literal(1),
  airline: v.pipe(v.string(), v.regex(/^[A-Z0-9]{2,3}$/)),
  packId: v.pipe(v.string(), v.regex(/^[A-Za-z0-9-]{4,60}$/)),
  leg: v.pipe(v.string(), v.maxLength(40)),
  std: seconds,
  sta: seconds,
  /** Version of the pack for this leg; only ever higher. */
  n: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  issuedAt: seconds,
  validTo: seconds,
  utcOffsetMinutes: v.pipe(v.number(), v.integer(), v.minValue(-720), v.maxValue(840)),
  airlineName: v.object({ zh: label, en: label }),
  /** The merchant as each wallet will name it, by wallet number. */
  merchants: v.record(v.string(), label),
  cities: v.record(v.pipe(v.string(), v.regex(/^[A-Z]{3}$/)), v.object({ zh: label, en: label })),
  devices: v.pipe(
    v.array(
      v.object({
        dev: v.pipe(v.string(), v.regex(/^[A-Z0-9-]{2,20}$/)),
        /** The rows this terminal is home to, both included. */
        zone: v.object({ fromRow: v.pipe(v.number(), v.integer()), toRow: v.pipe(v.number(), v.integer()) }),
      }),
    ),
    v.minLength(1),
    v.maxLength(40),
  ),
  files: v.pipe(
    v.array(
      v.object({
        name: v.pipe(v.string(), v.regex(MEMBER_NAME)),
        sha256: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/)),
        size: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(FLIGHT_PACK.maxBytes)),
      }),
    ),
    v.maxLength(FLIGHT_PACK.maxFiles),
  ),
  limits: v.partial(
    v.object({
      confirmed: modeLimits,
      hardwareKey: modeLimits,
      softwareKey: modeLimits,
      static: modeLimits,
      unlistedPerPassengerMinor: limitMinor,
      unlistedPerTerminalMinor: limitMinor,
      terminalCapMinor: limitMinor,
    }),
  ),
  /** A demo pack: only ever taken by an unpackaged till in a profile of its own. */
  demo: v.optional(v.literal(true)),
});

export type PackManifest = v.InferOutput<typeof packManifestSchema>;

const cti = v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/));

/** What one passenger ordered before the flight. */
export const preordersSchema = v.pipe(
  v.array(
    v.object({
      sku: v.pipe(v.string(), v.regex(/^[A-Z0-9-]{2,20}$/)),
      q: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(99)),
    }),
  ),
  v.maxLength(20),
  v.check(
    (lines) => new Set(lines.map(({ sku }) => sku)).size === lines.length,
    'an item number stands twice',
  ),
);

export type Preorder = v.InferOutput<typeof preordersSchema>[number];

export const passengersSchema = v.object({
  v: v.literal(1),
  passengers: v.pipe(
    v.array(
      v.object({
        cti,
        seat: v.pipe(v.string(), v.regex(/^([0-9]{1,3}[A-Z])?$/)),
        seq: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(9999)),
        name: v.pipe(v.string(), v.regex(/^[A-Z*/ ]{1,30}$/)),
        wallet: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(255)),
        tier: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(15)),
        /** Absent in older packs, and for everybody who ordered nothing. */
        preorders: v.optional(preordersSchema),
      }),
    ),
    v.maxLength(1000),
  ),
});

export type ListedPassenger = v.InferOutput<typeof passengersSchema>['passengers'][number];

export const crewSchema = v.object({
  v: v.literal(1),
  crew: v.pipe(
    v.array(
      v.object({
        id: v.pipe(v.string(), v.regex(/^[A-Z0-9]{2,12}$/)),
        name: v.pipe(v.string(), v.minLength(1), v.maxLength(30)),
        role: v.picklist(['attendant', 'purser', 'technician']),
        /** Absent only in a demo pack. */
        pin: v.optional(
          v.object({
            kdf: v.literal('scrypt'),
            N: v.number(),
            r: v.number(),
            p: v.number(),
            salt: v.string(),
            hash: v.string(),
          }),
        ),
      }),
    ),
    v.minLength(1),
    v.maxLength(60),
  ),
});

export type CrewMember = v.InferOutput<typeof crewSchema>['crew'][number];
