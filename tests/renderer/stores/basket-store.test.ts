// @vitest-environment happy-dom
// First of all: Dexie looks for IndexedDB while it is loaded.
import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { listDrafts } from '../../../renderer/ledger/basket-drafts.ts';
import { useBasketStore } from '../../../renderer/stores/basket-store.ts';
import { useSessionStore } from '../../../renderer/stores/session-store.ts';
import { createPinia, setActivePinia } from 'pinia';
import { cardFor } from '../support/ledger-scene.ts';
import { openTestWindow } from '../support/open-screen.ts';

const ANNA = cardFor('T-0001.1.10', { seat: '12C', tier: 0 });
const BEN = cardFor('T-0001.1.20', { seat: '7C', tier: 1 });

async function openBasket(): Promise<ReturnType<typeof useBasketStore>> {
  await openTestWindow();
  return useBasketStore();
}

/** Another page over the same ledger: what a restart finds. */
async function restarted(): Promise<ReturnType<typeof useBasketStore>> {
  const { opened } = useSessionStore();
  setActivePinia(createPinia());
  if (opened === null) throw new Error('the till is not open');
  useSessionStore().begin(opened);
  const basket = useBasketStore();
  await basket.restore();
  return basket;
}

describe('a basket', () => {
  it('survives a restart at any tap, with its passenger', async () => {
    const basket = await openBasket();
    basket.serve(ANNA);
    basket.add('DR-001');
    basket.add('ML-001');
    basket.add('DR-001');
    await basket.settled();
    const again = await restarted();
    expect(again.current).toMatchObject({
      id: basket.current.id,
      card: ANNA,
      items: [
        { sku: 'DR-001', q: 2 },
        { sku: 'ML-001', q: 1 },
      ],
    });
  });

  it('is forgotten when its last item is taken out', async () => {
    const basket = await openBasket();
    basket.add('DR-001');
    basket.takeOne('DR-001');
    await basket.settled();
    const { till, flight } = useSessionStore();
    expect(await listDrafts(till.ledger, flight.legId)).toEqual([]);
  });

  it('goes to the passenger scanned after the items', async () => {
    const basket = await openBasket();
    basket.add('DR-001');
    const { id } = basket.current;
    basket.serve(ANNA);
    expect(basket.current).toMatchObject({ id, card: ANNA, items: [{ sku: 'DR-001', q: 1 }] });
  });

  it('waits while another passenger is served, and comes back with its own', async () => {
    const basket = await openBasket();
    basket.serve(ANNA);
    basket.add('DR-001');
    basket.serve(BEN);
    expect(basket.isEmpty).toBe(true);
    expect(basket.unconfirmed.map((draft) => draft.card?.seat)).toEqual(['12C']);
    basket.serve(ANNA);
    expect(basket.current.items).toEqual([{ sku: 'DR-001', q: 1 }]);
    expect(basket.waiting).toEqual([]);
  });

  it('is never charged to somebody else: items of one passenger do not move to the next', async () => {
    const basket = await openBasket();
    basket.serve(ANNA);
    basket.add('DR-001');
    basket.serve(BEN);
    basket.add('ML-001');
    expect(basket.current).toMatchObject({ card: BEN, items: [{ sku: 'ML-001', q: 1 }] });
  });

  it('joins the basket the passenger already had', async () => {
    const basket = await openBasket();
    basket.serve(ANNA);
    basket.add('DR-001');
    basket.stepBack();
    basket.add('DR-001');
    basket.add('ML-001');
    basket.serve(ANNA);
    expect(basket.current.items).toEqual([
      { sku: 'DR-001', q: 2 },
      { sku: 'ML-001', q: 1 },
    ]);
    await basket.settled();
    const again = await restarted();
    expect(again.unconfirmed).toHaveLength(1);
  });

  it('holds at most 99 of an item', async () => {
    const basket = await openBasket();
    for (let i = 0; i < 120; i++) basket.add('DR-001');
    expect(basket.quantityOf('DR-001')).toBe(99);
  });

  it('does not change while it is being charged', async () => {
    const basket = await openBasket();
    basket.add('DR-001');
    basket.isLocked = true;
    basket.add('ML-001');
    basket.takeOne('DR-001');
    expect(basket.current.items).toEqual([{ sku: 'DR-001', q: 1 }]);
  });

  it('shows the price main will charge, with the member deal of the passenger’s tier', async () => {
    const basket = await openBasket();
    basket.add('ML-001');
    const grossMinor = basket.priced?.totalMinor ?? 0;
    basket.serve(BEN);
    const { flight } = useSessionStore();
    const deal = flight.promotions.find((promotion) => promotion.tiers.includes(1));
    const offMinor = Math.floor((grossMinor * (deal?.offBasisPoints ?? 0) + 5000) / 10_000);
    expect(offMinor).toBeGreaterThan(0);
    expect(basket.priced).toMatchObject({ grossMinor, totalMinor: grossMinor - offMinor });
  });

  it('of another flight is gone', async () => {
    const basket = await openBasket();
    const { till } = useSessionStore();
    const stale = { id: 'yesterday', leg: '9C1-20200101-AAA-BBB', card: ANNA, items: [], changedAtMs: 1 };
    await till.ledger.tables.baskets.put(stale);
    await basket.restore();
    expect(basket.unconfirmed).toEqual([]);
    expect(await till.ledger.tables.baskets.count()).toBe(0);
  });
});
