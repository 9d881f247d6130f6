import { findItem, type Catalogue } from '../catalogue/catalogue.ts';
import { SALE } from '../limits.ts';
import type { Problem } from '../problem.ts';
import { applyPromotions, type AppliedDiscount, type Promotion } from '../promotion/promotion.ts';
import { fail, ok, type Result } from '../result.ts';

/** What the crew chose: item numbers and quantities, never a price. */
export type BasketItem = { readonly sku: string; readonly q: number };

export type PricedLine = {
  readonly sku: string;
  readonly q: number;
  /** Unit price, minor units. */
  readonly p: number;
  readonly tax: number;
  readonly n: string;
};

export type PricedBasket = {
  readonly lines: readonly PricedLine[];
  readonly discounts: readonly AppliedDiscount[];
  readonly grossMinor: number;
  readonly totalMinor: number;
  readonly currency: string;
};

export type PriceList = { readonly catalogue: Catalogue; readonly promotions: readonly Promotion[] };

/**
 * Prices a basket from the signed catalogue; main and renderer call the same function, so the total on the button is
 * the total in the journal. Equal items are merged in the order of their first appearance.
 */
export function priceBasket(
  items: readonly BasketItem[],
  tier: number,
  { catalogue, promotions }: PriceList,
): Result<PricedBasket, Problem> {
  const quantities = new Map<string, number>();
  for (const { sku, q } of items) {
    if (!Number.isSafeInteger(q) || q < 1) return fail({ kind: 'bad-quantity', sku });
    quantities.set(sku, (quantities.get(sku) ?? 0) + q);
  }
  if (quantities.size === 0) return fail({ kind: 'basket-empty' });
  if (quantities.size > SALE.maxLines) return fail({ kind: 'basket-too-long', most: SALE.maxLines });
  const lines: PricedLine[] = [];
  for (const [sku, q] of quantities) {
    const item = findItem(catalogue, sku);
    if (item === null) return fail({ kind: 'unknown-item', sku });
    if (q > SALE.maxQuantityPerItem) return fail({ kind: 'bad-quantity', sku });
    lines.push({ sku, q, p: item.priceMinor, tax: item.tax, n: item.walletText });
  }
  const discounts = applyPromotions(lines, tier, promotions, catalogue);
  const grossMinor = lines.reduce((sum, line) => sum + line.q * line.p, 0);
  const offMinor = discounts.reduce((sum, discount) => sum + discount.amt, 0);
  return ok({
    lines,
    discounts,
    grossMinor,
    totalMinor: grossMinor - offMinor,
    currency: catalogue.currency,
  });
}
