// An adapter, its simulator and a place for notices, with one clock that only a test moves.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Result } from '../../../domain/result.ts';
import { makeAlipayMerchant } from '../../../ground/simulators/alipay/alipay-merchant.ts';
import { startAlipaySimulator } from '../../../ground/simulators/alipay/start-alipay-simulator.ts';
import type { MadeMerchant } from '../../../ground/simulators/made-merchant.ts';
import { makeWechatMerchant } from '../../../ground/simulators/wechat/wechat-merchant.ts';
import {
  startWechatSimulator,
  type WechatSimulatorOptions,
} from '../../../ground/simulators/wechat/start-wechat-simulator.ts';
import type { Simulator } from '../../../ground/simulators/simulator.ts';
import { alipay } from '../../../ground/wallets/alipay/alipay.ts';
import type {
  MandateRequest,
  SettleRequest,
  WalletAdapter,
  WalletFactory,
  WalletNotice,
  WalletProblem,
} from '../../../ground/wallets/wallet.ts';
import { wechat } from '../../../ground/wallets/wechat/wechat.ts';

export const BENCH_START_MS = Date.UTC(2026, 10, 23, 4, 0, 0);

export type RawNotice = {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
};

export type NoticeInbox = {
  readonly address: string;
  readonly raw: RawNotice[];
  /** What the next notices are answered with; 200 and nothing after these. */
  readonly answers: number[];
  readonly stop: () => Promise<void>;
};

export type WalletBench = {
  readonly adapter: WalletAdapter;
  readonly simulator: Simulator;
  readonly inbox: NoticeInbox;
  /** Everything the adapter was asked to read so far, read now. */
  readonly readNotices: () => Promise<readonly Result<WalletNotice, WalletProblem>[]>;
  readonly nowMs: () => number;
  /** Moves the clock of both sides and lets the wallet do what is due. */
  readonly advance: (ms: number) => void;
  /** Another adapter for the same merchant with some settings changed. */
  readonly otherAdapter: (
    config: Readonly<Record<string, unknown>>,
    secrets?: Readonly<Record<string, unknown>>,
    aheadMs?: number,
  ) => WalletAdapter;
  readonly merchant: MadeMerchant<Readonly<Record<string, unknown>>>;
  readonly stop: () => Promise<void>;
};

export async function startWechatBench(
  options: Partial<Omit<WechatSimulatorOptions, 'port' | 'merchants' | 'nowMs'>> = {},
): Promise<WalletBench> {
  return startBench(
    wechat,
    (nowMs) =>
      startWechatSimulator({ port: 0, merchants: [], nowMs, timing: { noticeRetryMs: [5, 5] }, ...options }),
    (address) => makeWechatMerchant({ address }),
  );
}

export async function startAlipayBench(): Promise<WalletBench> {
  return startBench(
    alipay,
    (nowMs) => startAlipaySimulator({ port: 0, merchants: [], nowMs, timing: { noticeRetryMs: [5, 5] } }),
    (address) => makeAlipayMerchant({ address }),
  );
}

export async function startBench(
  factory: WalletFactory,
  startSimulator: (nowMs: () => number) => Promise<Simulator>,
  makeMerchant: (address: string) => Promise<MadeMerchant<Readonly<Record<string, unknown>>>>,
): Promise<WalletBench> {
  let now = BENCH_START_MS;
  const nowMs = (): number => now;
  const simulator = await startSimulator(nowMs);
  const merchant = await makeMerchant(simulator.address);
  if (!simulator.control.addMerchant(merchant.simulatorKeys))
    throw new Error('the simulator refused the keys');
  const inbox = await startInbox(factory);
  const otherAdapter: WalletBench['otherAdapter'] = (config, secrets = {}, aheadMs = 0) => {
    const made = factory.create({
      config: { ...merchant.config, ...config },
      secrets: { ...merchant.secrets, ...secrets },
      nowMs: () => now + aheadMs,
      noticeAddress: inbox.address,
    });
    if (!made.ok) throw new Error(made.error);
    return made.value;
  };
  const adapter = otherAdapter({});
  return {
    adapter,
    simulator,
    inbox,
    readNotices: () => Promise.all(inbox.raw.map(({ headers, body }) => adapter.readNotice(headers, body))),
    nowMs,
    advance: (ms) => {
      now += ms;
      simulator.control.runDue();
    },
    otherAdapter,
    merchant,
    stop: async () => {
      await simulator.stop();
      await inbox.stop();
    },
  };
}

async function startInbox(factory: WalletFactory): Promise<NoticeInbox> {
  const raw: RawNotice[] = [];
  const answers: number[] = [];
  const good = factory.wallet === 1 ? '{"code":"SUCCESS"}' : 'success';
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      raw.push({ headers: request.headers as RawNotice['headers'], body });
      const status = answers.shift() ?? 200;
      response.writeHead(status).end(status === 200 ? good : 'fail');
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port.toString()}/v1/notices/9C/${factory.wallet.toString()}`,
    raw,
    answers,
    stop: () =>
      new Promise((done) => {
        server.close(() => {
          done();
        });
        server.closeAllConnections();
      }),
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

let lastOrder = 0;

/** A number no other test of this run uses. */
export function newOrderNumber(): string {
  lastOrder += 1;
  return `CP9C261123${lastOrder.toString().padStart(13, '0')}`;
}

export function mandateFor(account: string, more: Partial<MandateRequest> = {}): MandateRequest {
  return {
    orderNumber: newOrderNumber(),
    account,
    capMinor: 30_000,
    introduction: '9C8835 机上购物',
    startMs: BENCH_START_MS - 3_600_000,
    attach: 'leg=9C8835-20261123',
    ...more,
  };
}

/** 3 cokes at 10.00 and a noodle at 25.00, less a deal of 5.00: 50.00. */
export function settlementFor(orderNumber: string, more: Partial<SettleRequest> = {}): SettleRequest {
  return {
    orderNumber,
    payments: [
      { name: '商品信息', description: '可乐 330ml', count: 3, amountMinor: 3000 },
      { name: '商品信息', description: '牛肉面', count: 1, amountMinor: 2500 },
    ],
    discounts: [{ name: '套餐优惠', description: '套餐优惠', count: 1, amountMinor: 500 }],
    totalMinor: 5000,
    endMs: BENCH_START_MS - 60_000,
    ...more,
  };
}

export function valueOf<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(`failed: ${JSON.stringify(result.error)}`);
  return result.value;
}
