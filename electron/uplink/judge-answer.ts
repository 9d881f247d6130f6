// What an answer of ground means for the batch that was sent, and for what the uplink does next.
import type { ReachProblem, StopProblem } from '../../bridge/settlement-state.ts';
import { UPLINK } from '../../domain/limits.ts';
import type { ResultProblem } from '../../domain/problem.ts';
import type { Result } from '../../domain/result.ts';
import type { SealedBatch } from '../../domain/till/till-state.ts';
import { stopByResult, type UplinkFacts } from './next-task.ts';
import type { TakenResult } from './take-result.ts';
import type { UploadOutcome } from './upload-batch.ts';

export type Judgement =
  /** Ground has spoken: whatever comes next can be done at once. */
  | { readonly kind: 'done' }
  | { readonly kind: 'retry'; readonly why: ReachProblem; readonly retryAfterMs: number | null }
  /** Ground had the batch damaged: it is sealed anew and sent whole. */
  | { readonly kind: 'damaged' }
  /** This batch waits for a person; others go on. */
  | { readonly kind: 'stop-batch'; readonly why: StopProblem }
  /** Nothing is sent any more until a person says so. */
  | { readonly kind: 'halt'; readonly why: StopProblem };

/** An upload that ended without a result file. */
export function judgeRefusal(outcome: Exclude<UploadOutcome, { kind: 'answered' }>): Judgement {
  if (outcome.kind === 'unreachable') {
    return { kind: 'retry', why: outcome.why, retryAfterMs: outcome.retryAfterMs };
  }
  return { kind: outcome.why === 'batch-too-large' ? 'stop-batch' : 'halt', why: outcome.why };
}

/** A result file that was not taken. */
export function judgeBadResult({ kind }: ResultProblem): Judgement {
  switch (kind) {
    case 'result-forged':
    case 'result-beyond-head':
    case 'result-not-kept':
      return { kind: 'halt', why: kind };
    default:
      return { kind: 'retry', why: 'strange-answer', retryAfterMs: null };
  }
}

/** `damaged`: how often ground has had this batch damaged before; `facts` as they are with the result taken. */
export function judgeResult(
  batch: SealedBatch,
  taken: Result<TakenResult, ResultProblem>,
  { state, results }: UplinkFacts,
  damaged: number,
): Judgement {
  if (!taken.ok) return judgeBadResult(taken.error);
  const { file } = taken.value;
  const strange: Judgement = { kind: 'retry', why: 'strange-answer', retryAfterMs: null };
  if (file.batchId !== batch.batchId) return strange;
  const isSettled = batch.to <= state.ackSeq || stopByResult(batch, results) !== null;
  if (isSettled || file.status === 'GAP') return { kind: 'done' };
  if (file.status !== 'DAMAGED') return strange;
  return damaged + 1 >= UPLINK.mostDamaged
    ? { kind: 'stop-batch', why: 'batch-damaged' }
    : { kind: 'damaged' };
}
