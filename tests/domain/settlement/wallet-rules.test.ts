import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evolveBill, type Bill } from '../../../domain/bill/bill.ts';
import type { EventBody, JournalEvent } from '../../../domain/journal/event.ts';
import {
  composeWalletOrder,
  orderSalesOf,
  type OrderSale,
  type WalletOrder,
} from '../../../domain/settlement/wallet-order.ts';
import { findSaleRuleFault, findWalletRuleFaults } from '../../../domain/settlement/wallet-rules.ts';

const ORDER = 'CP9C261123aaaaaaaaaaaaa';
type Line = OrderSale['lines'][number];

const line = (sku: string, q: number, p: number, n = sku): Line => ({ sku, q, p, tax: 1300, n });

function sale(
  lines: readonly Line[],
  disc: OrderSale['disc'] = [],
  takenBack: OrderSale['takenBack'] = [],
): OrderSale {
  const gross = lines.reduce((sum, one) => sum + one.q * one.p, 0);
  const off = disc.reduce((sum, one) => sum + one.amt, 0);
  return { lines: [...lines], disc: [...disc], totalMinor: gross - off, takenBack };
}

const rulesOf = (order: WalletOrder): string[] => findWalletRuleFaults(order).map(({ rule }) => rule);

describe('the order at the wallet', () => {
  it('merges equal items and equal deals over all sales', () => {
    const deal = { id: 'friend-5', n: '好友会员95折', amt: 100 };
    const order = composeWalletOrder(ORDER, [
      sale([line('BEER', 2, 2500), line('WATER', 1, 800)], [deal]),
      sale([line('BEER', 1, 2500)], [deal]),
    ]);
    expect(order).toEqual({
      orderNumber: ORDER,
      payments: [
        { name: '商品信息', description: 'BEER', count: 3, amountMinor: 7500 },
        { name: '商品信息', description: 'WATER', count: 1, amountMinor: 800 },
      ],
      discounts: [{ name: '好友会员95折', description: '好友会员95折', count: 1, amountMinor: 200 }],
      totalMinor: 8100,
    });
    expect(rulesOf(order)).toEqual([]);
  });

  it('keeps an item sold at two prices apart', () => {
    const order = composeWalletOrder(ORDER, [sale([line('BEER', 1, 2500)]), sale([line('BEER', 1, 2000)])]);
    expect(order.payments.map(({ amountMinor }) => amountMinor)).toEqual([2500, 2000]);
  });

  it('splits what is more than a hundred of one item', () => {
    const order = composeWalletOrder(
      ORDER,
      [99, 99, 99].map((q) => sale([line('NUT', q, 10)])),
    );
    expect(order.payments.map(({ count }) => count)).toEqual([100, 100, 97]);
    expect(rulesOf(order)).toEqual([]);
  });

  it('leaves out what was wholly taken back', () => {
    const lines = [line('BEER', 2, 2500)];
    const back = [{ lines: [{ i: 0, q: 2 }], amountMinor: 5000 }];
    const order = composeWalletOrder(ORDER, [sale(lines, [], back), sale([line('WATER', 1, 800)])]);
    expect(order.payments.map(({ description }) => description)).toEqual(['WATER']);
    expect(order.totalMinor).toBe(800);
  });

  it('reduces what was partly taken back, and its deal with it', () => {
    const deal = [{ id: 'ten', n: '九折', amt: 500 }];
    const back = [{ lines: [{ i: 0, q: 1 }], amountMinor: 2250 }];
    const order = composeWalletOrder(ORDER, [sale([line('BEER', 2, 2500)], deal, back)]);
    expect(order).toMatchObject({
      payments: [{ count: 1, amountMinor: 2500 }],
      discounts: [{ name: '九折', amountMinor: 250 }],
      totalMinor: 2250,
    });
  });

  it('sends a later price reduction as a deal of its own', () => {
    const back = [{ lines: [], amountMinor: 300 }];
    const order = composeWalletOrder(ORDER, [sale([line('BEER', 1, 2500)], [], back)]);
    expect(order.discounts).toEqual([
      { name: '机上优惠', description: '机上优惠', count: 1, amountMinor: 300 },
    ]);
    expect(rulesOf(order)).toEqual([]);
  });

  it('shows a gift as an item and the deal that pays for it', () => {
    const order = composeWalletOrder(ORDER, [
      sale([line('TEA', 1, 1500)], [{ id: 'comp', n: '赔礼', amt: 1500 }]),
    ]);
    expect(order).toMatchObject({
      payments: [{ amountMinor: 1500 }],
      discounts: [{ amountMinor: 1500 }],
      totalMinor: 0,
    });
    expect(rulesOf(order)).toEqual([]);
  });
});

const GOOD: WalletOrder = {
  orderNumber: ORDER,
  payments: [{ name: '商品信息', description: '矿泉水', count: 2, amountMinor: 1600 }],
  discounts: [{ name: '九折', description: '九折', count: 1, amountMinor: 160 }],
  totalMinor: 1440,
};
const [PAYMENT] = GOOD.payments;
const [DISCOUNT] = GOOD.discounts;
if (PAYMENT === undefined || DISCOUNT === undefined) throw new Error('the good order has both');

const many = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));
const chars = (count: number): string => '字'.repeat(count);
const HOUR = 3_600_000;

describe('the wallet’s rules', () => {
  it.each<[string, Partial<WalletOrder>]>([
    ['order-number', { orderNumber: '' }],
    ['order-number', { orderNumber: 'C'.repeat(33) }],
    ['order-number', { orderNumber: 'CP 1' }],
    [
      'too-many-payments',
      { payments: many(101, () => ({ ...PAYMENT, amountMinor: 0 })), discounts: [], totalMinor: 0 },
    ],
    [
      'too-many-discounts',
      {
        discounts: many(31, (i) => ({ ...DISCOUNT, name: `d${i.toString()}`, amountMinor: 0 })),
        totalMinor: 1600,
      },
    ],
    ['payment-name', { payments: many(2, () => ({ ...PAYMENT, name: '水', amountMinor: 800 })) }],
    ['payment-name', { payments: [{ ...PAYMENT, name: chars(21) }] }],
    ['payment-description', { payments: [{ ...PAYMENT, description: chars(31) }] }],
    ['payment-description', { payments: [{ ...PAYMENT, description: '' }] }],
    ['payment-count', { payments: [{ ...PAYMENT, count: 0 }] }],
    ['payment-count', { payments: [{ ...PAYMENT, count: 101 }] }],
    ['payment-count', { payments: [{ ...PAYMENT, count: 1.5 }] }],
    ['payment-amount', { payments: [{ ...PAYMENT, amountMinor: -1 }], discounts: [], totalMinor: -1 }],
    ['payment-amount', { payments: [{ ...PAYMENT, amountMinor: 0.5 }], discounts: [], totalMinor: 0.5 }],
    ['discount-name', { discounts: many(2, () => ({ ...DISCOUNT, amountMinor: 80 })) }],
    ['discount-name', { discounts: [{ ...DISCOUNT, name: chars(21) }] }],
    ['discount-name', { discounts: [{ ...DISCOUNT, name: '' }] }],
    ['discount-description', { discounts: [{ ...DISCOUNT, description: chars(31) }] }],
    ['total', { totalMinor: 1441 }],
    ['total', { discounts: [{ ...DISCOUNT, amountMinor: 1700 }], totalMinor: -100 }],
    ['attach', { attach: chars(29) }],
    ['attach', { attach: '\ud800' }],
    ['time-range', { time: { startMs: HOUR, endMs: HOUR, callMs: 2 * HOUR } }],
    ['time-range', { time: { startMs: 0, endMs: 2 * HOUR, callMs: HOUR } }],
  ])('find %s in %j', (rule, change) => {
    expect(rulesOf({ ...GOOD, ...change })).toContain(rule);
  });

  it('find nothing at their edges', () => {
    const edge: WalletOrder = {
      orderNumber: 'Az09_-|*'.repeat(4),
      payments: many(100, () => ({ ...PAYMENT, description: chars(30), count: 100, amountMinor: 10 })),
      discounts: many(30, (i) => ({
        name: `${chars(18)}${i.toString().padStart(2, '0')}`,
        description: chars(30),
        count: 1,
        amountMinor: 1,
      })),
      totalMinor: 970,
      attach: `${chars(28)}1234`,
      time: { startMs: 0, endMs: HOUR, callMs: HOUR },
    };
    expect(findWalletRuleFaults(edge)).toEqual([]);
  });

  it('count characters, not UTF-16 units', () => {
    expect(rulesOf({ ...GOOD, payments: [{ ...PAYMENT, description: '🍺'.repeat(30) }] })).toEqual([]);
  });
});

const lineArb = fc
  .record({ sku: fc.constantFrom('A', 'B', 'C', 'D'), q: fc.integer({ min: 1, max: 99 }), p: fc.nat(20_000) })
  .map(({ sku, q, p }) => line(sku, q, p));

/** A sale with deals up to its gross, and corrections as a till may make them: each piece at a price it had. */
const saleArb = fc
  .record({
    lines: fc.array(lineArb, { minLength: 1, maxLength: 6 }),
    deals: fc.array(fc.record({ n: fc.constantFrom('九折', '买二送一', '赔礼'), part: fc.nat(100) }), {
      maxLength: 3,
    }),
    voids: fc.array(fc.record({ i: fc.nat(5), part: fc.nat(100), discounted: fc.boolean() }), {
      maxLength: 4,
    }),
    isWhollyVoid: fc.boolean(),
  })
  .map(({ lines, deals, voids, isWhollyVoid }) => {
    const gross = lines.reduce((sum, one) => sum + one.q * one.p, 0);
    const disc = deals.map(({ n, part }, i) => ({
      id: `d${i.toString()}`,
      n,
      amt: Math.floor((gross * part) / 100 / (deals.length + 1)),
    }));
    const sold = sale(lines, disc);
    if (isWhollyVoid) {
      const all = lines.map((one, i) => ({ i, q: one.q }));
      return { ...sold, takenBack: [{ lines: all, amountMinor: sold.totalMinor }] };
    }
    return { ...sold, takenBack: takePieces(sold, gross, voids) };
  });

function takePieces(
  sold: OrderSale,
  gross: number,
  voids: readonly { i: number; part: number; discounted: boolean }[],
): OrderSale['takenBack'] {
  const left = sold.lines.map((one) => one.q);
  let restMinor = sold.totalMinor;
  return voids.flatMap(({ i, part, discounted }) => {
    const one = sold.lines[i];
    const q = Math.floor(((left[i] ?? 0) * part) / 100);
    if (one === undefined || q === 0) return [];
    left[i] = (left[i] ?? 0) - q;
    const full = q * one.p;
    const paid = gross === 0 ? 0 : Math.ceil((full * sold.totalMinor) / gross);
    const amountMinor = Math.min(restMinor, discounted ? paid : full);
    restMinor -= amountMinor;
    return [{ lines: [{ i, q }], amountMinor }];
  });
}

describe('any sequence of sales and voids', () => {
  it('comes to payments less discounts, exactly, and to what the journal says', () => {
    fc.assert(
      fc.property(fc.array(saleArb, { maxLength: 12 }), (sales) => {
        const order = composeWalletOrder(ORDER, sales);
        const owed = sales.reduce(
          (sum, one) =>
            sum + one.totalMinor - one.takenBack.reduce((back, taken) => back + taken.amountMinor, 0),
          0,
        );
        expect(order.totalMinor).toBe(owed);
        expect(rulesOf(order)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});

const envelope = {
  v: 1,
  dev: 'T-0001',
  ep: 1,
  prev: 'x'.repeat(43),
  mt: 1,
  boot: 'b',
  leg: 'L',
  crew: 'C',
} as const;
const event = (seq: number, ty: string, b: object): JournalEvent =>
  ({ ...envelope, seq, t: seq, ty, b }) as unknown as JournalEvent;

function saleEventBody(lines: readonly Line[], change: Partial<EventBody<'SALE'>> = {}): EventBody<'SALE'> {
  const { disc, totalMinor } = sale(lines);
  const common = { bill: 'T-0001.1.1', cti: '0'.repeat(16), auth: 1, ccy: 'CNY', tender: 'wallet' as const };
  return { ...common, basket: 'b', lines: [...lines], disc, tot: totalMinor, ...change };
}

describe('a sale about to be recorded', () => {
  const open = event(1, 'BILL_OPEN', {
    cti: '0'.repeat(16),
    wallet: 1,
    seat: '12C',
    name: '',
    tier: 0,
    auth: 1,
    order: ORDER,
    ccy: 'CNY',
  });
  const billWith = (...events: readonly JournalEvent[]): Bill => {
    const bill = [open, ...events].reduce<Bill | null>(evolveBill, null);
    if (bill === null) throw new Error('the bill was opened');
    return bill;
  };
  const full = many(99, (i) => line(`S${i.toString()}`, 1, 100 + i));

  it('is refused when the whole order would have too many payments', () => {
    const bill = billWith(event(2, 'SALE', saleEventBody(full)));
    expect(findSaleRuleFault(bill, saleEventBody([line('X', 1, 1)]))).toBeNull();
    expect(findSaleRuleFault(bill, saleEventBody([line('X', 1, 1), line('Y', 1, 1)]))).toBe(
      'too-many-payments',
    );
  });

  it('does not count what was taken back, nor what was paid in cash', () => {
    const voided = billWith(
      event(2, 'SALE', saleEventBody(full)),
      event(3, 'VOID', {
        bill: 'T-0001.1.1',
        ref: 2,
        tot: -saleEventBody(full).tot,
        lines: [],
        tender: 'wallet',
      }),
      event(4, 'SALE', saleEventBody(full, { tender: 'cash' })),
    );
    expect(findSaleRuleFault(voided, saleEventBody(full))).toBeNull();
    expect(
      findSaleRuleFault(
        billWith(),
        saleEventBody(
          many(200, (i) => line(`C${i.toString()}`, 1, 1)),
          { tender: 'cash' },
        ),
      ),
    ).toBeNull();
  });
});

describe('the sales of a journal', () => {
  it('come with their corrections; cash and practice do not come at all', () => {
    const beer = saleEventBody([line('BEER', 2, 2500)]);
    const practice = { ...event(5, 'SALE', beer), tr: true as const };
    const sales = orderSalesOf([
      event(2, 'SALE', beer),
      event(3, 'VOID', { ref: 2, lines: [{ i: 0, q: 1 }], tot: -2500, tender: 'wallet' }),
      event(4, 'SALE', { ...beer, tender: 'cash' }),
      practice,
      event(6, 'DISCOUNT', { ref: 2, lines: [{ i: 0, q: 1 }], tot: -100, tender: 'wallet' }),
    ]);
    expect(sales.map(({ takenBack }) => takenBack)).toEqual([
      [
        { lines: [{ i: 0, q: 1 }], amountMinor: 2500 },
        { lines: [], amountMinor: 100 },
      ],
    ]);
  });
});
