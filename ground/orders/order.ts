// One passenger's order at a wallet as ground keeps it, and what can happen to it.
import type { FollowUpKind, OrderState } from '../database/tables.ts';
import type { WalletOrderStatus, WalletProblem } from '../wallets/wallet.ts';
import type { Reason } from '../web/reasons.ts';

/** Why an order waits for a person where the reason is ours; stands where a wallet's code would. */
export const OWN_REASONS = ['order-rule', 'set-aside'] as const;
/** An order written off before anything was sent has been released at the wallet. */
export const RELEASED = 'released';

export type Order = {
  readonly state: OrderState;
  /** What the journals come to, last counted. */
  readonly netMinor: number;
  /** The frozen body; null until the first sending was decided. */
  readonly sentBody: string | null;
  /** What the wallet was asked for, lowered or not; null before. */
  readonly totalMinor: number | null;
  readonly paidMinor: number | null;
  readonly transactionId: string | null;
  readonly code: string | null;
  /** Calls in a row that brought nothing. */
  readonly tries: number;
};

/** What the journals of a leg say about one passenger (`count-passenger.ts`). */
export type Counted = {
  readonly netMinor: number;
  readonly hasSales: boolean;
  /** A rule of the wallet or of arithmetic that the order breaks. */
  readonly fault: string | null;
  /** Bills that wait for a person's decision; not in `netMinor`. */
  readonly undecided: number;
};

export type OrderEvent =
  | ({
      readonly kind: 'counted';
      /** Nothing more is expected from any terminal of the leg. */
      readonly isReady: boolean;
      /** The first terminal of the leg is in. */
      readonly isClosing: boolean;
    } & Counted)
  /** The body is fixed; recorded before it is sent for the first time. */
  | {
      readonly kind: 'frozen';
      readonly body: string;
      readonly totalMinor: number;
      readonly netMinor: number;
      readonly limitMinor: number;
    }
  /** The wallet refused the first body as over its cap and took nothing: a smaller one takes its place. */
  | { readonly kind: 'reduced-to-cap'; readonly body: string; readonly totalMinor: number }
  | {
      readonly kind: 'wallet-said';
      readonly status: WalletOrderStatus;
      readonly via: 'answer' | 'query' | 'notice';
    }
  | {
      readonly kind: 'wallet-refused';
      readonly step: 'complete' | 'cancel' | 'lower' | 'query';
      readonly problem: WalletProblem;
    }
  | { readonly kind: 'written-off'; readonly why: string }
  /** A person has looked into an order that waited and sends it on its way. */
  | { readonly kind: 'sent-on'; readonly why: string }
  /** The passenger did not fly. */
  | { readonly kind: 'no-show'; readonly why: string };

export type OrderEffect =
  /** The next call to the wallet, not before this many ms from now. */
  | { readonly kind: 'wait'; readonly afterMs: number }
  | { readonly kind: 'follow-up'; readonly followUp: FollowUpKind; readonly why: Reason }
  | { readonly kind: 'resolve'; readonly followUps: readonly FollowUpKind[]; readonly resolution: Reason }
  /** The person behind the order owes: their other enrolments are denied, or no longer. */
  | { readonly kind: 'deny' }
  | { readonly kind: 'clear-denial' };

export type OrderChange = Partial<Omit<Order, 'state'>>;

export type Transition = {
  readonly to: OrderState;
  readonly cause: Reason;
  readonly change: OrderChange;
  readonly effects: readonly OrderEffect[];
};

export type OrderProblem = { readonly kind: 'not-possible'; readonly state: OrderState };

/** Where nothing goes out any more by itself. */
export function isFinal(order: Pick<Order, 'state' | 'totalMinor' | 'paidMinor' | 'netMinor'>): boolean {
  const { state, totalMinor, paidMinor } = order;
  if (state === 'LATE_EXCESS') return totalMinor === null || paidMinor !== null;
  return state === 'PAID' || state === 'CANCELLED' || state === 'WRITTEN_OFF';
}
