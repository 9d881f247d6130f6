// The one shape in which ground speaks to any wallet. Each wallet's names, limits and addresses stay in its own folder;
// `registry.ts` is the only other place that names it.
import type { Result } from '../../domain/result.ts';
import type { WalletDiscount, WalletPayment } from '../../domain/settlement/wallet-order.ts';

/** Why a wallet did not do what was asked; its own code goes along for the record, never its wording. */
export type WalletProblem = {
  readonly kind:
    /** The score gate, the wallet's risk check or too many open orders: it says no more than that. */
    | 'not-accepted'
    /** An earlier order is overdue: the passenger can pay it in the wallet and try again. */
    | 'overdue-orders'
    | 'too-many-open-orders'
    | 'youth-mode'
    /** The passenger did not permit it, or took the permission back. */
    | 'not-permitted'
    /** Asked for something the order's state does not allow; `query` tells where it stands. */
    | 'wrong-state'
    /** The same number was used with other contents. */
    | 'repeated-with-other-data'
    | 'over-cap'
    | 'deduction-running'
    /** The answer's signature does not verify: nothing in it is believed. */
    | 'bad-signature'
    /** No answer, or one of 5xx or 429: query before anything is repeated. */
    | 'no-answer'
    | 'too-fast'
    /** The wallet does not know the order. */
    | 'unknown-order'
    /** We sent something the wallet calls wrong: a bug or a changed rule; a person must look. */
    | 'rejected';
  readonly code: string;
};

/** Where an order stands at the wallet, in our words (wallets.md: judge its three fields together). */
export type WalletOrderStatus = {
  readonly state:
    | 'open'
    /** Only where the passenger still has to confirm: no order in no-confirm mode. */
    | 'unconfirmed'
    | 'collecting'
    | 'paid'
    | 'released'
    | 'expired';
  /** What it was completed with; null before. */
  readonly totalMinor: number | null;
  readonly paidMinor: number | null;
  readonly transactionId: string | null;
  /** Why collecting does not get on: the passenger must act. The wallet's code. */
  readonly mustActCode: string | null;
};

export type MandateRequest = {
  readonly orderNumber: string;
  /** The wallet's user id. */
  readonly account: string;
  /** The allowance: the most that can be charged. */
  readonly capMinor: number;
  readonly introduction: string;
  /** Start of the service, epoch ms. */
  readonly startMs: number;
  /** URL-safe text that comes back with every answer; no names, no scores. */
  readonly attach: string;
};

export type SettleRequest = {
  readonly orderNumber: string;
  readonly payments: readonly WalletPayment[];
  readonly discounts: readonly WalletDiscount[];
  readonly totalMinor: number;
  /** End of the service, epoch ms; the adapter keeps the wallet's safety margin. */
  readonly endMs: number;
};

export type WalletAnswer<T> = Promise<Result<T, WalletProblem>>;

export type StatementRow = {
  readonly transactionId: string;
  /** Ours, out of the wallet's data field; null where the row carries none. */
  readonly orderNumber: string | null;
  readonly kind: 'charge' | 'refund';
  readonly amountMinor: number;
};

/** What a callback said once its signature has verified. `id` is the wallet's own, for de-duplication. */
export type WalletNotice = {
  readonly id: string;
  readonly orderNumber: string;
  readonly status: WalletOrderStatus;
};

export type WalletAdapter = {
  readonly wallet: number;
  /** Where the passenger's browser is sent to say who they are and to permit; `state` comes back with them. */
  readonly signInAddress: (state: string, returnTo: string) => string;
  /** The wallet's user id for the one-time code that came back. */
  readonly readAccount: (code: string) => WalletAnswer<{ readonly account: string }>;
  readonly createMandate: (request: MandateRequest) => WalletAnswer<WalletOrderStatus>;
  /** Also the query before anything is repeated. */
  readonly confirmStatus: (orderNumber: string) => WalletAnswer<WalletOrderStatus>;
  /** The frozen body of a completion: kept, and sent byte for byte by every try. Never talks to the wallet. */
  readonly composeSettlement: (request: SettleRequest) => string;
  readonly settleOnce: (orderNumber: string, body: string) => WalletAnswer<WalletOrderStatus>;
  /** Downwards only, each lower than the last. */
  readonly lower: (request: SettleRequest) => WalletAnswer<WalletOrderStatus>;
  readonly cancel: (orderNumber: string, reason: string) => WalletAnswer<WalletOrderStatus>;
  /** The passenger paid in another way. */
  readonly syncPaid: (orderNumber: string, paidAtMs: number) => WalletAnswer<WalletOrderStatus>;
  readonly refund: (request: {
    readonly transactionId: string;
    readonly refundNumber: string;
    readonly refundMinor: number;
    readonly totalMinor: number;
    readonly reason: string;
  }) => WalletAnswer<{ readonly refundId: string }>;
  /** Verifies before it decrypts. `bad-signature` for anything not the wallet's. */
  readonly readNotice: (
    headers: Readonly<Record<string, string | undefined>>,
    body: string,
  ) => Promise<Result<WalletNotice, WalletProblem>>;
  /** What answers a notice that was taken. */
  readonly noticeAnswer: { readonly status: number; readonly contentType: string; readonly body: string };
  readonly fetchStatement: (day: string) => WalletAnswer<string>;
  readonly parseStatement: (text: string) => Result<readonly StatementRow[], string>;
};

/** Makes the adapter of one merchant; `config` and `secrets` are the merchant's own, in the wallet's own shape. */
export type WalletFactory = {
  readonly wallet: number;
  readonly name: { readonly zh: string; readonly en: string };
  readonly create: (merchant: {
    readonly config: unknown;
    readonly secrets: unknown;
    readonly nowMs: () => number;
    /** Where the wallet reports to. */
    readonly noticeAddress: string;
  }) => Result<WalletAdapter, string>;
};
