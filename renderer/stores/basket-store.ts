// Baskets not confirmed yet: the one in front of the crew, and those of other passengers that still wait.
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { PassengerCard } from '../../domain/bill/passenger-card.ts';
import { priceBasket, type BasketItem, type PricedBasket } from '../../domain/basket/price-basket.ts';
import { SALE } from '../../domain/limits.ts';
import { dropDraft, keepDraft, listDrafts, type BasketDraft } from '../ledger/basket-drafts.ts';
import { useSessionStore } from './session-store.ts';

export const useBasketStore = defineStore('basket', () => {
  const session = useSessionStore();
  const { ledger } = session.till;
  const leg = session.flight.legId;

  function emptyDraft(card: PassengerCard | null): BasketDraft {
    return { id: crypto.randomUUID(), leg, card, items: [], changedAtMs: 0 };
  }

  const current = shallowRef<BasketDraft>(emptyDraft(null));
  const waiting = shallowRef<readonly BasketDraft[]>([]);
  /** A sale is being recorded: what it is made of must not change under it. */
  const isLocked = shallowRef(false);
  /** Writes happen one after the other, so that the last tap is also the last on the disk. */
  let written: Promise<unknown> = Promise.resolve();

  function afterOthers(write: () => Promise<void>): void {
    written = written.then(write).catch((error: unknown) => {
      console.error('a basket could not be kept', error);
    });
  }

  function keep(draft: BasketDraft): void {
    current.value = { ...draft, changedAtMs: Date.now() };
    const kept = current.value;
    afterOthers(() => keepDraft(ledger, kept));
  }

  /** Brings back what was open before a restart: the basket touched last is in front again. */
  async function restore(): Promise<void> {
    afterOthers(async () => {
      const [last, ...others] = await listDrafts(ledger, leg);
      if (last === undefined) return;
      if (isEmpty.value && current.value.card === null) {
        current.value = last;
        waiting.value = others;
      } else waiting.value = [last, ...others].filter((draft) => draft.id !== current.value.id);
    });
    await written;
  }

  function changeQuantity(sku: string, by: number): void {
    if (isLocked.value) return;
    const { items } = current.value;
    const known = items.find((item) => item.sku === sku);
    const q = Math.min(Math.max((known?.q ?? 0) + by, 0), SALE.maxQuantityPerItem);
    const changed: readonly BasketItem[] =
      known === undefined
        ? [...items, { sku, q }]
        : items.map((item) => (item.sku === sku ? { sku, q } : item));
    keep({ ...current.value, items: changed.filter((item) => item.q > 0) });
  }

  /**
   * The passenger in front changes. A basket without a passenger goes to the one just scanned; another passenger's
   * basket waits; the one this passenger already has comes back.
   */
  function serve(card: PassengerCard): void {
    const front = current.value;
    if (front.card?.bill === card.bill) {
      if (front.items.length > 0) keep({ ...front, card });
      else current.value = { ...front, card };
      return;
    }
    const own = waiting.value.find((draft) => draft.card?.bill === card.bill);
    const others = waiting.value.filter((draft) => draft !== own);
    if (front.card === null && front.items.length > 0) {
      waiting.value = others;
      if (own !== undefined) afterOthers(() => dropDraft(ledger, own.id));
      keep({ ...front, card, items: mergeItems(own?.items ?? [], front.items) });
      return;
    }
    waiting.value = front.items.length > 0 ? [front, ...others] : others;
    current.value = own === undefined ? emptyDraft(card) : { ...own, card };
  }

  /** Nobody is in front any more; a basket with items waits for its passenger. */
  function stepBack(): void {
    const front = current.value;
    if (front.card !== null && front.items.length > 0) waiting.value = [front, ...waiting.value];
    current.value = emptyDraft(null);
  }

  function resume(draft: BasketDraft): void {
    const front = current.value;
    const others = waiting.value.filter((other) => other.id !== draft.id);
    waiting.value = front.items.length > 0 ? [front, ...others] : others;
    current.value = draft;
  }

  /** The sale is recorded; the ledger has already let the draft go together with it. */
  function finish(): void {
    current.value = emptyDraft(null);
  }

  /** Same items under a new number: the old one has been recorded with other items. */
  function renew(): void {
    const { id } = current.value;
    afterOthers(() => dropDraft(ledger, id));
    keep({ ...current.value, id: crypto.randomUUID() });
  }

  const priced = computed<PricedBasket | null>(() => {
    const { items, card } = current.value;
    const result = priceBasket(items, card?.tier ?? 0, session.flight);
    return result.ok ? result.value : null;
  });
  const isEmpty = computed(() => current.value.items.length === 0);
  /** Every basket with items, the one in front first. */
  const unconfirmed = computed<readonly BasketDraft[]>(() =>
    isEmpty.value ? waiting.value : [current.value, ...waiting.value],
  );

  return {
    current,
    waiting,
    unconfirmed,
    priced,
    isEmpty,
    isLocked,
    restore,
    add: (sku: string) => {
      changeQuantity(sku, 1);
    },
    /** Several at once, on top of what is there. */
    addAll: (items: readonly BasketItem[]) => {
      if (!isLocked.value) keep({ ...current.value, items: mergeItems(current.value.items, items) });
    },
    takeOne: (sku: string) => {
      changeQuantity(sku, -1);
    },
    clear: () => {
      keep({ ...current.value, items: [] });
    },
    quantityOf: (sku: string) => current.value.items.find((item) => item.sku === sku)?.q ?? 0,
    serve,
    stepBack,
    resume,
    finish,
    renew,
    /** Resolves when every tap so far is on the disk. */
    settled: async () => {
      await written;
    },
  };
});

function mergeItems(a: readonly BasketItem[], b: readonly BasketItem[]): readonly BasketItem[] {
  const quantities = new Map<string, number>();
  for (const { sku, q } of [...a, ...b]) {
    quantities.set(sku, Math.min((quantities.get(sku) ?? 0) + q, SALE.maxQuantityPerItem));
  }
  return [...quantities].map(([sku, q]) => ({ sku, q }));
}
