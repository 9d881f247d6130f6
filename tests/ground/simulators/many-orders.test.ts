import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  mandateFor,
  settlementFor,
  startAlipayBench,
  startWechatBench,
  valueOf,
  type WalletBench,
} from '../wallets/wallet-bench.ts';

const ORDERS = 300;
/** One in ten buys nothing. */
const SOLD = ORDERS - ORDERS / 10;
const AT_ONCE = 20;

describe.each([
  ['WeChat', () => startWechatBench()],
  ['Alipay', startAlipayBench],
])('hundreds of orders at %s', (_, start) => {
  let bench: WalletBench;
  beforeAll(async () => {
    bench = await start();
  });
  afterAll(() => bench.stop());

  it('are each charged once, and the books, the notices and the statement agree', async () => {
    const waiting = Array.from({ length: ORDERS }, (_unused, index) => index);
    const work = async (): Promise<void> => {
      for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
        const request = mandateFor(`p-700-m${index.toString()}`);
        valueOf(await bench.adapter.createMandate(request));
        if (index % 10 === 0) {
          valueOf(await bench.adapter.cancel(request.orderNumber, '未消费'));
          continue;
        }
        const body = bench.adapter.composeSettlement(settlementFor(request.orderNumber));
        valueOf(await bench.adapter.settleOnce(request.orderNumber, body));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    bench.advance(2000);
    await bench.simulator.control.whenNoticesRest();
    const books = bench.simulator.books();
    expect(books.orders).toHaveLength(ORDERS);
    expect(books.chargedMinor).toBe(SOLD * 5000);
    expect(books.orders.every(({ completes }) => completes <= 1)).toBe(true);
    const notices = (await bench.readNotices()).map((notice) => valueOf(notice));
    expect(new Set(notices.map(({ orderNumber }) => orderNumber)).size).toBe(SOLD);
    const rows = valueOf(
      bench.adapter.parseStatement(valueOf(await bench.adapter.fetchStatement('2026-11-23'))),
    );
    expect(rows.reduce((sum, row) => sum + row.amountMinor, 0)).toBe(books.chargedMinor);
  });
});
