import { computed, type ComputedRef } from 'vue';
import type { BasketItem, PricedBasket } from '../../../domain/basket/price-basket.ts';
import type { AppliedDiscount } from '../../../domain/promotion/promotion.ts';
import { changeQuantity, countOf, priceChoice, quantityOf } from '../menu/choice.ts';
import { usePhone } from '../stores/phone-store.ts';
import { usePreferences } from '../stores/preferences.ts';
import { useFlight } from './use-flight.ts';

/** The passenger's choice for a flight; it survives a closed page. */
export function useChoice(): {
  readonly choice: ComputedRef<readonly BasketItem[]>;
  readonly priced: ComputedRef<PricedBasket | null>;
  readonly count: ComputedRef<number>;
  readonly quantity: (sku: string) => number;
  readonly change: (sku: string, by: 1 | -1) => Promise<void>;
  readonly clear: () => Promise<void>;
  /** In the passenger's language; the wallet has one name only. */
  readonly dealName: (discount: AppliedDiscount) => string;
} {
  const store = usePhone();
  const preferences = usePreferences();
  const { id, flight, enrolled } = useFlight();
  const choice = computed(() => flight.value?.choice ?? []);
  return {
    choice,
    priced: computed(() => {
      const passenger = enrolled.value;
      return passenger === null ? null : priceChoice(choice.value, passenger.tier, passenger.flight);
    }),
    count: computed(() => countOf(choice.value)),
    quantity: (sku) => quantityOf(choice.value, sku),
    change: async (sku, by) => {
      await store.phone().change(id, (kept) => ({ ...kept, choice: changeQuantity(kept.choice, sku, by) }));
      await store.reload();
    },
    clear: async () => {
      await store.phone().change(id, (kept) => ({ ...kept, choice: [] }));
      await store.reload();
    },
    dealName: ({ id: dealId, n }) => {
      const deal = enrolled.value?.flight.promotions.find((promotion) => promotion.id === dealId);
      return deal === undefined ? n : preferences.pick(deal);
    },
  };
}
