// The simulator must refuse what the wallet refuses, also what our adapter would never send.
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CODES } from '../../../ground/simulators/wechat/wechat-errors.ts';
import {
  callWechat,
  createWechatCaller,
  type WechatCaller,
} from '../../../ground/wallets/wechat/wechat-call.ts';
import { wechatConfigSchema, wechatSecretsSchema } from '../../../ground/wallets/wechat/wechat-settings.ts';
import { newOrderNumber, startWechatBench, valueOf, type WalletBench } from '../wallets/wallet-bench.ts';

type Json = Record<string, unknown>;
const ORDERS = '/v3/payscore/serviceorder';

describe('the simulator of WeChat Pay Score', () => {
  let bench: WalletBench;
  let caller: WechatCaller;
  let lastPerson = 0;
  beforeAll(async () => {
    bench = await startWechatBench();
    const config = v.parse(wechatConfigSchema, bench.merchant.config);
    caller = createWechatCaller(config, v.parse(wechatSecretsSchema, bench.merchant.secrets), bench.nowMs);
  });
  afterAll(() => bench.stop());

  const post = (target: string, body: Json) =>
    callWechat(caller, { method: 'POST', target, body: JSON.stringify(body) });

  const common = () => ({ appid: caller.config.appid, service_id: caller.config.serviceId });

  function creation(more: Json = {}): Json {
    lastPerson += 1;
    return {
      ...common(),
      out_order_no: newOrderNumber(),
      service_introduction: '机上购物',
      time_range: { start_time: '20261123080000' },
      risk_fund: { name: 'ESTIMATE_ORDER_COST', amount: 30_000 },
      attach: 'leg=1',
      notify_url: bench.inbox.address,
      openid: `p-700-r${lastPerson.toString()}`,
      need_user_confirm: false,
      ...more,
    };
  }

  function completion(more: Json = {}): Json {
    return {
      ...common(),
      post_payments: [{ name: '商品信息', description: '可乐', amount: 5000, count: 1 }],
      post_discounts: [],
      total_amount: 5000,
      time_range: { end_time: '20261123115900' },
      ...more,
    };
  }

  const line = (more: Json = {}): Json => ({
    name: '商品信息',
    description: '可乐',
    amount: 0,
    count: 1,
    ...more,
  });
  const deal = (more: Json = {}): Json => ({
    name: '优惠',
    description: '优惠',
    amount: 0,
    count: 1,
    ...more,
  });
  const times = <T>(count: number, make: (index: number) => T): T[] =>
    Array.from({ length: count }, (_, index) => make(index));

  async function open(): Promise<string> {
    const body = creation();
    valueOf(await post(ORDERS, body));
    return String(body['out_order_no']);
  }

  it.each<[string, Json, string]>([
    ['a number of 33 characters', { out_order_no: 'x'.repeat(33) }, 'PARAM_ERROR'],
    ['a number with a slash', { out_order_no: 'CP/1' }, 'PARAM_ERROR'],
    ['an introduction of 21 characters', { service_introduction: '购'.repeat(21) }, 'PARAM_ERROR'],
    ['a data field over 256 once encoded', { attach: '购'.repeat(29) }, 'PARAM_ERROR'],
    ['another kind of risk', { risk_fund: { name: 'DEPOSIT', amount: 1 } }, 'PARAM_ERROR'],
    ['a risk over the cap', { risk_fund: { name: 'ESTIMATE_ORDER_COST', amount: 100_001 } }, CODES.overCap],
    ['a start that is no time', { time_range: { start_time: '2026-11-23' } }, 'PARAM_ERROR'],
    ['nobody', { openid: undefined }, 'PARAM_ERROR'],
    ['somebody of another appid', { openid: 'unknown-person' }, 'PARAM_ERROR'],
    ['another appid', { appid: 'wx1' }, CODES.otherAppid],
  ])('refuses to create with %s', async (_, more, code) => {
    expect(await post(ORDERS, creation(more))).toMatchObject({ ok: false, error: { code } });
  });

  it.each<[string, Json]>([
    ['101 lines', { post_payments: times(101, () => line({ amount: 0 })), total_amount: 0 }],
    ['no line', { post_payments: [], total_amount: 0 }],
    ['31 deals', { post_discounts: times(31, (index) => deal({ name: `优惠${index.toString()}` })) }],
    ['a name of 21 characters', { post_payments: [line({ name: '商'.repeat(21), amount: 5000 })] }],
    ['a description of 31', { post_payments: [line({ description: '可'.repeat(31), amount: 5000 })] }],
    ['a count of 101', { post_payments: [line({ count: 101, amount: 5000 })] }],
    ['a count of 0', { post_payments: [line({ count: 0, amount: 5000 })] }],
    ['half a fen', { post_payments: [line({ amount: 5000.5 })], total_amount: 5000.5 }],
    ['an amount below 0', { post_payments: [line({ amount: 6000 }), line({ amount: -1000 })] }],
    [
      'one name twice',
      { post_payments: [line({ name: '餐', amount: 2500 }), line({ name: '餐', amount: 2500 })] },
    ],
    ['one deal twice', { post_discounts: [deal(), deal()] }],
    ['a total that is not the sum', { total_amount: 4999 }],
    ['an end in the future', { time_range: { end_time: '20261123120001' } }],
    ['no end', { time_range: {} }],
  ])('refuses to complete with %s', async (_, more) => {
    const orderNumber = await open();
    expect(await post(`${ORDERS}/${orderNumber}/complete`, completion(more))).toMatchObject({
      ok: false,
      error: { code: 'PARAM_ERROR' },
    });
    expect(bench.simulator.books().orders.find((order) => order.orderNumber === orderNumber)).toMatchObject({
      completes: 0,
    });
  });

  it('takes exactly 100 lines and 30 deals', async () => {
    const orderNumber = await open();
    const body = completion({
      post_payments: times(100, (index) =>
        line({ description: `物${index.toString()}`, amount: 100, count: 100 }),
      ),
      post_discounts: times(30, (index) => deal({ name: `优惠${index.toString()}`, amount: 10 })),
      total_amount: 9700,
    });
    valueOf(await post(`${ORDERS}/${orderNumber}/complete`, body));
  });

  it('refuses an end before the start, a total over the cap, and a cancelled order', async () => {
    const first = await open();
    const early = completion({ time_range: { end_time: '20261123080000' } });
    expect(await post(`${ORDERS}/${first}/complete`, early)).toMatchObject({
      error: { code: CODES.endBeforeStart },
    });
    const dear = completion({
      post_payments: [line({ amount: 100_001 })],
      total_amount: 100_001,
    });
    expect(await post(`${ORDERS}/${first}/complete`, dear)).toMatchObject({ error: { code: CODES.overCap } });
    valueOf(await post(`${ORDERS}/${first}/cancel`, { ...common(), reason: '未消费' }));
    expect(await post(`${ORDERS}/${first}/complete`, completion())).toMatchObject({
      error: { code: CODES.notToComplete },
    });
    expect(await post(`${ORDERS}/${first}/cancel`, { ...common(), reason: '未消费' })).toMatchObject({
      error: { code: CODES.notToCancel },
    });
  });

  it('lowers only, and only what is being collected; takes note of other payments only then', async () => {
    const orderNumber = await open();
    const lowered = { ...completion(), reason: '更正', time_range: undefined };
    const paid = { ...common(), type: 'Order_Paid', detail: { paid_time: '20261123115900' } };
    expect(await post(`${ORDERS}/${orderNumber}/modify`, lowered)).toMatchObject({
      error: { code: CODES.notToChange },
    });
    expect(await post(`${ORDERS}/${orderNumber}/sync`, paid)).toMatchObject({
      error: { code: CODES.notToChange },
    });
    valueOf(await post(`${ORDERS}/${orderNumber}/complete`, completion()));
    expect(await post(`${ORDERS}/${orderNumber}/modify`, lowered)).toMatchObject({
      error: { code: 'PARAM_ERROR' },
    });
    const future = { ...paid, detail: { paid_time: '20261123130000' } };
    expect(await post(`${ORDERS}/${orderNumber}/sync`, future)).toMatchObject({
      error: { code: 'PARAM_ERROR' },
    });
    expect(valueOf(await post(`${ORDERS}/${orderNumber}/sync`, paid))).toMatchObject({
      state: 'DONE',
      collection: { state: 'USER_PAID', details: [{ paid_type: 'MCH' }] },
    });
  });

  it('gives a token for the permission page', async () => {
    const body = { ...common(), authorization_code: newOrderNumber() };
    expect(valueOf(await post('/v3/payscore/permissions', body))).toHaveProperty('apply_permissions_token');
  });

  it('shows no score in an answer, a notice or the books', async () => {
    const orderNumber = await open();
    const shown = JSON.stringify([
      valueOf(await post(`${ORDERS}/${orderNumber}/complete`, completion())),
      bench.inbox.raw,
    ]);
    expect(shown).not.toMatch(/"score"|\bscore["=:]/i);
    const books = await (await fetch(`${bench.simulator.address}/simulator/books`)).text();
    expect(books).not.toMatch(/"score"/i);
  });
});
