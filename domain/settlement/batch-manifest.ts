// The first line of a batch: what the terminal says it hands over (settlement.md 6.1). A signed shape is a promise.
import * as v from 'valibot';
import { legTotalsSchema, type JournalEvent } from '../journal/event.ts';

const seq = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const hash = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/));

const batchLegSchema = v.object({
  leg: v.pipe(v.string(), v.minLength(1), v.maxLength(40)),
  /** Whether the range holds the leg's FLIGHT_CLOSE. */
  closed: v.boolean(),
  packId: v.pipe(v.string(), v.maxLength(80)),
  trustVer: whole,
  denyVer: whole,
});

export const batchManifestSchema = v.object({
  v: v.literal(1),
  batchId: v.pipe(v.string(), v.regex(/^[a-z2-7]{26}$/)),
  airline: v.pipe(v.string(), v.regex(/^[A-Z0-9]{2,3}$/)),
  dev: v.pipe(v.string(), v.regex(/^[A-Z0-9-]{2,20}$/)),
  ep: seq,
  /** The terminal's certificate, a JWS of type `cp-dev+jws`. */
  devCert: v.pipe(v.string(), v.maxLength(4000)),
  from: seq,
  to: seq,
  /** Hash of the line before the range; for `from` = 1 the first line's own `prev`. */
  prevHash: hash,
  /** Hash of the last line of the range. */
  headHash: hash,
  /** Journal lines in the batch. */
  count: seq,
  legs: v.pipe(v.array(batchLegSchema), v.maxLength(1000)),
  totals: v.pipe(v.array(legTotalsSchema), v.maxLength(1000)),
  /** Epoch ms. */
  exportedAt: whole,
  appVer: v.pipe(v.string(), v.minLength(1), v.maxLength(40)),
});

export type BatchManifest = v.InferOutput<typeof batchManifestSchema>;
export type BatchLeg = BatchManifest['legs'][number];

/** The flight pack a leg was flown with, as PACK_LOAD recorded it. */
export type LoadedPack = Pick<BatchLeg, 'packId' | 'trustVer' | 'denyVer'>;

/** The last pack loaded for each leg. */
export function loadedPacks(events: readonly JournalEvent[]): ReadonlyMap<string, LoadedPack> {
  const packs = new Map<string, LoadedPack>();
  for (const event of events) {
    if (event.ty !== 'PACK_LOAD') continue;
    const { leg, packId, trustVer, denyVer } = event.b;
    packs.set(leg, { packId, trustVer, denyVer });
  }
  return packs;
}

/**
 * Every leg the range has a pack, a bill, money or a FLIGHT_CLOSE of, in order of first appearance, and whether that
 * FLIGHT_CLOSE is in the range. Practice counts nowhere.
 */
export function legsInRange(events: readonly JournalEvent[]): { leg: string; closed: boolean }[] {
  const closedByLeg = new Map<string, boolean>();
  for (const event of events) {
    const leg = event.ty === 'PACK_LOAD' ? event.b.leg : event.leg;
    if (event.tr === true || leg === '' || !LEG_EVENTS.has(event.ty)) continue;
    closedByLeg.set(leg, (closedByLeg.get(leg) ?? false) || event.ty === 'FLIGHT_CLOSE');
  }
  return [...closedByLeg].map(([leg, closed]) => ({ leg, closed }));
}

const LEG_EVENTS: ReadonlySet<string> = new Set([
  'PACK_LOAD',
  'BILL_OPEN',
  'SALE',
  'VOID',
  'REFUND',
  'DISCOUNT',
  'FLIGHT_CLOSE',
]);
