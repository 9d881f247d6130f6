// @vitest-environment happy-dom
// First of all: Dexie looks for IndexedDB while it is loaded.
import 'fake-indexeddb/auto';
import { screen, waitFor } from '@testing-library/vue';
import { describe, expect, it } from 'vitest';
import { formatMinor } from '../../../domain/currency.ts';
import { useScanStore } from '../../../renderer/stores/scan-store.ts';
import { ordinaryPassenger } from '../../support/demo-passengers.ts';
import { paperPassenger, RICE, scan, sell, tap, WATER, withPassenger } from '../support/crew-hands.ts';
import { openTestWindow } from '../support/open-screen.ts';

describe('selling', () => {
  it('takes one scan, three items and one confirmation', async () => {
    const { window, seat } = await withPassenger();
    expect(screen.getByTestId('seat').textContent).toBe(seat);
    const seq = await sell(RICE, RICE, WATER);
    const event = window.main.events().find((one) => one.seq === seq);
    expect(event).toMatchObject({
      ty: 'SALE',
      b: {
        lines: [
          { sku: RICE, q: 2 },
          { sku: WATER, q: 1 },
        ],
      },
    });
    expect(screen.getByTestId('confirmed').textContent).toContain(
      formatMinor(event?.ty === 'SALE' ? event.b.tot : -1, 'CNY'),
    );
  });

  it('says on the button whom it will charge and how much', async () => {
    const { seat } = await withPassenger();
    await tap(`item-${RICE}`);
    const total = screen.getByTestId('basket-total').textContent;
    const button = screen.getByTestId('confirm').textContent.replace(/\s+/gu, ' ').trim();
    expect(button).toBe(`${seat} 记账 ${total}`);
    await tap('language-toggle');
    expect(screen.getByTestId('confirm').textContent.replace(/\s+/gu, ' ').trim()).toBe(
      `${seat} Charge ${total}`,
    );
  });

  it('takes items first and then the scan', async () => {
    const window = await openTestWindow();
    window.show();
    await tap(`item-${RICE}`);
    expect(screen.getByTestId('ask-for-scan')).toBeTruthy();
    expect(screen.getByTestId<HTMLButtonElement>('confirm').disabled).toBe(true);
    await scan(window, window.codeOf(ordinaryPassenger(window.main.people)));
    expect(screen.getByTestId(`basket-line-${RICE}`)).toBeTruthy();
    await tap('confirm');
    expect(await screen.findByTestId('confirmed')).toBeTruthy();
  });

  it('shows the allowance left before and after the basket', async () => {
    await withPassenger();
    const before = screen.getByTestId('allowance-left').textContent;
    await tap(`item-${RICE}`);
    expect(screen.getByTestId('allowance-left').textContent).toBe(before);
    expect(screen.getByTestId('allowance-after').textContent).not.toBe(before);
  });

  it('keeps the basket when a scan is refused, and names the problem in both languages', async () => {
    const { window } = await withPassenger();
    await tap(`item-${RICE}`);
    await scan(window, '134567890123456789');
    const refusal = await screen.findByTestId('refusal');
    expect(refusal.dataset['kind']).toBe('code-is-payment-code');
    expect(refusal.textContent).toContain('付款码');
    expect(refusal.textContent).toContain('payment code');
    await tap('back-to-basket');
    expect(screen.getByTestId(`basket-line-${RICE}`)).toBeTruthy();
  });

  it('refuses what is over the allowance and leads back to the basket', async () => {
    await withPassenger();
    for (let i = 0; i < 20; i++) await tap(`item-${RICE}`);
    await tap('confirm');
    expect((await screen.findByTestId('refusal')).dataset['kind']).toMatch(/^over-/);
    await tap('back-to-basket');
    expect(screen.getByTestId(`basket-line-${RICE}`).textContent).toContain('20');
  });

  it('asks to compare a printed code with the boarding pass before the first sale', async () => {
    const window = await openTestWindow();
    window.show();
    const printed = paperPassenger(window);
    await scan(window, printed.staticCode);
    const question = (await screen.findByTestId('seat-check')).textContent;
    expect(question).toContain(printed.seat);
    expect(question).toContain(printed.seq.toString().padStart(3, '0'));
    await tap('seat-matches');
    await waitFor(() => {
      expect(screen.queryByTestId('seat-check')).toBeNull();
    });
    await sell(WATER);
  });

  it('charges nobody when the boarding pass differs', async () => {
    const window = await openTestWindow();
    window.show();
    const printed = paperPassenger(window);
    await scan(window, printed.staticCode);
    await tap('seat-differs');
    expect(screen.getByTestId('refusal').dataset['kind']).toBe('seat-differs');
    await tap('scan-again');
    expect(screen.queryByTestId('passenger-card')).toBeNull();
  });

  it('charges once when the answer is lost and the crew tries again', async () => {
    const { window } = await withPassenger();
    await tap(`item-${RICE}`);
    window.loseAnswerOf('confirmSale');
    await tap('confirm');
    expect((await screen.findByTestId('refusal')).dataset['kind']).toBe('call-failed');
    await tap('try-again');
    expect((await screen.findByTestId('confirmed')).textContent).toContain('没有重复记账');
    expect(window.main.events().filter((event) => event.ty === 'SALE')).toHaveLength(1);
  });

  it('reads the same code only once while it stays before the lens', async () => {
    const { window } = await withPassenger();
    const scans = useScanStore();
    const text = window.codeOf(ordinaryPassenger(window.main.people, 1));
    // While a check is running the camera's codes are passed over: it sees them again in the next frame.
    await waitFor(() => {
      scans.seeOnCamera([text]);
      expect(window.calls.filter((name) => name === 'scan')).toHaveLength(2);
    });
    for (let i = 0; i < 10; i++) scans.seeOnCamera([text]);
    await scans.hear(text);
    expect(window.calls.filter((name) => name === 'scan')).toHaveLength(2);
  });

  it('stays at the recorded sale when the same phone renews its code', async () => {
    const { window } = await withPassenger();
    await sell(WATER);
    await scan(window, window.codeOf(ordinaryPassenger(window.main.people)));
    expect(screen.getByTestId('confirmed')).toBeTruthy();
  });

  it('begins the next basket without a passenger: nobody is charged for the one after', async () => {
    await withPassenger();
    await sell(WATER);
    await tap(`item-${RICE}`);
    expect(screen.getByTestId('ask-for-scan')).toBeTruthy();
  });
});

describe('a mistake', () => {
  it('is voided with a reason, and the allowance comes back', async () => {
    const { window } = await withPassenger();
    const before = screen.getByTestId('allowance-left').textContent;
    const seq = await sell(RICE);
    await tap('undo-sale');
    await tap('void-reason-changed-mind');
    expect(await screen.findByTestId('confirmed-void')).toBeTruthy();
    expect(screen.getByTestId('allowance-left').textContent).toBe(before);
    expect(window.main.events().find((event) => event.ty === 'VOID')).toMatchObject({
      b: { ref: seq, reason: 'changed-mind' },
    });
  });

  it('can be left alone: keeping the sale records nothing', async () => {
    const { window } = await withPassenger();
    await sell(RICE);
    await tap('undo-sale');
    await tap('void-keep');
    expect(window.main.events().some((event) => event.ty === 'VOID')).toBe(false);
  });
});
