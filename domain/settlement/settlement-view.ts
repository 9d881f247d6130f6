// Where each bill stands on its way to the passenger's wallet, from the journal and the result files ground has signed
// (settlement.md 6.7). The same facts in any order, and more than once, give the same view.
import type { Bill } from '../bill/bill.ts';
import type { SealedBatch, TillState } from '../till/till-state.ts';
import { isForward, type BillOutcome, type BillStatus, type ResultFile } from './result-file.ts';

/**
 * `open`: not in a sealed batch yet. `sealed`: in a batch that is still here only. `sent`: given away on a stick, or
 * sent and not answered yet. `acknowledged`: ground holds every line of it. The rest is what ground says of it.
 */
export const BILL_STANDINGS = [
  'open',
  'sealed',
  'sent',
  'acknowledged',
  'collecting',
  'paid',
  'lowered',
  'must-act',
  'with-ground',
] as const;

export type BillStanding = (typeof BILL_STANDINGS)[number];

export type BillSettlement = {
  readonly status: BillStanding;
  /** What the wallet is charged of this bill: ground's word once there is one. */
  readonly amountMinor: number;
  readonly currency: string;
  /** The wallet's own code where the passenger must act; empty otherwise. */
  readonly code: string;
};

export type BatchSettlement = {
  readonly batchId: string;
  readonly leg: string;
  /** Journal lines, both included. */
  readonly from: number;
  readonly to: number;
  readonly status: 'sealed' | 'sent' | 'acknowledged' | 'refused';
  /** Epoch ms of the newest word from ground, or null. */
  readonly answeredAtMs: number | null;
};

/** Sales ground has not acknowledged: how many bills they are on, and what they come to. */
export type Unsent = { readonly count: number; readonly minor: number };

export type SettlementView = {
  /** Oldest first. */
  readonly batches: readonly BatchSettlement[];
  readonly bills: Readonly<Record<string, BillSettlement>>;
  readonly unsent: Unsent;
};

const STANDING_OF: Readonly<Record<BillStatus, BillStanding>> = {
  PENDING: 'collecting',
  CHARGED: 'paid',
  LOWERED: 'lowered',
  FAILED: 'must-act',
  EXCESS: 'with-ground',
  MANUAL: 'with-ground',
};

export function standingOf(status: BillStatus): BillStanding {
  return STANDING_OF[status];
}

/** What a taken result file is known by: its hash. */
export type TakenResults = ReadonlyMap<string, ResultFile>;

/** The rest of the facts, out of the till's state. */
export type SettlementFacts = Pick<TillState, 'bills' | 'exports' | 'ackSeq'>;

/**
 * @param results contents of the taken result files, by hash; one that was lost leaves its RESULT event's `ackSeq`
 * @param arrived batches ground has every byte of, as far as this run of the program knows
 */
export function settlementView(
  { bills, exports, ackSeq }: SettlementFacts,
  results: TakenResults,
  arrived: ReadonlySet<string>,
): SettlementView {
  const outcomes = newestOutcomes(results);
  const batches = [...exports.values()];
  const settlements = [...bills.values()].map((bill): readonly [Bill, BillSettlement] => [
    bill,
    settlementOf(bill, outcomes.get(bill.bill)?.outcome ?? null, { batches, ackSeq, arrived }),
  ]);
  const waiting = settlements.filter(([bill]) => bill.sales.length > 0 && lastSeqOf(bill) > ackSeq);
  return {
    batches: batches.map((batch) => batchSettlement(batch, results, { ackSeq, arrived })),
    bills: Object.fromEntries(settlements.map(([{ bill }, settlement]) => [bill, settlement])),
    unsent: {
      count: waiting.length,
      minor: waiting.reduce((sum, [{ spentMinor }]) => sum + spentMinor, 0),
    },
  };
}

/** Nothing more is to come of the bill: it is paid, or there is nothing to pay. */
export function isSettled({ status, amountMinor }: BillSettlement): boolean {
  return status === 'paid' || (amountMinor === 0 && status !== 'open' && status !== 'sealed');
}

/** The newest result of one batch, or null. */
export function newestResult(results: TakenResults, batchId: string): ResultFile | null {
  let newest: Dated | null = null;
  for (const [hash, file] of results) {
    if (file.batchId !== batchId) continue;
    const dated = { at: file.at, hash, file };
    if (newest === null || isLater(dated, newest)) newest = dated;
  }
  return newest?.file ?? null;
}

type Dated = { readonly at: number; readonly hash: string; readonly file: ResultFile };
type DatedOutcome = { readonly at: number; readonly hash: string; readonly outcome: BillOutcome };

/** Two files of the same millisecond are told apart by their hashes: whichever comes first, the same one counts. */
function isLater(
  a: { readonly at: number; readonly hash: string },
  b: { readonly at: number; readonly hash: string },
): boolean {
  return a.at > b.at || (a.at === b.at && a.hash > b.hash);
}

/** Per bill the outcome furthest on, and of equally far ones the newest. */
function newestOutcomes(results: TakenResults): ReadonlyMap<string, DatedOutcome> {
  const outcomes = new Map<string, DatedOutcome>();
  for (const [hash, { at, bills }] of results) {
    for (const outcome of bills) {
      const dated = { at, hash, outcome };
      const known = outcomes.get(outcome.bill);
      if (known === undefined || doesReplace(dated, known)) outcomes.set(outcome.bill, dated);
    }
  }
  return outcomes;
}

function doesReplace(next: DatedOutcome, known: DatedOutcome): boolean {
  if (isForward(known.outcome.status, next.outcome.status)) return true;
  return !isForward(next.outcome.status, known.outcome.status) && isLater(next, known);
}

/** The last line that moves money on a bill. */
export function lastSeqOf(bill: Bill): number {
  return bill.sales.reduce((last, sale) => Math.max(last, sale.seq, ...sale.corrections), bill.openedSeq);
}

type Whereabouts = {
  readonly batches: readonly SealedBatch[];
  readonly ackSeq: number;
  readonly arrived: ReadonlySet<string>;
};

function settlementOf(bill: Bill, outcome: BillOutcome | null, where: Whereabouts): BillSettlement {
  const { spentMinor: amountMinor, currency } = bill;
  if (outcome === null) return { status: whereabouts(bill, where), amountMinor, currency, code: '' };
  const { status, amt, code } = outcome;
  return { status: standingOf(status), amountMinor: amt, currency, code };
}

function whereabouts(bill: Bill, { batches, ackSeq, arrived }: Whereabouts): BillStanding {
  const lastSeq = lastSeqOf(bill);
  if (lastSeq <= ackSeq) return 'acknowledged';
  const carriers = batches.filter(({ to }) => lastSeq <= to);
  if (carriers.length === 0) return 'open';
  return carriers.some((batch) => batch.isGivenAway || arrived.has(batch.batchId)) ? 'sent' : 'sealed';
}

/** What stops a batch for good: a person has to look into it. */
export const FINAL_REFUSALS: ReadonlySet<ResultFile['status']> = new Set([
  'FORGED',
  'TOTALS',
  'FORK',
  'UNKNOWN_DEVICE',
]);

function batchSettlement(
  batch: SealedBatch,
  results: TakenResults,
  { ackSeq, arrived }: Pick<Whereabouts, 'ackSeq' | 'arrived'>,
): BatchSettlement {
  const { batchId, leg, from, to } = batch;
  const newest = newestResult(results, batchId);
  const isRefused = newest !== null && FINAL_REFUSALS.has(newest.status);
  const isAway = batch.isGivenAway || arrived.has(batchId);
  const status = to <= ackSeq ? 'acknowledged' : isRefused ? 'refused' : isAway ? 'sent' : 'sealed';
  return { batchId, leg, from, to, status, answeredAtMs: newest?.at ?? null };
}
