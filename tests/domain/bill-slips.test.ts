import { describe, expect, it } from 'vitest';
import { evolveBill, type Bill } from '../../domain/bill/bill.ts';
import type { JournalEvent } from '../../domain/journal/event.ts';
import { lineOf, saleOf } from '../fixtures/receipts/slip-samples.ts';

const sale = saleOf({ lines: [lineOf('BEER', 1)], tot: 3500 }, 1287);

const opened: Bill = {
  bill: sale.b.bill,
  leg: sale.leg,
  cti: sale.b.cti,
  seat: '12C',
  name: '',
  wallet: 1,
  tier: 0,
  order: 'O1',
  currency: 'CNY',
  isOpen: true,
  openedSeq: 1280,
  spentMinor: 0,
  sales: [],
};

function afterSlips(...copies: readonly boolean[]): Bill | null {
  const slips = copies.map((copy, i): JournalEvent => ({
    ...sale,
    seq: 1288 + i,
    ty: 'RECEIPT',
    b: { bill: sale.b.bill, seq: 1287, copy },
  }));
  return [sale, ...slips].reduce<Bill | null>(evolveBill, opened);
}

describe('the slip of a sale', () => {
  it('has come out when it was printed', () => {
    expect(afterSlips(false)?.sales).toMatchObject([{ printed: [1287], copies: 0 }]);
  });

  it('has come out when it was cut short and only its copy came out whole', () => {
    expect(afterSlips(true)?.sales).toMatchObject([{ printed: [1287], copies: 1 }]);
  });

  it('has come out once, however many copies followed', () => {
    expect(afterSlips(false, true, true)?.sales).toMatchObject([{ printed: [1287], copies: 2 }]);
  });
});
