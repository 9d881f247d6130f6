// What the passenger is choosing from the menu; the till prices it again.
import { priceBasket, type BasketItem, type PricedBasket } from '../../../domain/basket/price-basket.ts';
import { ORDER_CODE, SALE } from '../../../domain/limits.ts';
import type { PhoneFlight } from '../../web/phone-api.ts';

export function quantityOf(choice: readonly BasketItem[], sku: string): number {
  return choice.find((item) => item.sku === sku)?.q ?? 0;
}

export function countOf(choice: readonly BasketItem[]): number {
  return choice.reduce((sum, { q }) => sum + q, 0);
}

/** Whether one more of it fits into an order code. */
export function canAdd(choice: readonly BasketItem[], sku: string): boolean {
  const q = quantityOf(choice, sku);
  return q === 0 ? choice.length < ORDER_CODE.maxLines : q < SALE.maxQuantityPerItem;
}

/** The choice with `by` more (or fewer) of an item; what does not fit changes nothing. */
export function changeQuantity(
  choice: readonly BasketItem[],
  sku: string,
  by: 1 | -1,
): readonly BasketItem[] {
  const q = quantityOf(choice, sku);
  if (by === 1 && !canAdd(choice, sku)) return choice;
  if (q === 0) return by === 1 ? [...choice, { sku, q: 1 }] : choice;
  return choice.map((item) => (item.sku === sku ? { sku, q: q + by } : item)).filter((item) => item.q > 0);
}

/** Items the flight no longer sells fall out. Null for an empty choice. */
export function priceChoice(
  choice: readonly BasketItem[],
  tier: number,
  { catalogue, promotions }: Pick<PhoneFlight, 'catalogue' | 'promotions'>,
): PricedBasket | null {
  const sold = choice.filter(({ sku }) => catalogue.items.some((item) => item.sku === sku));
  const priced = priceBasket(sold, tier, { catalogue, promotions });
  return priced.ok ? priced.value : null;
}
