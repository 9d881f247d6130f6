// Which rows of a wallet's statement and which of our own books do not agree. Pure: rows and books in, differences out.
import type { DifferenceTable } from '../database/tables.ts';
import type { StatementRow } from '../wallets/wallet.ts';

export type OurCharge = {
  readonly orderNumber: string;
  readonly transactionId: string | null;
  /** What we hold as paid; null while we do not know it as paid. */
  readonly paidMinor: number | null;
};

export type OurRefund = {
  readonly orderNumber: string;
  readonly refundId: string;
  readonly amountMinor: number;
};

export type OurBooks = {
  /** Orders the statement names, by number. */
  readonly charges: ReadonlyMap<string, OurCharge>;
  /** Refunds the statement names, by the wallet's id. */
  readonly refunds: ReadonlyMap<string, OurRefund>;
  /** Paid, or given back, on the statement's day by our books, and in no statement so far. */
  readonly missing: readonly {
    readonly orderNumber: string;
    readonly transactionId: string;
    readonly minor: number;
  }[];
};

export type Difference = Pick<
  DifferenceTable,
  'kind' | 'order_number' | 'transaction_id' | 'ours_minor' | 'theirs_minor'
>;

export function findDifferences(rows: readonly StatementRow[], books: OurBooks): readonly Difference[] {
  const missing = books.missing.map(({ orderNumber, transactionId, minor }) => ({
    kind: 'missing-at-wallet' as const,
    order_number: orderNumber,
    transaction_id: transactionId,
    ours_minor: minor,
    theirs_minor: null,
  }));
  return [...rows.flatMap((row) => judgeRow(row, books) ?? []), ...missing];
}

function judgeRow(row: StatementRow, books: OurBooks): Difference | null {
  const { transactionId, orderNumber, kind, amountMinor } = row;
  const differs = (what: Difference['kind'], oursMinor: number | null): Difference => ({
    kind: what,
    order_number: orderNumber,
    transaction_id: transactionId,
    ours_minor: oursMinor,
    theirs_minor: amountMinor,
  });
  if (kind === 'refund') {
    const refund = books.refunds.get(transactionId);
    if (refund === undefined) return differs('unknown-to-us', null);
    return refund.amountMinor === amountMinor ? null : differs('amount', refund.amountMinor);
  }
  if (orderNumber === null) return differs('no-order-number', null);
  const charge = books.charges.get(orderNumber);
  if (charge === undefined) return differs('unknown-to-us', null);
  // A second deduction for one order is somebody else's number: it is never taken for the first.
  const isSame = charge.transactionId === null || charge.transactionId === transactionId;
  if (!isSame) return differs('unknown-to-us', charge.paidMinor);
  return charge.paidMinor === amountMinor ? null : differs('amount', charge.paidMinor ?? 0);
}
