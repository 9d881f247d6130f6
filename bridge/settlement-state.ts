// What main tells the window about the way of the money: where ground is, and where each batch and bill stands.
import type { SettlementView } from '../domain/settlement/settlement-view.ts';

/** Why ground could not be asked; it is tried again by itself. */
export type ReachProblem =
  /** No network, no name, nobody answers there. */
  | 'no-network'
  /** Somebody answers who is not ground: another authority has signed their certificate. */
  | 'wrong-certificate'
  /** Ground's clock and this terminal's differ by more than ten minutes. */
  | 'clock-differs'
  | 'too-many-requests'
  /** Ground is there and cannot work now. */
  | 'out-of-order'
  /** The line broke, or nothing came for a while. */
  | 'cut-off'
  /** An answer that is none of ground's. */
  | 'strange-answer'
  /** The batch arrived damaged and is sent again. */
  | 'damaged-on-the-way';

/** Why this terminal no longer tries by itself: a person has to look into it. */
export type StopProblem =
  | 'batch-forged'
  | 'batch-totals'
  | 'batch-fork'
  | 'batch-damaged'
  | 'batch-gap'
  | 'batch-too-large'
  | 'device-unknown'
  | 'token-refused'
  | 'result-forged'
  | 'result-beyond-head'
  | 'batch-not-readable'
  | 'result-not-kept';

export type GroundState =
  /** No address known: batches leave by stick only. */
  | { readonly kind: 'none' }
  /** Nothing to send and nothing to wait for. */
  | { readonly kind: 'up-to-date' }
  | { readonly kind: 'sending'; readonly sentBytes: number; readonly totalBytes: number }
  /** Everything is with ground, which collects; `nextTryAtMs`: when it is asked again, epoch ms. */
  | { readonly kind: 'waiting'; readonly nextTryAtMs: number | null }
  | { readonly kind: 'unreachable'; readonly why: ReachProblem; readonly nextTryAtMs: number | null }
  | { readonly kind: 'stopped'; readonly why: StopProblem };

export type SettlementState = SettlementView & { readonly ground: GroundState };
