import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MemberRow, OrderDetail, OrderRow, TerminalRow } from '../../../ground/web/console-rows.ts';
import type { Page } from '../../../ground/web/console-api.ts';
import { addUser, openConsoleBench, sampleAsks, signedIn, type ConsoleBench } from './console-bench.ts';

let bench: ConsoleBench;
let cookie = '';

beforeAll(async () => {
  bench = await openConsoleBench();
  cookie = await signedIn(bench.app, await addUser(bench.ground, 'administrator', '9C'));
});

afterAll(() => bench.close());

async function ordersFound(find: string): Promise<readonly OrderRow[]> {
  return (await bench.ask(cookie, 'orders', { find })).json<Page<OrderRow>>().rows;
}

describe('a list', () => {
  it('brings every row once, page after page', async () => {
    const seen: string[] = [];
    let after: string | null = '';
    for (let pages = 0; after !== null && pages < 20; pages += 1) {
      const page: Page<OrderRow> = (await bench.ask(cookie, 'orders', after === '' ? {} : { after })).json();
      seen.push(...page.rows.map(({ orderNumber }) => orderNumber));
      after = page.next;
    }
    const { n } = await bench.ground.db
      .selectFrom('wallet_order')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .where('airline', '=', '9C')
      .executeTakeFirstOrThrow();
    expect(new Set(seen).size).toBe(n);
    expect(seen).toHaveLength(n);
  });

  it.each([
    'x',
    'bm90IGpzb24',
    Buffer.from('["a"]').toString('base64url'),
    Buffer.from('["a","b"]').toString('base64url'),
  ])('refuses a page mark that is none: %s', async (after) => {
    expect((await bench.ask(cookie, 'orders', { after })).statusCode).toBe(400);
  });

  it('refuses a filter it does not have', async () => {
    expect((await bench.ask(cookie, 'orders', { seat: '1A' })).statusCode).toBe(400);
    expect((await bench.ask(cookie, 'orders', { state: 'NONSENSE' })).statusCode).toBe(400);
  });

  it('comes as CSV in the language asked for, with all its rows', async () => {
    const answer = await bench.app.inject({
      url: '/console/api/orders.csv?airline=9C&lang=zh',
      headers: { host: 'ground.test', cookie },
    });
    const lines = answer.body.split('\r\n');
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(answer.body.startsWith('\uFEFF订单,航班,座位')).toBe(true);
    expect(lines).toHaveLength(6 * 6 + 2);
  });
});

describe('a list of reasons', () => {
  it('comes as CSV in Chinese where ground wrote them, and as it is where only the verification can say it', async () => {
    const answer = await bench.app.inject({
      url: '/console/api/follow-ups.csv?airline=9C&lang=zh',
      headers: { host: 'ground.test', cookie },
    });
    expect(answer.body).toContain('比已发给钱包的订单 ￥128.00 多出 ￥63.00');
    expect(answer.body).toContain('FORK: seq 412: does not follow the line before it');
    expect(answer.body).not.toContain('the wallet');
  });
});

describe('a search', () => {
  it('finds an order by its number in any case, by its beginning, by code, seat and transaction', async () => {
    const [paid] = (await bench.ask(cookie, 'orders', { state: 'PAID' })).json<Page<OrderRow>>().rows;
    if (paid === undefined) throw new Error('no paid order');
    const { orderNumber, cti, seat, transactionId } = paid;
    for (const text of [
      orderNumber,
      orderNumber.toUpperCase(),
      orderNumber.toLowerCase(),
      orderNumber.slice(0, 15),
      cti,
      seat,
      transactionId ?? '',
    ])
      expect((await ordersFound(text)).map((row) => row.orderNumber)).toContain(orderNumber);
  });

  it.each(['%', '_', "'; drop table flight; --", '\\', 'CP%'])(
    'takes %j as nothing but text',
    async (text) => {
      expect(await ordersFound(text)).toEqual([]);
    },
  );
});

describe('an order', () => {
  it('shows what was bought, every step with its cause, and where it stands', async () => {
    const [paid] = (await bench.ask(cookie, 'orders', { state: 'PAID' })).json<Page<OrderRow>>().rows;
    const detail = (await bench.ask(cookie, 'order', { orderNumber: paid?.orderNumber })).json<OrderDetail>();
    const bought = detail.events.flatMap(({ lines }) => lines);
    expect(bought.reduce((sum, { quantity, priceMinor }) => sum + quantity * priceMinor, 0)).toBe(
      paid?.totalMinor,
    );
    expect(detail.transitions.map(({ to }) => to)).toEqual([
      'ENROLLED',
      'OPEN',
      'AGGREGATING',
      'READY',
      'COMPLETE_SENT',
      'USER_PAYING',
      'PAID',
    ]);
  });
});

describe('a change', () => {
  it('stands in the audit trail with who, what, why and what came of it', async () => {
    const asks = await sampleAsks(bench.ground, '9C');
    await bench.ask(cookie, 'resolve-difference', asks['resolve-difference']);
    await bench.ask(cookie, 'write-off', { orderNumber: 'CP9C261122aaaaaaaaaaaaa', reason: 'a mistake' });
    const rows = (await bench.ask(cookie, 'audit')).json<
      Page<{ who: string; what: string; detail: unknown }>
    >().rows;
    expect(rows.slice(0, 2)).toMatchObject([
      { who: 'administrator.9c', what: 'write-off', detail: { reason: 'a mistake', outcome: 'not-found' } },
      { who: 'administrator.9c', what: 'resolve-difference', detail: { reason: 'a test asked for it' } },
    ]);
  });

  it('needs a reason', async () => {
    const asks = await sampleAsks(bench.ground, '9C');
    const answer = await bench.ask(cookie, 'resolve-follow-up', {
      ...asks['resolve-follow-up'],
      reason: ' ',
    });
    expect([answer.statusCode, answer.json()]).toEqual([
      400,
      { problem: { kind: 'bad-request', why: 'reason' } },
    ]);
  });

  it('that lifts a quarantine lets the terminal deliver again, once', async () => {
    const ask = { dev: 'T-9C-0034', ep: 1, reason: 'the copy was a repair' };
    const first = await bench.ask(cookie, 'lift-quarantine', ask);
    const again = await bench.ask(cookie, 'lift-quarantine', ask);
    expect([first.statusCode, again.statusCode, again.json()]).toEqual([
      200,
      409,
      { problem: { kind: 'not-possible', why: 'not in quarantine' } },
    ]);
    const { rows } = (await bench.ask(cookie, 'fleet', { find: ask.dev })).json<Page<TerminalRow>>();
    expect(rows).toMatchObject([{ dev: ask.dev, quarantinedAtMs: null, quarantineWhy: null }]);
  });

  it("of a member's tier keeps the label, and there is none for a stranger", async () => {
    const [member] = (await bench.ask(cookie, 'members')).json<Page<MemberRow>>().rows;
    const { wallet = 1, accountHash = '', label = '' } = member ?? {};
    expect((await bench.ask(cookie, 'set-tier', { wallet, accountHash, tier: 9 })).statusCode).toBe(200);
    const { rows } = (await bench.ask(cookie, 'members')).json<Page<MemberRow>>();
    expect(rows.find((row) => row.accountHash === accountHash)).toMatchObject({ label, tier: 9 });
    const stranger = { wallet, accountHash: 'nobody-is-called-this', tier: 2 };
    expect((await bench.ask(cookie, 'set-tier', stranger)).statusCode).toBe(404);
  });
});
