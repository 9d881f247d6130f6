import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  mandateFor,
  settlementFor,
  startWechatBench,
  valueOf,
  type RawNotice,
  type WalletBench,
} from './wallet-bench.ts';

describe('notices of WeChat', () => {
  let bench: WalletBench;
  let lastPerson = 0;
  beforeAll(async () => {
    bench = await startWechatBench();
  });
  beforeEach(() => {
    bench.inbox.raw.length = 0;
  });
  afterAll(() => bench.stop());

  async function payOne(): Promise<string> {
    lastPerson += 1;
    const request = mandateFor(`p-700-n${lastPerson.toString()}`);
    valueOf(await bench.adapter.createMandate(request));
    const body = bench.adapter.composeSettlement(settlementFor(request.orderNumber));
    valueOf(await bench.adapter.settleOnce(request.orderNumber, body));
    bench.advance(2000);
    await bench.simulator.control.whenNoticesRest();
    return request.orderNumber;
  }

  async function oneNotice(): Promise<RawNotice> {
    await payOne();
    const raw = bench.inbox.raw[0];
    if (raw === undefined) throw new Error('no notice came');
    return raw;
  }
  const read = ({ headers, body }: RawNotice) => bench.adapter.readNotice(headers, body);
  const BAD = { ok: false, error: { kind: 'bad-signature' } };

  it('are read whatever the case of the headers', async () => {
    const { headers, body } = await oneNotice();
    const upper = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]),
    );
    expect((await read({ headers: upper, body })).ok).toBe(true);
  });

  it('with an altered body, a swapped nonce, another time or serial, or no signature are not the wallet’s', async () => {
    const { headers, body } = await oneNotice();
    const changed = (name: string, value: string | undefined): RawNotice => ({
      headers: { ...headers, [name]: value },
      body,
    });
    const timestamp = (Number(headers['wechatpay-timestamp']) + 1).toString();
    expect(
      await read({ headers, body: body.replace('PAYSCORE.USER_PAID', 'PAYSCORE.USER_PAIE') }),
    ).toMatchObject(BAD);
    expect(await read({ headers, body: `${body} ` })).toMatchObject(BAD);
    expect(await read(changed('wechatpay-nonce', 'another-nonce'))).toMatchObject(BAD);
    expect(await read(changed('wechatpay-timestamp', timestamp))).toMatchObject(BAD);
    expect(await read(changed('wechatpay-timestamp', 'NaN'))).toMatchObject(BAD);
    expect(await read(changed('wechatpay-serial', 'PUB_KEY_ID_OTHER'))).toMatchObject(BAD);
    expect(await read(changed('wechatpay-signature', undefined))).toMatchObject(BAD);
    expect(await read(changed('wechatpay-signature', 'WECHATPAY/SIGNTEST/abc'))).toMatchObject(BAD);
  });

  it('sent again after five minutes are too old', async () => {
    const raw = await oneNotice();
    bench.advance(301_000);
    expect(await read(raw)).toMatchObject(BAD);
  });

  it('that were encrypted under another key are not the wallet’s', async () => {
    const { headers, body } = await oneNotice();
    const stranger = bench.otherAdapter({}, { apiV3Key: '0'.repeat(32) });
    expect(await stranger.readNotice(headers, body)).toMatchObject(BAD);
  });

  it('of another merchant are refused although the wallet signed them', async () => {
    const { headers, body } = await oneNotice();
    for (const config of [{ mchid: '1' }, { appid: 'wx1' }, { serviceId: '2' }]) {
      expect(await bench.otherAdapter(config).readNotice(headers, body)).toMatchObject({
        ok: false,
        error: { kind: 'rejected', code: 'notice merchant' },
      });
    }
  });

  it('come again until they are answered, under one id', async () => {
    bench.inbox.answers.push(500, 503);
    await payOne();
    const notices = await bench.readNotices();
    expect(notices).toHaveLength(3);
    expect(new Set(notices.map((notice) => valueOf(notice).id)).size).toBe(1);
  });

  it('that come twice have one id; that are lost leave the query', async () => {
    bench.simulator.control.addFault({ on: 'notice', kind: 'duplicate' });
    await payOne();
    const twice = await bench.readNotices();
    expect(twice).toHaveLength(2);
    expect(new Set(twice.map((notice) => valueOf(notice).id)).size).toBe(1);
    bench.inbox.raw.length = 0;
    bench.simulator.control.addFault({ on: 'notice', kind: 'lost' });
    const orderNumber = await payOne();
    expect(bench.inbox.raw).toHaveLength(0);
    expect(valueOf(await bench.adapter.confirmStatus(orderNumber))).toMatchObject({ state: 'paid' });
  });

  it('may come late and out of order', async () => {
    const [first, second] = [mandateFor('p-700-late-a'), mandateFor('p-700-late-b')];
    bench.simulator.control.addFault({ on: 'notice', kind: 'delay', ms: 80 });
    for (const request of [first, second]) {
      valueOf(await bench.adapter.createMandate(request));
      const body = bench.adapter.composeSettlement(settlementFor(request.orderNumber));
      valueOf(await bench.adapter.settleOnce(request.orderNumber, body));
    }
    bench.simulator.control.payInWallet(first.orderNumber);
    bench.simulator.control.payInWallet(second.orderNumber);
    await bench.simulator.control.whenNoticesRest();
    const numbers = (await bench.readNotices()).map((notice) => valueOf(notice).orderNumber);
    expect(numbers).toEqual([second.orderNumber, first.orderNumber]);
  });

  it.each(['bad-signature', 'altered', 'old-timestamp'] as const)(
    'that are %s are not believed',
    async (kind) => {
      bench.simulator.control.addFault({ on: 'notice', kind });
      await payOne();
      expect((await bench.readNotices())[0]).toMatchObject(BAD);
    },
  );
});
