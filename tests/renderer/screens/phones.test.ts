// @vitest-environment happy-dom
// First of all: Dexie looks for IndexedDB while it is loaded.
import 'fake-indexeddb/auto';
import { screen, waitFor } from '@testing-library/vue';
import { describe, expect, it } from 'vitest';
import { addCopyFrame, copyContent, readCopyFrame } from '../../../domain/handheld/copy-code.ts';
import type { CopyProgress } from '../../../domain/handheld/copy-code.ts';
import { readChallengeCode } from '../../../domain/handheld/challenge-code.ts';
import { composeOrderCode } from '../../../domain/handheld/order-code.ts';
import { ordinaryPassenger, showCode } from '../../support/demo-passengers.ts';
import { paperPassenger, RICE, scan, sell, tap, WATER, withPassenger } from '../support/crew-hands.ts';
import { openTestWindow, type TestWindow } from '../support/open-screen.ts';

const ORDER = composeOrderCode([
  { sku: RICE, q: 1 },
  { sku: WATER, q: 2 },
]);

function answer(window: TestWindow, change: number): string {
  const asked = readChallengeCode(screen.getByTestId('asking').dataset['code'] ?? '');
  if (!asked.ok) throw new Error(asked.error);
  window.main.clock.nowMs += 1000;
  const binding = { ...asked.value, amountMinor: asked.value.amountMinor + change };
  const passenger = ordinaryPassenger(window.main.people);
  return showCode(passenger, Math.floor(window.main.clock.nowMs / 1000), binding);
}

describe("a passenger's order from the phone", () => {
  it('fills the basket of whoever is scanned next', async () => {
    const window = await openTestWindow();
    window.show();
    await scan(window, ORDER);
    expect(screen.getByTestId(`basket-line-${WATER}`).textContent).toContain('2 ×');
    expect(screen.getByTestId('order-note').textContent).toContain('3 件');
    await scan(window, window.codeOf(ordinaryPassenger(window.main.people)));
    await screen.findByTestId('passenger-card');
    await tap('confirm');
    expect(await screen.findByTestId('confirmed')).toBeTruthy();
  });

  it('is put on top of what is in the basket of the passenger in front', async () => {
    const { window } = await withPassenger();
    await tap(`item-${RICE}`);
    await scan(window, ORDER);
    await screen.findByTestId('order-note');
    expect(screen.getByTestId(`basket-line-${RICE}`).textContent).toContain('2 ×');
    expect(screen.getByTestId('passenger-card')).toBeTruthy();
  });

  it('is taken once, however often it is held up', async () => {
    const { window } = await withPassenger();
    await scan(window, ORDER);
    await screen.findByTestId('order-note');
    await scan(window, `${ORDER.slice(0, 4)}nothing of ours`);
    await tap('scan-again');
    await scan(window, ORDER);
    await screen.findByText(/没有再加/);
    expect(screen.getByTestId(`basket-line-${WATER}`).textContent).toContain('2 ×');
  });

  it('names what this flight does not sell', async () => {
    const { window } = await withPassenger();
    await scan(
      window,
      composeOrderCode([
        { sku: 'XX-404', q: 1 },
        { sku: RICE, q: 1 },
      ]),
    );
    expect((await screen.findByTestId('order-unknown')).textContent).toContain('XX-404');
    expect(screen.getByTestId(`basket-line-${RICE}`)).toBeTruthy();
  });

  it('of which nothing is sold here is refused in words and leaves the basket alone', async () => {
    const { window } = await withPassenger();
    await tap(`item-${RICE}`);
    await scan(window, composeOrderCode([{ sku: 'XX-404', q: 1 }]));
    expect((await screen.findByTestId('refusal')).dataset['kind']).toBe('order-not-sold');
    await tap('back-to-basket');
    expect(screen.getByTestId(`basket-line-${RICE}`).textContent).toContain('1 ×');
  });
});

describe('an amount confirmed on the phone', () => {
  async function asking(): Promise<TestWindow> {
    const { window } = await withPassenger();
    await tap(`item-${RICE}`);
    await tap('ask-on-phone');
    expect((await screen.findByTestId('asked-amount')).textContent).toBe('￥48.00');
    return window;
  }

  it('is charged as soon as the answer is scanned', async () => {
    const window = await asking();
    await scan(window, answer(window, 0));
    expect((await screen.findByTestId('confirmed')).textContent).toContain('￥48.00');
    expect(window.main.events().filter(({ ty }) => ty === 'SALE')).toHaveLength(1);
  });

  it('is not charged on an answer for another amount, and can be answered again', async () => {
    const window = await asking();
    await scan(window, answer(window, -100));
    expect((await screen.findByTestId('refusal')).dataset['kind']).toBe('code-proof');
    await tap('scan-again');
    await scan(window, answer(window, 0));
    expect(await screen.findByTestId('confirmed')).toBeTruthy();
  });

  it('waits when the phone shows its ordinary code instead', async () => {
    const window = await asking();
    await scan(window, window.codeOf(ordinaryPassenger(window.main.people)));
    expect(await screen.findByTestId('ask-plain')).toBeTruthy();
    expect(window.main.events().some(({ ty }) => ty === 'SALE')).toBe(false);
  });

  it('is no longer asked for once the basket changes', async () => {
    const window = await asking();
    const late = answer(window, 0);
    await tap(`item-${WATER}`);
    expect(screen.queryByTestId('asking')).toBeNull();
    await waitFor(() => {
      expect(window.calls).toContain('closeChallenge');
    });
    await scan(window, late);
    expect((await screen.findByTestId('refusal')).dataset['kind']).toBe('code-proof');
  });

  it('can be given up: the basket stays', async () => {
    await asking();
    await tap('stop-asking');
    expect(screen.getByTestId(`basket-line-${RICE}`)).toBeTruthy();
  });

  it('is not offered to someone without a phone', async () => {
    const window = await openTestWindow();
    window.show();
    await scan(window, paperPassenger(window).staticCode);
    await tap('seat-matches');
    await screen.findByTestId('confirm');
    expect(screen.queryByTestId('ask-on-phone')).toBeNull();
  });

  it('is not offered where it would not help either', async () => {
    await withPassenger();
    for (let i = 0; i < 20; i++) await tap(`item-${RICE}`);
    await tap('confirm');
    expect((await screen.findByTestId('refusal')).dataset['kind']).toMatch(/^over-/);
    expect(screen.queryByTestId('ask-confirmation')).toBeNull();
  });
});

describe("the passenger's own copy", () => {
  /** What a phone has read once it needs no further frame. */
  async function readFrames(): Promise<CopyProgress> {
    let seen: CopyProgress | null = null;
    return await waitFor(() => {
      const frame = readCopyFrame(screen.getByTestId('copy-code').dataset['frame'] ?? '');
      if (!frame.ok) throw new Error(frame.error);
      seen = addCopyFrame(seen, frame.value);
      expect(copyContent(seen)).not.toBeNull();
      return seen;
    });
  }

  it('is shown frame after frame until a phone has all of it', async () => {
    await withPassenger();
    await sell(RICE, WATER);
    await tap('copy-for-passenger');
    await screen.findByTestId('copy-code');
    expect(copyContent(await readFrames())?.deflatedLine.length).toBeGreaterThan(100);
  });

  it('never delays the next sale: an item takes it away', async () => {
    await withPassenger();
    await sell(RICE);
    await tap('copy-for-passenger');
    await screen.findByTestId('copy-code');
    await tap(`item-${WATER}`);
    expect(screen.queryByTestId('copy-code')).toBeNull();
    expect(screen.getByTestId(`basket-line-${WATER}`)).toBeTruthy();
  });

  it('never delays the next passenger: a scan takes it away', async () => {
    const { window } = await withPassenger();
    await sell(RICE);
    await tap('copy-for-passenger');
    await screen.findByTestId('copy-code');
    await scan(window, window.codeOf(ordinaryPassenger(window.main.people, 1)));
    expect(await screen.findByTestId('passenger-card')).toBeTruthy();
    expect(screen.queryByTestId('copy-code')).toBeNull();
  });

  it('can be had later from the bill, of a void as well', async () => {
    await withPassenger();
    const seq = await sell(RICE);
    await tap('undo-sale');
    await tap('void-reason-mistake');
    await screen.findByTestId('confirmed-void');
    await tap('nav-bills');
    await tap(/^bill-T/);
    await tap(`copy-${seq.toString()}`);
    const first = (await screen.findByTestId('copy-code')).dataset['frame'];
    await tap(new RegExp(`^copy-of-(?!${seq.toString()}$)`));
    await waitFor(() => {
      const now = readCopyFrame(screen.getByTestId('copy-code').dataset['frame'] ?? '');
      const before = readCopyFrame(first ?? '');
      expect(now.ok && before.ok && now.value.id.join()).not.toBe(before.ok && before.value.id.join());
    });
    await tap('close-copy');
    expect(screen.queryByTestId('copy-code')).toBeNull();
  });
});
