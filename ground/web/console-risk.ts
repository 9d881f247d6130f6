// The risk pages' answers. Amounts are whole minor units.
import type { FollowUpKind } from '../database/tables.ts';

/** The risk ledger: what was lost, was at risk, or had to be decided by a person. */
export type RiskView = {
  readonly fromMs: number;
  readonly toMs: number;
  readonly days: readonly {
    readonly day: string;
    readonly billedMinor: number;
    readonly paidMinor: number;
    readonly unpaidMinor: number;
    readonly writtenOffMinor: number;
    readonly excessMinor: number;
  }[];
  /** Open follow-ups by kind. */
  readonly kinds: readonly { readonly kind: FollowUpKind; readonly n: number }[];
  readonly exposure: {
    readonly openOrders: number;
    /** Sum of the allowances of orders nothing was charged on yet. */
    readonly openCapMinor: number;
    readonly unpaidOrders: number;
    readonly unpaidMinor: number;
    readonly writtenOffOrders: number;
    readonly writtenOffMinor: number;
    readonly excessOrders: number;
    readonly excessMinor: number;
    readonly denied: number;
    readonly unsentMinor: number;
  };
  /** How old what is being collected is. */
  readonly ages: readonly {
    readonly upToDays: number | null;
    readonly n: number;
    readonly minor: number;
  }[];
};

/** How the passenger of a sale was known. */
export type SaleMode = 'static' | 'dynamic' | 'confirmed' | 'without-phone' | 'unknown';

/** One day of the risk ledger, as `risk/risk-ledger.ts` makes it. */
export type RiskDay = {
  readonly legs: readonly {
    readonly leg: string;
    readonly authorisedMinor: number;
    readonly chargedMinor: number;
    readonly overLimitCollectedMinor: number;
    readonly overLimitUncollectedMinor: number;
    readonly unpaidMinor: number;
    readonly refundedMinor: number;
    readonly disputedMinor: number;
  }[];
  readonly byMode: Readonly<Record<SaleMode, { readonly sales: number; readonly minor: number }>>;
  readonly crew: readonly {
    readonly crew: string;
    readonly sales: number;
    readonly withoutPhone: number;
    /** 0 to 1. */
    readonly share: number;
    readonly isUnusual: boolean;
  }[];
};
