// What the uplink does next, from what the journal and the results say: nothing of it is remembered anywhere else, so a
// restart goes on where it was.
import type { StopProblem } from '../../bridge/settlement-state.ts';
import type { Bill } from '../../domain/bill/bill.ts';
import { RESULT_FILES } from '../../domain/limits.ts';
import type { ResultFile } from '../../domain/settlement/result-file.ts';
import {
  isSettled,
  newestResult,
  settlementView,
  type TakenResults,
} from '../../domain/settlement/settlement-view.ts';
import type { SealedBatch, TillState } from '../../domain/till/till-state.ts';

export type UplinkTask =
  | { readonly kind: 'upload'; readonly batch: SealedBatch }
  /** Ground lacks lines before this batch: the same batch with a larger overlap (settlement.md 6.2). */
  | { readonly kind: 'reseal'; readonly batch: SealedBatch; readonly from: number }
  /** Ground is collecting: its results changed after this moment, epoch ms of its clock. */
  | { readonly kind: 'poll'; readonly afterMs: number };

export type UplinkFacts = {
  readonly state: Pick<TillState, 'bills' | 'exports' | 'ackSeq'>;
  readonly results: TakenResults;
  /** Epoch ms. */
  readonly nowMs: number;
};

/** Why a batch is not sent again by itself, or null. */
export type StopOf = (batch: SealedBatch) => StopProblem | null;

const STOP_OF_STATUS: Readonly<Partial<Record<ResultFile['status'], StopProblem>>> = {
  FORGED: 'batch-forged',
  TOTALS: 'batch-totals',
  FORK: 'batch-fork',
  UNKNOWN_DEVICE: 'device-unknown',
};

/** What ground's last word on a batch stops. */
export function stopByResult(batch: SealedBatch, results: TakenResults): StopProblem | null {
  const status = newestResult(results, batch.batchId)?.status;
  if (status === undefined) return null;
  // Ground misses lines that are in the batch: sending more of the same leads nowhere.
  if ((wantedFrom(batch, results) ?? 0) >= batch.from) return 'batch-gap';
  return STOP_OF_STATUS[status] ?? null;
}

/** Batches with lines ground does not hold, oldest first. */
export function unacknowledged({ exports, ackSeq }: UplinkFacts['state']): readonly SealedBatch[] {
  return [...exports.values()].filter(({ to }) => to > ackSeq).toSorted((a, b) => a.to - b.to);
}

export function nextTask(facts: UplinkFacts, stopOf: StopOf): UplinkTask | null {
  for (const batch of unacknowledged(facts.state)) {
    if (stopOf(batch) !== null) continue;
    const from = wantedFrom(batch, facts.results);
    if (from === null || from >= batch.from) return { kind: 'upload', batch };
    const hasLarger = [...facts.state.exports.values()].some(
      (other) => other.to === batch.to && other.from <= from,
    );
    if (!hasLarger) return { kind: 'reseal', batch, from };
  }
  return nextPoll(facts);
}

/** Where ground wants the batch to begin, if its last word was that lines are missing before it. */
export function wantedFrom({ batchId }: SealedBatch, results: TakenResults): number | null {
  const newest = newestResult(results, batchId);
  return newest?.status === 'GAP' ? Math.max(1, newest.resendFrom ?? 1) : null;
}

function nextPoll({ state, results, nowMs }: UplinkFacts): UplinkTask | null {
  const { bills } = settlementView(state, results, new Set());
  const carriersOf = ({ openedSeq }: Bill): readonly SealedBatch[] =>
    [...state.exports.values()].filter(({ to }) => openedSeq <= to);
  const heardOf = (bill: Bill): number =>
    Math.max(0, ...carriersOf(bill).map(({ batchId }) => newestResult(results, batchId)?.at ?? 0));
  const open = [...state.bills.values()].filter((bill) => {
    const settlement = bills[bill.bill];
    const isWithGround =
      settlement !== undefined && settlement.status !== 'open' && settlement.status !== 'sealed';
    // Old, and nothing said of it is here: what was said has been removed (prunable-results.ts).
    const isForgotten =
      settlement?.status === 'acknowledged' && soldBefore(bill, nowMs - RESULT_FILES.keepMs);
    return isWithGround && settlement.status !== 'sent' && !isSettled(settlement) && !isForgotten;
  });
  if (open.length === 0) return null;
  // The bill heard of longest ago decides; one millisecond back, for two results may share theirs.
  return { kind: 'poll', afterMs: Math.max(0, Math.min(...open.map(heardOf)) - 1) };
}

function soldBefore({ sales }: Bill, momentMs: number): boolean {
  return sales.every(({ t }) => t < momentMs);
}
