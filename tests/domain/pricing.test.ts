import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { priceBasket, type BasketItem, type PriceList } from '../../domain/basket/price-basket.ts';
import type { Promotion } from '../../domain/promotion/promotion.ts';

const item = (
  sku: string,
  priceMinor: number,
  category = 'food',
): PriceList['catalogue']['items'][number] => ({
  sku,
  zh: '商品',
  en: 'Item',
  walletText: sku,
  priceMinor,
  tax: 600,
  category,
});

const ITEMS = [item('AA-1', 4800), item('AA-2', 1599), item('AA-3', 1), item('BB-1', 2500, 'alcohol')];
const five: Promotion = {
  id: 'member-5',
  kind: 'member-percent',
  zh: '好友会员95折',
  en: 'Member 5 % off',
  tiers: [1],
  offBasisPoints: 500,
  excludedCategories: ['alcohol'],
};
const prices: PriceList = {
  catalogue: {
    v: 1,
    currency: 'CNY',
    categories: [
      { id: 'food', zh: '食', en: 'Food', tint: 0 },
      { id: 'alcohol', zh: '酒', en: 'Alcohol', tint: 1 },
    ],
    items: ITEMS,
  },
  promotions: [
    five,
    { ...five, id: 'member-10', tiers: [1, 2], offBasisPoints: 1000, excludedCategories: ['food'] },
  ],
};

function price(items: readonly BasketItem[], tier = 0): { total: number; off: readonly number[] } | string {
  const priced = priceBasket(items, tier, prices);
  if (!priced.ok) return priced.error.kind;
  return { total: priced.value.totalMinor, off: priced.value.discounts.map(({ amt }) => amt) };
}

describe('pricing', () => {
  it.each([
    ['no member, no deal', [{ sku: 'AA-1', q: 1 }], 0, { total: 4800, off: [] }],
    ['a member gets five percent', [{ sku: 'AA-1', q: 1 }], 1, { total: 4560, off: [240] }],
    ['half a fen goes to the passenger', [{ sku: 'AA-2', q: 1 }], 1, { total: 1519, off: [80] }],
    ['of a fen nothing is taken', [{ sku: 'AA-3', q: 1 }], 1, { total: 1, off: [] }],
    [
      'excluded goods stay out',
      [
        { sku: 'BB-1', q: 2 },
        { sku: 'AA-1', q: 1 },
      ],
      2,
      { total: 9300, off: [500] },
    ],
    [
      'the better of two deals, never both',
      [
        { sku: 'BB-1', q: 2 },
        { sku: 'AA-1', q: 1 },
      ],
      1,
      { total: 9300, off: [500] },
    ],
    [
      'equal items are one line',
      [
        { sku: 'AA-1', q: 1 },
        { sku: 'AA-1', q: 2 },
      ],
      0,
      { total: 14_400, off: [] },
    ],
    ['an empty basket', [], 0, 'basket-empty'],
    ['an item nobody sells', [{ sku: 'XX-1', q: 1 }], 0, 'unknown-item'],
    ['half an item', [{ sku: 'AA-1', q: 0.5 }], 0, 'bad-quantity'],
    ['fewer than none', [{ sku: 'AA-1', q: -1 }], 0, 'bad-quantity'],
    [
      'more than a trolley holds',
      [
        { sku: 'AA-1', q: 60 },
        { sku: 'AA-1', q: 60 },
      ],
      0,
      'bad-quantity',
    ],
  ] as const)('%s', (_name, items, tier, expected) => {
    expect(price(items, tier)).toEqual(expected);
  });

  it('always adds up: lines less discounts is the total, in whole fen, never below zero', () => {
    const anyItem = fc.record({
      sku: fc.constantFrom(...ITEMS.map(({ sku }) => sku)),
      q: fc.integer({ min: 1, max: 20 }),
    });
    fc.assert(
      fc.property(
        fc.array(anyItem, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 0, max: 3 }),
        (items, tier) => {
          const priced = priceBasket(items, tier, prices);
          if (!priced.ok) throw new Error(priced.error.kind);
          const { lines, discounts, grossMinor, totalMinor } = priced.value;
          const gross = lines.reduce((sum, line) => sum + line.q * line.p, 0);
          const off = discounts.reduce((sum, discount) => sum + discount.amt, 0);
          expect([grossMinor, totalMinor]).toEqual([gross, gross - off]);
          expect(Number.isSafeInteger(totalMinor) && totalMinor >= 0).toBe(true);
        },
      ),
    );
  });

  it('gives no one more than the deal says', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 90 }), (q) => {
        const priced = price([{ sku: 'AA-2', q }], 1);
        if (typeof priced === 'string') throw new Error(priced);
        const exact = (q * 1599 * 5) / 100;
        expect(Math.abs((priced.off[0] ?? 0) - exact)).toBeLessThanOrEqual(0.5);
      }),
    );
  });
});
