import { describe, expect, it } from 'vitest';
import { listPurchases } from '../../../ground/phone/copies/list-purchases.ts';
import { walletTotalMinor } from '../../../ground/phone/copies/purchase.ts';
import { clockHint, validityOf } from '../../../ground/phone/wallet-code/validity.ts';
import type { PhoneOrder } from '../../../ground/web/phone-api.ts';
import { framesOf, sellTo, showAll, signIn } from './support/phone-scene.ts';

const ORDER: PhoneOrder = {
  orderNumber: 'CP9C2611230000000000000',
  state: 'adding-up',
  totalMinor: 4800,
  paidMinor: null,
  act: null,
  sales: [],
};

describe('the list of purchases', () => {
  it('joins copies and what the airline has, one entry per sale', async () => {
    const scene = await signIn();
    await showAll(scene.phone, framesOf(sellTo(scene), scene.ground));
    await showAll(scene.phone, framesOf(sellTo(scene, { totalMinor: 1000 }), scene.ground));
    const copies = await scene.phone.copies();
    expect(walletTotalMinor(copies.map(({ purchase }) => purchase))).toBe(5800);
    const [first] = copies;
    if (first === undefined) throw new Error('a copy was kept');
    const { purchase } = first;
    const sale = {
      terminal: purchase.terminal,
      seq: purchase.seq,
      atMs: purchase.atMs,
      totalMinor: 4800,
      lines: [],
    };
    const unseen = { ...sale, seq: 99, totalMinor: 700 };
    const list = listPurchases(copies, { ...ORDER, sales: [sale, unseen] }, 'CNY');
    expect(list.map(({ isOnPhone, isAtAirline }) => [isOnPhone, isAtAirline]).sort()).toEqual(
      [
        [true, true],
        [true, false],
        [false, true],
      ].sort(),
    );
    expect(list.some(({ disagrees }) => disagrees)).toBe(false);
  });

  it('says when the airline has more than the signed copy', async () => {
    const scene = await signIn();
    await showAll(scene.phone, framesOf(sellTo(scene), scene.ground));
    const copies = await scene.phone.copies();
    const sales = copies.map(({ purchase: { terminal, seq, atMs } }) => ({
      terminal,
      seq,
      atMs,
      totalMinor: 9900,
      lines: [],
    }));
    expect(listPurchases(copies, { ...ORDER, sales }, 'CNY')).toMatchObject([{ disagrees: true }]);
  });
});

describe('when a code is good', () => {
  const flight = { stdMs: 100 * 3_600_000, staMs: 103 * 3_600_000 };

  it('is from six hours before departure to twelve after arrival', () => {
    expect(validityOf(flight, flight.stdMs - 6 * 3_600_000 - 1)).toEqual({
      kind: 'not-yet',
      fromMs: 94 * 3_600_000,
    });
    expect(validityOf(flight, flight.stdMs - 6 * 3_600_000).kind).toBe('good');
    expect(validityOf(flight, flight.staMs + 12 * 3_600_000).kind).toBe('good');
    expect(validityOf(flight, flight.staMs + 12 * 3_600_000 + 1).kind).toBe('over');
  });

  it('is spoiled by a clock that is 45 seconds off, either way', () => {
    expect(clockHint(null)).toBeNull();
    expect(clockHint(45_000)).toBeNull();
    expect(clockHint(46_000)).toEqual({ isAhead: true, seconds: '46' });
    expect(clockHint(-90_000)).toEqual({ isAhead: false, seconds: '90' });
  });
});
