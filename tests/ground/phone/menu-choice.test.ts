import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composeOrderCode, readOrderCode } from '../../../domain/handheld/order-code.ts';
import { demoCatalogue, demoPromotions } from '../../../ground/demo/demo-catalogue.ts';
import {
  canAdd,
  changeQuantity,
  countOf,
  priceChoice,
  quantityOf,
} from '../../../ground/phone/menu/choice.ts';

const PRICES = { catalogue: demoCatalogue(), promotions: demoPromotions() };
const skus = PRICES.catalogue.items.map((item) => item.sku);

describe('choosing from the menu', () => {
  it('always fits into an order code and means the same to the till', () => {
    const step = fc.record({ sku: fc.constantFrom(...skus), by: fc.constantFrom<1 | -1>(1, 1, 1, -1) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const choice = steps.reduce<ReturnType<typeof changeQuantity>>(
          (chosen, { sku, by }) => changeQuantity(chosen, sku, by),
          [],
        );
        expect(choice.length).toBeLessThanOrEqual(20);
        if (choice.length === 0) return;
        expect(readOrderCode(composeOrderCode(choice))).toEqual({ ok: true, value: choice });
        const priced = priceChoice(choice, 1, PRICES);
        const gross = choice.reduce(
          (sum, { sku, q }) =>
            sum + q * (PRICES.catalogue.items.find((item) => item.sku === sku)?.priceMinor ?? 0),
          0,
        );
        expect(priced?.grossMinor).toBe(gross);
        expect(priced?.totalMinor).toBeLessThanOrEqual(gross);
      }),
    );
  });

  it('stops at twenty kinds and says so before', () => {
    const full = skus
      .slice(0, 20)
      .reduce<ReturnType<typeof changeQuantity>>((chosen, sku) => changeQuantity(chosen, sku, 1), []);
    const [first = '', last = ''] = [skus[0], skus[20]];
    expect(canAdd(full, last)).toBe(false);
    expect(changeQuantity(full, last, 1)).toEqual(full);
    expect(quantityOf(changeQuantity(full, first, 1), first)).toBe(2);
    expect(countOf(full)).toBe(20);
  });

  it('lets go of what the flight no longer sells', () => {
    expect(priceChoice([{ sku: 'GONE-1', q: 1 }], 0, PRICES)).toBeNull();
    expect(
      priceChoice(
        [
          { sku: 'GONE-1', q: 1 },
          { sku: 'ML-001', q: 1 },
        ],
        0,
        PRICES,
      )?.totalMinor,
    ).toBe(4800);
  });
});
