// The events of a journal (journal.md 5.1). Field names are on the wire and in signed batches: they are a promise.
import * as v from 'valibot';

const minor = v.pipe(v.number(), v.safeInteger());
const seq = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(10_000));
const text = (most: number) => v.pipe(v.string(), v.maxLength(most));
const cti = v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/));
const currency = v.pipe(v.string(), v.regex(/^[A-Z]{3}$/));
const billId = v.pipe(v.string(), v.regex(/^[A-Z0-9-]{2,20}\.\d{1,6}\.\d{1,12}$/));

/** One position of a sale: `p` unit price in minor units, `tax` in hundredths of a percent, `n` the wallet's text. */
const saleLine = v.object({ sku: text(40), q: count, p: minor, tax: minor, n: text(60) });
/** A discount of a sale: `amt` is positive and taken off. */
const saleDiscount = v.object({ id: text(40), n: text(60), amt: v.pipe(minor, v.minValue(0)) });
/** Which part of a sale a correction takes back: index of the line in the sale, and how many of it. */
const correctedLine = v.object({ i: v.pipe(v.number(), v.safeInteger(), v.minValue(0)), q: count });
const tender = v.picklist(['wallet', 'cash', 'elsewhere']);
const perTypeTotal = v.object({ n: v.pipe(minor, v.minValue(0)), amt: minor });

export const legTotalsSchema = v.object({
  leg: text(40),
  ccy: currency,
  sales: perTypeTotal,
  voids: perTypeTotal,
  refunds: perTypeTotal,
  discounts: perTypeTotal,
  net: minor,
  credentials: v.pipe(minor, v.minValue(0)),
});

/** Totals of one leg in one currency; `net` = sales + voids + refunds + discounts (settlement.md 6.1). */
export type LegTotals = v.InferOutput<typeof legTotalsSchema>;

export const VOID_REASONS = ['mistake', 'changed-mind', 'not-available', 'wrong-passenger'] as const;

const correction = {
  bill: billId,
  cti,
  ref: seq,
  lines: v.array(correctedLine),
  tot: v.pipe(minor, v.maxValue(0)),
  ccy: currency,
  reason: text(60),
  tender,
};

/** The body (`b`) of each event type (`ty`). */
export const eventBodySchemas = {
  JOURNAL_OPEN: v.object({ cert: text(4000), appVer: text(40) }),
  PACK_LOAD: v.object({
    packId: text(80),
    leg: text(40),
    n: seq,
    trustVer: minor,
    denyVer: minor,
    hash: text(64),
    std: minor,
    sta: minor,
  }),
  DUTY_ON: v.object({ role: text(20) }),
  DUTY_OFF: v.object({}),
  CLOCK_JUMP: v.object({ byMs: minor }),
  CRED_SEEN: v.union([
    v.object({
      qr: text(1024),
      cti,
      mode: v.picklist(['static', 'dynamic', 'confirmed']),
      /** Epoch seconds of the holder's proof; absent for a static code. */
      ts: v.optional(minor),
      /** The error code of a refusal; absent when the code was accepted. */
      code: v.optional(text(20)),
    }),
    v.object({ len: minor, hash: text(64), code: text(20) }),
  ]),
  LOOKUP: v.object({
    cti,
    seat: text(4),
    how: v.picklist(['seat', 'name', 'boarding-pass', 'static-check']),
    who: text(20),
  }),
  BILL_OPEN: v.object({
    cti,
    wallet: minor,
    seat: text(4),
    name: text(20),
    tier: minor,
    auth: seq,
    order: text(32),
    ccy: currency,
  }),
  SALE: v.object({
    bill: billId,
    cti,
    auth: seq,
    basket: text(40),
    lines: v.array(saleLine),
    disc: v.array(saleDiscount),
    tot: v.pipe(minor, v.minValue(0)),
    ccy: currency,
    tender,
  }),
  VOID: v.object(correction),
  REFUND: v.object(correction),
  DISCOUNT: v.object(correction),
  DELIVERED: v.object({ bill: billId, ref: seq }),
  BILL_CLOSE: v.object({ bill: billId, tot: minor, ccy: currency }),
  RECEIPT: v.object({ bill: billId, seq, copy: v.boolean() }),
  FLIGHT_CLOSE: v.object({
    totals: v.array(legTotalsSchema),
    counts: v.record(text(20), minor),
    unused: v.array(text(20)),
  }),
  EXPORT: v.object({ batchId: text(40), from: seq, to: seq, sink: text(80) }),
  /** A result file was taken: how far ground holds this journal, and the base64url SHA-256 of what is signed. */
  RESULT: v.object({ batchId: text(40), ackSeq: v.pipe(minor, v.minValue(0)), hash: text(64) }),
  FAULT: v.object({ code: text(40), bytes: v.optional(minor), detail: v.optional(text(200)) }),
} as const;

export type EventType = keyof typeof eventBodySchemas;
export type EventBody<T extends EventType = EventType> = v.InferOutput<(typeof eventBodySchemas)[T]>;

const envelopeEntries = {
  v: v.literal(1),
  dev: v.pipe(v.string(), v.regex(/^[A-Z0-9-]{2,20}$/)),
  ep: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  seq,
  prev: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/)),
  t: minor,
  mt: minor,
  boot: text(20),
  leg: text(40),
  crew: text(20),
  tr: v.optional(v.literal(true)),
};

export type Envelope = {
  readonly v: 1;
  readonly dev: string;
  readonly ep: number;
  readonly seq: number;
  /** base64url SHA-256 of the previous line's ASCII bytes. */
  readonly prev: string;
  /** Wall clock, epoch ms. */
  readonly t: number;
  /** Monotonic ms since `boot`. */
  readonly mt: number;
  readonly boot: string;
  readonly leg: string;
  readonly crew: string;
  /** Practice: counts nowhere. */
  readonly tr?: true | undefined;
};

export type JournalEvent<T extends EventType = EventType> = {
  [K in T]: Envelope & { readonly ty: K; readonly b: EventBody<K> };
}[T];

export const envelopeSchema = v.looseObject({ ...envelopeEntries, ty: v.string(), b: v.unknown() });

export function isEventType(ty: string): ty is EventType {
  return Object.hasOwn(eventBodySchemas, ty);
}
