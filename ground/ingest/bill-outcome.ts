// What a result file says of a bill (settlement.md 6.7), from where its passenger's order stands.
import type { BillOutcome, BillStatus } from '../../domain/settlement/result-file.ts';
import type { OrderState } from '../database/tables.ts';

export type BillFacts = {
  readonly bill: string;
  /** What the bill comes to at the wallet. */
  readonly amountMinor: number;
  /** Verification set it aside, and what a person decided since. */
  readonly setAside: 'no' | 'undecided' | 'accepted' | 'dropped';
  /** Null: no order was ever made for this passenger. */
  readonly order: {
    readonly state: OrderState;
    readonly transactionId: string | null;
    readonly code: string | null;
  } | null;
};

const STATUS_OF: Readonly<Record<Exclude<OrderState, 'CANCELLED'>, BillStatus>> = {
  ENROLLED: 'PENDING',
  OPEN: 'PENDING',
  AGGREGATING: 'PENDING',
  READY: 'PENDING',
  COMPLETE_SENT: 'PENDING',
  USER_PAYING: 'PENDING',
  PAID: 'CHARGED',
  LOWERED: 'LOWERED',
  UNPAID_RETRY: 'FAILED',
  WRITTEN_OFF: 'FAILED',
  LATE_EXCESS: 'EXCESS',
  MANUAL: 'MANUAL',
};

const MOST_REF_CHARS = 64;
const MOST_CODE_CHARS = 40;

export function billOutcome({ bill, amountMinor, setAside, order }: BillFacts): BillOutcome {
  const ref = (order?.transactionId ?? '').slice(0, MOST_REF_CHARS);
  if (setAside === 'undecided' || order === null) {
    return { bill, status: 'MANUAL', amt: amountMinor, ref: '', code: '' };
  }
  // A person decided that it is not charged.
  if (setAside === 'dropped') return { bill, status: 'LOWERED', amt: 0, ref, code: '' };
  const status = order.state === 'CANCELLED' ? cancelled(amountMinor) : STATUS_OF[order.state];
  const code = status === 'FAILED' ? (order.code ?? '').slice(0, MOST_CODE_CHARS) : '';
  return { bill, status, amt: amountMinor, ref, code };
}

/** Nothing was bought, or all of it taken back: nothing is left to pay. Anything else under a cancelled order is odd. */
function cancelled(amountMinor: number): BillStatus {
  return amountMinor === 0 ? 'CHARGED' : 'MANUAL';
}
