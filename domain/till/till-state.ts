// Everything main knows, derived from the journal and from nothing else: replaying the same lines gives the same till.
import { billOf, evolveBill, type Bill } from '../bill/bill.ts';
import type { Credential, PresentationMode } from '../cabin-code/cabin-code.ts';
import { confirmedAmountOf, openAcceptedCredential } from '../cabin-code/open-credential.ts';
import type { EventBody, EventType, JournalEvent } from '../journal/event.ts';

/** The newest accepted showing of a passenger's code. */
export type Presence = {
  readonly credential: Credential;
  readonly mode: PresentationMode;
  /** Seq of its CRED_SEEN: what a sale rests on. */
  readonly auth: number;
  readonly atMs: number;
  readonly isSeatChecked: boolean;
  /** What an amount-confirmed code agreed to, minor units: good for one sale of exactly that amount. */
  readonly confirmedMinor: number | null;
  /** That sale has been recorded. */
  readonly isUsedUp: boolean;
};

export type SealedBatch = {
  readonly batchId: string;
  readonly leg: string;
  readonly from: number;
  readonly to: number;
  /** A copy of it left on a stick. */
  readonly isGivenAway: boolean;
};

/** What the journal says of a result file; the rest stands in the file. */
export type TakenResult = { readonly batchId: string; readonly ackSeq: number };

/** Mutable on purpose: a replay of ten thousand events must not copy its maps ten thousand times. */
export type TillState = {
  headSeq: number;
  leg: string | null;
  /** Highest pack version loaded for the leg, and the highest trust list ever. */
  packVersion: number;
  trustVersion: number;
  lastEventMs: number;
  readonly bills: Map<string, Bill>;
  /** Open bill by cti, for the present leg. */
  readonly billOfPassenger: Map<string, string>;
  readonly presenceOf: Map<string, Presence>;
  readonly lastProofAt: Map<string, number>;
  readonly saleOfBasket: Map<string, number>;
  /** Bill of each SALE and correction. */
  readonly billOfSeq: Map<number, string>;
  /** Sales and voids whose slip has not come out, oldest first. */
  readonly unprinted: Map<number, string>;
  readonly flightClosedAt: Map<string, number>;
  /** By batch id, in the order they were first written. */
  readonly exports: Map<string, SealedBatch>;
  /** By the hash of the result file. */
  readonly results: Map<string, TakenResult>;
  /** Ground holds every line up to this one. */
  ackSeq: number;
};

export function createTillState(): TillState {
  return {
    headSeq: 0,
    leg: null,
    packVersion: 0,
    trustVersion: 0,
    lastEventMs: 0,
    bills: new Map(),
    billOfPassenger: new Map(),
    presenceOf: new Map(),
    lastProofAt: new Map(),
    saleOfBasket: new Map(),
    billOfSeq: new Map(),
    unprinted: new Map(),
    flightClosedAt: new Map(),
    exports: new Map(),
    results: new Map(),
    ackSeq: 0,
  };
}

/** An event about to be recorded; the journal adds the envelope. */
export type EventDraft<T extends EventType = EventType> = {
  [K in T]: { readonly ty: K; readonly b: EventBody<K> };
}[T];

/** Applies the next event of the journal to the state. */
export function applyEvent(state: TillState, event: JournalEvent): void {
  state.headSeq = event.seq;
  state.lastEventMs = Math.max(state.lastEventMs, event.t);
  if (event.tr === true) return;
  applyToBill(state, event);
  switch (event.ty) {
    case 'PACK_LOAD':
      loadPack(state, event.b);
      break;
    case 'CRED_SEEN':
      seeCredential(state, event);
      break;
    case 'LOOKUP':
      checkSeat(state, event.b);
      break;
    case 'SALE':
      state.saleOfBasket.set(event.b.basket, event.seq);
      state.unprinted.set(event.seq, event.b.bill);
      useUp(state, event.b);
      break;
    case 'VOID':
      state.unprinted.set(event.seq, event.b.bill);
      break;
    case 'RECEIPT':
      state.unprinted.delete(event.b.seq);
      break;
    case 'FLIGHT_CLOSE':
      state.flightClosedAt.set(event.leg, event.seq);
      break;
    case 'EXPORT':
      noteExport(state, event);
      break;
    case 'RESULT':
      state.results.set(event.b.hash, event.b);
      state.ackSeq = Math.max(state.ackSeq, event.b.ackSeq);
      break;
    default:
      break;
  }
}

/** The till's own folder for batches; any other sink is a volume somebody carries away. */
export const OUTBOX_SINK = 'outbox';

function noteExport(state: TillState, { leg, b }: JournalEvent<'EXPORT'>): void {
  const { batchId, from, to, sink } = b;
  const known = state.exports.get(batchId);
  const isGivenAway = known?.isGivenAway === true || sink !== OUTBOX_SINK;
  state.exports.set(batchId, { batchId, leg: known?.leg ?? leg, from, to, isGivenAway });
}

function loadPack(state: TillState, pack: EventBody<'PACK_LOAD'>): void {
  if (state.leg !== pack.leg) {
    state.billOfPassenger.clear();
    state.presenceOf.clear();
    state.packVersion = 0;
  }
  state.leg = pack.leg;
  state.packVersion = Math.max(state.packVersion, pack.n);
  state.trustVersion = Math.max(state.trustVersion, pack.trustVer);
}

function applyToBill(state: TillState, event: JournalEvent): void {
  const id = billOf(event);
  if (id === null) return;
  const bill = evolveBill(state.bills.get(id) ?? null, event);
  if (bill === null) return;
  state.bills.set(id, bill);
  if (event.ty === 'BILL_OPEN') state.billOfPassenger.set(bill.cti, id);
  if (event.ty === 'SALE' || event.ty === 'VOID') state.billOfSeq.set(event.seq, id);
}

function seeCredential(state: TillState, event: JournalEvent<'CRED_SEEN'>): void {
  const seen = event.b;
  if (!('qr' in seen) || seen.code !== undefined) return;
  const credential = openAcceptedCredential(seen.qr);
  if (credential === null) return;
  if (seen.ts !== undefined) state.lastProofAt.set(seen.cti, seen.ts);
  const known = state.presenceOf.get(seen.cti);
  state.presenceOf.set(seen.cti, {
    credential,
    mode: seen.mode,
    auth: event.seq,
    atMs: event.t,
    isSeatChecked: known?.isSeatChecked ?? false,
    confirmedMinor: seen.mode === 'confirmed' ? confirmedAmountOf(seen.qr) : null,
    isUsedUp: false,
  });
}

function useUp(state: TillState, { cti, auth }: EventBody<'SALE'>): void {
  const presence = state.presenceOf.get(cti);
  if (presence?.mode !== 'confirmed' || presence.auth !== auth) return;
  state.presenceOf.set(cti, { ...presence, isUsedUp: true });
}

function checkSeat(state: TillState, lookup: EventBody<'LOOKUP'>): void {
  const presence = state.presenceOf.get(lookup.cti);
  if (lookup.how === 'static-check' && presence !== undefined) {
    state.presenceOf.set(lookup.cti, { ...presence, isSeatChecked: true });
  }
}
