// The passenger's purchases from both sides: the copies on the phone and what the airline says it has.
import type { PhoneOrder } from '../../web/phone-api.ts';
import type { CopyOnPhone } from '../phone.ts';
import type { Purchase } from './purchase.ts';

export type ListedPurchase = {
  readonly key: string;
  readonly purchase: Purchase;
  readonly isOnPhone: boolean;
  readonly isAtAirline: boolean;
  /** The airline has another amount for it than the signed copy. */
  readonly disagrees: boolean;
  /** The airline did not take the copy. */
  readonly isDisputed: boolean;
};

/** Oldest first. `currency` is the flight's: the airline's list carries none. */
export function listPurchases(
  copies: readonly CopyOnPhone[],
  order: PhoneOrder | null,
  currency: string,
): readonly ListedPurchase[] {
  const sales = new Map<string, PhoneOrder['sales'][number]>(
    (order?.sales ?? []).map((sale) => [`${sale.terminal}.${sale.seq.toString()}`, sale] as const),
  );
  const mine = copies.map(({ purchase, sent }): ListedPurchase => {
    const key = `${purchase.terminal}.${purchase.seq.toString()}`;
    const sale = sales.get(key);
    sales.delete(key);
    return {
      key,
      purchase,
      isOnPhone: true,
      isAtAirline: sale !== undefined || sent === 'kept',
      // A sale taken back in part stands there with what is left of it.
      disagrees: sale !== undefined && sale.totalMinor > purchase.totalMinor,
      isDisputed: sent === 'not-genuine' || sent === 'not-yours',
    };
  });
  const theirs = [...sales].map(([key, sale]): ListedPurchase => ({
    key,
    purchase: {
      kind: sale.totalMinor < 0 ? 'refund' : 'sale',
      terminal: sale.terminal,
      ep: 0,
      seq: sale.seq,
      atMs: sale.atMs,
      totalMinor: sale.totalMinor,
      currency,
      isByWallet: true,
      lines: sale.lines.map(({ name, q, amountMinor }) => ({ sku: '', q, name, amountMinor })),
      discounts: [],
      ofSeq: null,
    },
    isOnPhone: false,
    isAtAirline: true,
    disagrees: false,
    isDisputed: false,
  }));
  return [...mine, ...theirs].sort((a, b) => a.purchase.atMs - b.purchase.atMs);
}
