import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CODES } from '../../../ground/simulators/wechat/wechat-errors.ts';
import { makeRsaPair } from '../../../ground/simulators/made-merchant.ts';
import { mandateFor, settlementFor, startWechatBench, valueOf, type WalletBench } from './wallet-bench.ts';

describe('WeChat Pay Score when things go wrong', () => {
  let bench: WalletBench;
  let lastPerson = 0;
  beforeAll(async () => {
    bench = await startWechatBench();
  });
  afterAll(() => bench.stop());

  async function openOrder(words = ''): Promise<string> {
    lastPerson += 1;
    const request = mandateFor(`p-700-w${lastPerson.toString()}${words}`);
    valueOf(await bench.adapter.createMandate(request));
    return request.orderNumber;
  }
  async function settle(orderNumber: string) {
    return bench.adapter.settleOnce(orderNumber, bench.adapter.composeSettlement(settlementFor(orderNumber)));
  }

  it.each(Object.values(CODES))('passes the error %s on from a real answer', async (code) => {
    const orderNumber = await openOrder();
    bench.simulator.control.addFault({ on: 'complete', kind: 'error', code });
    const answer = await settle(orderNumber);
    expect(answer).toMatchObject({ ok: false, error: { code } });
    await bench.adapter.cancel(orderNumber, '未消费');
  });

  it('understands the same errors behind words', async () => {
    const wordy = await startWechatBench({ errorStyle: 'word' });
    expect(await wordy.adapter.createMandate(mandateFor('p-540-w'))).toEqual({
      ok: false,
      error: { kind: 'not-accepted', code: CODES.notAccepted },
    });
    await wordy.stop();
  });

  it('treats an order that stays unconfirmed as one that was never created', async () => {
    bench.simulator.control.addFault({ on: 'create', kind: 'unconfirmed' });
    expect(await bench.adapter.createMandate(mandateFor('p-700-unconfirmed'))).toEqual({
      ok: false,
      error: { kind: 'not-accepted', code: 'CREATED' },
    });
  });

  it('waits for the passenger where each order is confirmed, and hears of it', async () => {
    const ordinary = bench.otherAdapter({ needUserConfirm: true });
    const request = mandateFor('p-700-confirming');
    expect(valueOf(await ordinary.createMandate(request))).toMatchObject({ state: 'unconfirmed' });
    expect(bench.simulator.control.confirm(request.orderNumber)).toBe(true);
    await bench.simulator.control.whenNoticesRest();
    const notice = (await bench.readNotices()).find(
      (read) => read.ok && read.value.orderNumber === request.orderNumber,
    );
    expect(notice).toMatchObject({ value: { status: { state: 'open' } } });
    const left = mandateFor('p-700-confirming');
    valueOf(await ordinary.createMandate(left));
    bench.advance(31 * 86_400_000);
    expect(valueOf(await ordinary.confirmStatus(left.orderNumber))).toMatchObject({ state: 'expired' });
  });

  it('never completes twice: the second is refused and the books show one', async () => {
    const orderNumber = await openOrder();
    valueOf(await settle(orderNumber));
    expect(await settle(orderNumber)).toMatchObject({ ok: false, error: { kind: 'wrong-state' } });
    const booked = bench.simulator.books().orders.find((order) => order.orderNumber === orderNumber);
    expect(booked).toMatchObject({ completes: 1, completeCalls: 2 });
  });

  it('keeps the end of the service before the call, however late it landed', async () => {
    const orderNumber = await openOrder();
    const request = settlementFor(orderNumber, { endMs: bench.nowMs() + 3_600_000 });
    const body = bench.adapter.composeSettlement(request);
    expect(valueOf(await bench.adapter.settleOnce(orderNumber, body))).toMatchObject({ state: 'collecting' });
  });

  it('is told when the end is not after the start', async () => {
    const request = mandateFor('p-700-early', { startMs: bench.nowMs() + 3_600_000 });
    valueOf(await bench.adapter.createMandate(request));
    expect(await settle(request.orderNumber)).toMatchObject({
      ok: false,
      error: { kind: 'rejected', code: CODES.endBeforeStart },
    });
  });

  it('uses one appid from beginning to end', async () => {
    const orderNumber = await openOrder();
    const other = bench.otherAdapter({ appid: 'wxother' });
    expect(await other.cancel(orderNumber, 'x')).toMatchObject({
      ok: false,
      error: { kind: 'rejected', code: CODES.otherAppid },
    });
  });

  it('hears that calls on one order came too fast where the wallet minds', async () => {
    const strict = await startWechatBench({ leastGapMs: 1000 });
    const request = mandateFor('p-700-fast');
    valueOf(await strict.adapter.createMandate(request));
    const body = strict.adapter.composeSettlement(settlementFor(request.orderNumber));
    expect(await strict.adapter.settleOnce(request.orderNumber, body)).toMatchObject({
      ok: false,
      error: { kind: 'too-fast' },
    });
    strict.advance(1000);
    valueOf(await strict.adapter.settleOnce(request.orderNumber, body));
    await strict.stop();
  });

  describe('a signature', () => {
    it.each(['bad-signature', 'altered', 'old-timestamp'] as const)(
      'that is %s is not believed',
      async (kind) => {
        const orderNumber = await openOrder();
        bench.simulator.control.addFault({ on: 'complete', kind });
        expect(await settle(orderNumber)).toMatchObject({ ok: false, error: { kind: 'bad-signature' } });
        expect(valueOf(await bench.adapter.confirmStatus(orderNumber))).toMatchObject({
          state: 'collecting',
        });
      },
    );

    it('by a key with another serial is not believed', async () => {
      const orderNumber = await openOrder();
      const stranger = bench.otherAdapter({ platformSerial: 'PUB_KEY_ID_OTHER' });
      expect(await stranger.confirmStatus(orderNumber)).toMatchObject({ error: { kind: 'bad-signature' } });
    });

    it('by another key under the right serial is not believed', async () => {
      const { publicPem } = await makeRsaPair();
      const stranger = bench.otherAdapter({}, { platformPublicKeyPem: publicPem });
      expect(await stranger.confirmStatus('CP9C2611231')).toMatchObject({ error: { kind: 'bad-signature' } });
    });

    it('of ours that the wallet does not know is refused there', async () => {
      const { privatePem } = await makeRsaPair();
      const impostor = bench.otherAdapter({}, { merchantPrivateKeyPem: privatePem });
      expect(await impostor.confirmStatus('CP9C2611231')).toMatchObject({
        error: { kind: 'rejected', code: 'SIGN_ERROR' },
      });
    });

    it('is refused on both sides when the clocks are more than five minutes apart', async () => {
      const orderNumber = await openOrder();
      for (const ms of [301_000, -301_000]) {
        bench.simulator.control.setClockSkewMs(ms);
        expect(await bench.adapter.confirmStatus(orderNumber)).toMatchObject({ ok: false });
      }
      bench.simulator.control.setClockSkewMs(299_000);
      valueOf(await bench.adapter.confirmStatus(orderNumber));
      bench.simulator.control.setClockSkewMs(0);
    });
  });

  it('never follows the wallet to another address', async () => {
    const elsewhere = createServer((_, response) => response.writeHead(302, { location: '/other' }).end());
    await new Promise<void>((done) => elsewhere.listen(0, '127.0.0.1', done));
    const { port } = elsewhere.address() as AddressInfo;
    const led = bench.otherAdapter({ baseUrl: `http://127.0.0.1:${port.toString()}` });
    expect(await led.confirmStatus('CP9C2611231')).toMatchObject({ error: { kind: 'no-answer' } });
    await new Promise((done) => elsewhere.close(done));
  });

  it('shows no secret and no account in any failure', async () => {
    const shown: unknown[] = [];
    for (const kind of ['drop-before', 'status', 'bad-signature'] as const) {
      bench.simulator.control.addFault({ on: 'account', kind });
      shown.push(await bench.adapter.readAccount('code-1'));
      bench.simulator.control.addFault({ on: 'create', kind });
      shown.push(await bench.adapter.createMandate(mandateFor('p-700-shown')));
    }
    const { secrets } = bench.merchant;
    for (const secret of [...Object.values(secrets), 'p-700-shown', 'code-1']) {
      expect(JSON.stringify(shown)).not.toContain(secret);
    }
  });
});
