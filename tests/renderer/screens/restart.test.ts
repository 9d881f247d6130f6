// @vitest-environment happy-dom
// First of all: Dexie looks for IndexedDB while it is loaded.
import 'fake-indexeddb/auto';
import { screen } from '@testing-library/vue';
import { describe, expect, it } from 'vitest';
import { useBasketStore } from '../../../renderer/stores/basket-store.ts';
import { RICE, tap, withPassenger } from '../support/crew-hands.ts';
import { openTestWindow } from '../support/open-screen.ts';

describe('a restart', () => {
  it('finds the basket where it was', async () => {
    const { window } = await withPassenger();
    await tap(`item-${RICE}`);
    await useBasketStore().settled();
    const again = await openTestWindow({
      main: await window.main.reopen(),
      ledgerName: window.ledgerName,
    });
    document.body.innerHTML = '';
    again.show();
    expect(await screen.findByTestId(`basket-line-${RICE}`)).toBeTruthy();
    await tap('confirm');
    expect(await screen.findByTestId('confirmed')).toBeTruthy();
  });

  it('between journal and screen shows the sale once and its basket no more', async () => {
    const { window } = await withPassenger();
    await tap(`item-${RICE}`);
    window.loseAnswerOf('confirmSale');
    await tap('confirm');
    await screen.findByTestId('refusal');
    const again = await openTestWindow({
      main: await window.main.reopen(),
      ledgerName: window.ledgerName,
    });
    document.body.innerHTML = '';
    again.show();
    expect(await screen.findByTestId('notice-sale-before-restart')).toBeTruthy();
    expect(screen.queryByTestId(`basket-line-${RICE}`)).toBeNull();
    await tap('see-sale');
    expect(await screen.findByTestId('bill-detail')).toBeTruthy();
  });
});
