// What each route of the console may be asked: the parts of its path, its filters or its body, in one object.
import * as v from 'valibot';
import type { RouteName } from './console-api.ts';

const minor = v.pipe(v.number(), v.safeInteger());
const id = v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number));
const text = (most: number) => v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(most));
const leg = v.pipe(v.string(), v.regex(/^[A-Z0-9]{2,3}\d{1,4}-\d{8}-[A-Z]{3}-[A-Z]{3}$/));
const dev = v.pipe(v.string(), v.regex(/^[A-Z0-9-]{2,20}$/));
const cti = v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/));
const orderNumber = v.pipe(v.string(), v.regex(/^[0-9A-Za-z_\-|*]{1,32}$/));
const epoch = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000));
const tier = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(15));
const wallet = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(255));
const day = v.pipe(v.string(), v.regex(/^\d{4}-\d{2}-\d{2}$/));
const accountHash = v.pipe(v.string(), v.regex(/^[0-9A-Za-z_-]{8,128}$/));
/** Why a person did something: stands in the audit trail, so it is asked for. */
const reason = text(400);

/** Filters come out of an address: an empty one is none. */
const filter = <Schema extends v.GenericSchema<string, unknown>>(schema: Schema) =>
  v.optional(
    v.union([
      v.pipe(
        v.literal(''),
        v.transform(() => undefined),
      ),
      schema,
    ]),
  );

/** 2000 items with all their texts. */
export const MOST_CATALOGUE_CHARS = 2_000_000;

const paging = { after: v.optional(v.pipe(v.string(), v.maxLength(400))) };
const nothing = v.strictObject({});

export const ORDER_STATES = [
  'ENROLLED',
  'OPEN',
  'AGGREGATING',
  'READY',
  'COMPLETE_SENT',
  'USER_PAYING',
  'PAID',
  'LOWERED',
  'UNPAID_RETRY',
  'WRITTEN_OFF',
  'CANCELLED',
  'LATE_EXCESS',
  'MANUAL',
] as const;
export const BATCH_STATUSES = [
  'ACCEPTED',
  'PARTIAL',
  'DUPLICATE',
  'DAMAGED',
  'GAP',
  'FORK',
  'FORGED',
  'TOTALS',
  'UNKNOWN_DEVICE',
] as const;
export const FLIGHT_STATUSES = ['planned', 'closed', 'cancelled', 'settled'] as const;
export const FOLLOW_UP_KINDS = [
  'set-aside',
  'late-events',
  'wallet-refused',
  'passenger-must-act',
  'fork',
  'forged',
  'totals',
  'duplicate-proof',
  'lost-terminal',
  'over-limit',
  'unknown-passenger',
  'head-behind-receipt',
] as const;
export const DENY_REASONS = ['lost-phone', 'unpaid', 'fraud', 'withdrawn'] as const;
export const TERMINAL_STATES = ['in-use', 'unsent', 'expiring', 'revoked', 'lost', 'quarantined'] as const;

export const signInSchema = v.strictObject({
  name: text(60),
  password: v.pipe(v.string(), v.maxLength(200)),
});

export const ASKS = {
  overview: nothing,
  flights: v.strictObject({
    ...paging,
    find: filter(text(40)),
    status: filter(v.picklist(FLIGHT_STATUSES)),
    day: filter(day),
  }),
  flight: v.strictObject({ leg }),
  'lost-report': v.strictObject({ leg, dev }),
  batches: v.strictObject({
    ...paging,
    status: filter(v.picklist(BATCH_STATUSES)),
    dev: filter(dev),
    leg: filter(leg),
  }),
  batch: v.strictObject({ id }),
  'batch-lines': v.strictObject({ ...paging, id }),
  orders: v.strictObject({
    ...paging,
    /** Order number, credential (cti), seat or the wallet's transaction id. */
    find: filter(text(64)),
    state: filter(v.picklist(ORDER_STATES)),
    leg: filter(leg),
  }),
  order: v.strictObject({ orderNumber }),
  'follow-ups': v.strictObject({
    ...paging,
    kind: filter(v.picklist(FOLLOW_UP_KINDS)),
    leg: filter(leg),
    which: filter(v.picklist(['open', 'resolved'])),
  }),
  'set-aside': v.strictObject({ ...paging, leg: filter(leg) }),
  differences: v.strictObject({
    ...paging,
    which: filter(v.picklist(['open', 'resolved'])),
    day: filter(day),
  }),
  members: v.strictObject({ ...paging, find: filter(text(60)) }),
  'deny-list': v.strictObject({
    ...paging,
    why: filter(v.picklist(DENY_REASONS)),
    find: filter(text(16)),
  }),
  risk: nothing,
  'risk-day': v.strictObject({ day }),
  fleet: v.strictObject({
    ...paging,
    state: filter(v.picklist(TERMINAL_STATES)),
    find: filter(text(20)),
  }),
  catalogue: nothing,
  audit: v.strictObject({ ...paging, who: filter(text(60)), what: filter(text(60)) }),

  'release-terminal': v.strictObject({ leg, dev, reason }),
  'declare-lost': v.strictObject({ leg, dev, reason }),
  'cancel-flight': v.strictObject({ leg, reason }),
  'release-leg': v.strictObject({ leg, reason }),
  /** The file as base64: at most 32 MiB of it. */
  'upload-batch': v.strictObject({ fileBase64: v.pipe(v.string(), v.maxLength(44_800_000), v.base64()) }),
  'write-off': v.strictObject({ orderNumber, reason }),
  refund: v.strictObject({ orderNumber, amountMinor: v.pipe(minor, v.minValue(1)), reason }),
  'send-on': v.strictObject({ orderNumber, reason }),
  'no-show': v.strictObject({ orderNumber, reason }),
  /** `paidAtMs`: when the passenger paid in another way. */
  'paid-elsewhere': v.strictObject({ orderNumber, paidAtMs: v.pipe(minor, v.minValue(1)), reason }),
  'resolve-follow-up': v.strictObject({ id, reason }),
  'decide-set-aside': v.strictObject({
    dev,
    ep: epoch,
    seq: v.pipe(minor, v.minValue(1)),
    decision: v.picklist(['accept', 'drop']),
    reason,
  }),
  'import-statement': v.strictObject({ wallet, day, text: v.pipe(v.string(), v.maxLength(20_000_000)) }),
  'fetch-statement': v.strictObject({ wallet, day }),
  'resolve-difference': v.strictObject({ id, reason }),
  'add-member': v.strictObject({ orderNumber, label: text(60), tier }),
  'set-tier': v.strictObject({ wallet, accountHash, tier }),
  'remove-member': v.strictObject({ wallet, accountHash, reason }),
  'add-deny': v.strictObject({ cti, why: v.picklist(DENY_REASONS) }),
  'remove-deny': v.strictObject({ cti, reason }),
  'revoke-terminal': v.strictObject({ dev, ep: epoch, reason }),
  'report-lost': v.strictObject({ dev, ep: epoch, reason }),
  /** `text`: the file's JSON. `fromDay`: flights of before keep what they sell. */
  'save-catalogue': v.strictObject({
    text: v.pipe(v.string(), v.maxLength(MOST_CATALOGUE_CHARS)),
    fromDay: v.optional(day),
    reason,
  }),
  'lift-quarantine': v.strictObject({ dev, ep: epoch, reason }),
} as const satisfies Readonly<Record<RouteName, v.GenericSchema>>;

/** What a page sends (before it is checked) and what a handler gets (after). */
export type AskInput<Name extends RouteName> = v.InferInput<(typeof ASKS)[Name]>;
export type Ask<Name extends RouteName> = v.InferOutput<(typeof ASKS)[Name]>;
