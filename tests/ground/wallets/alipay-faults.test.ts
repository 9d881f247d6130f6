import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SUB_CODES } from '../../../ground/simulators/alipay/alipay-errors.ts';
import { makeRsaPair } from '../../../ground/simulators/made-merchant.ts';
import { problemOf } from '../../../ground/wallets/alipay/alipay-problems.ts';
import { findRawNode } from '../../../ground/wallets/alipay/alipay-signing.ts';
import { judgeAlipayOrder, type Trade } from '../../../ground/wallets/alipay/judge-alipay-order.ts';
import { mandateFor, settlementFor, startAlipayBench, valueOf, type WalletBench } from './wallet-bench.ts';

describe('Alipay pay-after-use when things go wrong', () => {
  let bench: WalletBench;
  let lastPerson = 0;
  beforeAll(async () => {
    bench = await startAlipayBench();
  });
  beforeEach(() => {
    bench.inbox.raw.length = 0;
  });
  afterAll(() => bench.stop());

  async function openOrder(): Promise<string> {
    lastPerson += 1;
    const request = mandateFor(`p-700-a${lastPerson.toString()}`);
    valueOf(await bench.adapter.createMandate(request));
    return request.orderNumber;
  }
  async function settle(orderNumber: string) {
    return bench.adapter.settleOnce(orderNumber, bench.adapter.composeSettlement(settlementFor(orderNumber)));
  }
  async function payOne(): Promise<string> {
    const orderNumber = await openOrder();
    valueOf(await settle(orderNumber));
    bench.advance(2000);
    await bench.simulator.control.whenNoticesRest();
    return orderNumber;
  }

  it.each(Object.values(SUB_CODES))('passes the error %s on from a real answer', async (code) => {
    const orderNumber = await openOrder();
    bench.simulator.control.addFault({ on: 'complete', kind: 'error', code });
    expect(await settle(orderNumber)).toMatchObject({ ok: false, error: { code } });
  });

  it.each([
    ['20000', 'isp.unknow-error', 'no-answer'],
    ['20000', undefined, 'no-answer'],
    ['40004', 'ACQ.SYSTEM_ERROR', 'no-answer'],
    ['40005', 'isv.app-call-limited', 'too-fast'],
    ['40004', 'RISK_REJECT', 'not-accepted'],
    ['40004', 'SOMETHING_NEW', 'rejected'],
    ['40004', 'constructor', 'rejected'],
  ])('calls %s %s %s', (code, subCode, kind) => {
    expect(problemOf(code, subCode).kind).toBe(kind);
  });

  it('charges one order once, whatever is sent again', async () => {
    const orderNumber = await payOne();
    expect(await settle(orderNumber)).toMatchObject({ ok: false, error: { kind: 'wrong-state' } });
    const booked = bench.simulator.books().orders.find((order) => order.orderNumber === orderNumber);
    expect(booked).toMatchObject({ completes: 1, chargedMinor: 5000 });
  });

  it('takes a body for its own order only', async () => {
    const [first, second] = [await openOrder(), await openOrder()];
    const body = bench.adapter.composeSettlement(settlementFor(first));
    expect(await bench.adapter.settleOnce(second, body)).toMatchObject({ error: { code: 'rule body' } });
  });

  it('is paid and wholly given back, not released', async () => {
    const orderNumber = await payOne();
    const { transactionId } = valueOf(await bench.adapter.confirmStatus(orderNumber));
    const refund = {
      transactionId: transactionId ?? '',
      refundNumber: `R${orderNumber}`,
      refundMinor: 5000,
      totalMinor: 5000,
      reason: '退',
    };
    valueOf(await bench.adapter.refund(refund));
    valueOf(await bench.adapter.refund(refund));
    expect(valueOf(await bench.adapter.confirmStatus(orderNumber))).toMatchObject({
      state: 'paid',
      transactionId,
    });
  });

  it('believes no answer by another key, and is told when the wallet does not know ours', async () => {
    const { publicPem, privatePem } = await makeRsaPair();
    const deceived = bench.otherAdapter({}, { alipayPublicKeyPem: publicPem });
    expect(await deceived.confirmStatus('CP9C2611231')).toMatchObject({ error: { kind: 'bad-signature' } });
    const impostor = bench.otherAdapter({}, { merchantPrivateKeyPem: privatePem });
    expect(await impostor.confirmStatus('CP9C2611231')).toMatchObject({
      error: { kind: 'rejected', code: 'isv.invalid-signature' },
    });
  });

  it('opens the page of the agreement only for what the merchant signed', async () => {
    const address = new URL(bench.adapter.signInAddress('state-1', 'https://ground.example/back'));
    expect((await fetch(address)).status).toBe(200);
    const content = address.searchParams.get('biz_content') ?? '';
    address.searchParams.set('biz_content', content.replace('ground.example', 'thief.example'));
    expect((await fetch(address)).status).toBe(400);
  });

  describe('a notice', () => {
    it('altered, moved to another application, unsigned or doubled is not the wallet’s', async () => {
      await payOne();
      const body = bench.inbox.raw[0]?.body ?? '';
      const read = (text: string) => bench.adapter.readNotice({}, text);
      valueOf(await read(body));
      const bad = { ok: false, error: { kind: 'bad-signature' } };
      const changed = (name: string, value: string): string => {
        const form = new URLSearchParams(body);
        form.set(name, value);
        return form.toString();
      };
      expect(await read(changed('biz_content', '{}'))).toMatchObject(bad);
      expect(await read(changed('notify_id', 'another'))).toMatchObject(bad);
      expect(await read(changed('app_id', '2021'))).toMatchObject(bad);
      expect(await read(changed('sign', ''))).toMatchObject(bad);
      expect(await read(changed('sign_type', 'RSA'))).toMatchObject(bad);
      expect(await read(changed('more', '1'))).toMatchObject(bad);
      expect(await read(`${body}&notify_id=another`)).toMatchObject(bad);
      const stranger = bench.otherAdapter({ appId: '2021004100000009' });
      expect(await stranger.readNotice({}, body)).toMatchObject({ error: { code: 'notice merchant' } });
    });

    it('comes again until it is answered with success, under one id', async () => {
      bench.inbox.answers.push(500);
      await payOne();
      const notices = await bench.readNotices();
      expect(notices).toHaveLength(2);
      expect(new Set(notices.map((notice) => valueOf(notice).id)).size).toBe(1);
      expect(bench.adapter.noticeAnswer).toMatchObject({ body: 'success', contentType: 'text/plain' });
    });

    it.each(['bad-signature', 'altered'] as const)('that is %s is not believed', async (kind) => {
      bench.simulator.control.addFault({ on: 'notice', kind });
      await payOne();
      expect((await bench.readNotices())[0]).toMatchObject({ error: { kind: 'bad-signature' } });
    });
  });
});

describe('the characters an Alipay signature covers', () => {
  it.each([
    ['{"a_response":{"x":1},"sign":"s"}', '{"x":1}'],
    ['{"a_response":{"x":{"y":"}"}},"sign":"s"}', '{"x":{"y":"}"}}'],
    ['{"a_response":{"x":"\\"}"},"sign":"s"}', '{"x":"\\"}"}'],
    ['{"a_response": ', null],
    ['{"a_response":{"x":1', null],
    ['{}', null],
  ])('in %s', (text, node) => {
    expect(findRawNode(text, 'a_response')).toBe(node);
  });
});

describe('order and trade of Alipay, judged together', () => {
  const trade = (trade_status: string, more: Partial<Trade> = {}): Trade => ({
    out_trade_no: 'ZMCB1',
    trade_no: '2026',
    trade_status,
    total_amount: 5000,
    ...more,
  });
  const order = (order_status: string) => ({ credit_biz_order_id: 'ZMCB1', order_status });

  it.each([
    ['INIT', null, 'open'],
    ['INIT', trade('WAIT_BUYER_PAY'), 'collecting'],
    ['INIT', trade('TRADE_SUCCESS'), 'collecting'],
    ['TRADE_FINISHED', trade('TRADE_SUCCESS'), 'paid'],
    ['TRADE_FINISHED', trade('TRADE_CLOSED'), 'paid'],
    ['TRADE_FINISHED', null, 'paid'],
    ['TRADE_CLOSED', null, 'released'],
    ['TRADE_CLOSED', trade('TRADE_CLOSED'), 'released'],
    ['TRADE_CLOSED', trade('TRADE_CLOSED', { send_pay_date: '2026-11-23' }), 'paid'],
  ])('%s and %o are %s', (status, given, state) => {
    expect(judgeAlipayOrder(order(status), given)).toMatchObject({ ok: true, value: { state } });
  });

  it.each([
    ['PAUSED', null],
    ['TRADE_FINISHED', trade('WAIT_BUYER_PAY')],
    ['TRADE_CLOSED', trade('WAIT_BUYER_PAY')],
  ])('%s and %o are for a person', (status, given) => {
    expect(judgeAlipayOrder(order(status), given)).toMatchObject({ ok: false, error: { kind: 'rejected' } });
  });
});
