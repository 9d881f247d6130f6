// @vitest-environment happy-dom
// First of all: Dexie looks for IndexedDB while it is loaded.
import 'fake-indexeddb/auto';
import { fireEvent, screen, waitFor, within } from '@testing-library/vue';
import { describe, expect, it } from 'vitest';
import { RICE, sell, tap, withPassenger } from '../support/crew-hands.ts';

describe('the bills', () => {
  it('show each sale, and let it be handed over so that it cannot be voided', async () => {
    await withPassenger();
    const seq = await sell(RICE);
    await tap('nav-bills');
    await tap(/^bill-T/);
    const sale = within(await screen.findByTestId(`sale-${seq.toString()}`));
    expect(sale.getByText(/海南鸡饭/)).toBeTruthy();
    await fireEvent.click(sale.getByTestId(`hand-over-${seq.toString()}`));
    await waitFor(() => {
      expect(sale.queryByTestId(`void-sale-${seq.toString()}`)).toBeNull();
    });
  });

  it('show the slip as it is on paper', async () => {
    await withPassenger();
    const seq = await sell(RICE);
    await tap('nav-bills');
    await tap(/^bill-T/);
    await tap(`preview-${seq.toString()}`);
    const paper = await screen.findByTestId('slip-preview');
    expect(paper.textContent).toContain('海南鸡饭');
    expect(paper.querySelector('svg')).not.toBeNull();
  });

  it('refuse a copy without a printer and say where to set one', async () => {
    await withPassenger();
    const seq = await sell(RICE);
    await tap('nav-bills');
    await tap(/^bill-T/);
    await tap(`reprint-${seq.toString()}`);
    expect((await screen.findByTestId('refusal')).dataset['kind']).toBe('printer-not-set');
    await tap('to-devices');
    expect(await screen.findByTestId('save-settings')).toBeTruthy();
  });
});

describe('the gate', () => {
  it('does not close over a basket nobody has charged', async () => {
    await withPassenger();
    await tap(`item-${RICE}`);
    await tap('nav-flight');
    await tap('close-flight');
    expect((await screen.findByTestId('refusal')).dataset['kind']).toBe('basket-open');
    await tap('finish-baskets');
    expect(await screen.findByTestId(`basket-line-${RICE}`)).toBeTruthy();
  });

  it('closes, seals and exports, and gives the same batch when asked again', async () => {
    await withPassenger();
    await sell(RICE);
    await tap('nav-flight');
    await waitFor(() => {
      expect(screen.getByTestId('total-net').textContent).toBe('￥48.00');
    });
    await tap('close-flight');
    expect((await screen.findByTestId('refusal')).dataset['kind']).toBe('slips-not-printed');
    await tap('close-anyway');
    const button = await screen.findByTestId<HTMLButtonElement>('export-batch');
    await waitFor(() => {
      expect(button.disabled).toBe(false);
    });
    await tap('export-batch');
    const batch = (await screen.findByTestId('batch-id')).textContent;
    await tap('export-batch');
    await waitFor(() => {
      expect(button.disabled).toBe(false);
    });
    expect(screen.getByTestId('batch-id').textContent).toBe(batch);
    await tap('nav-sell');
    expect(await screen.findByText('本航班已关账')).toBeTruthy();
  });
});
