// Where each bill stands on its way to the passenger's wallet, from the journal and the result files ground has signed
// (settlement.md 6.7). The same facts in any order, and more than once, give the same view.
import type { BillStatus } from './result-file.ts';

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
