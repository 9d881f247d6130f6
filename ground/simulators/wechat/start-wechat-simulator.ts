// A local stand-in for the wallet's service orders: same HTTP, same signatures, same refusals. For training and tests.
import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { routeControl } from '../control-routes.ts';
import { createFaultList } from '../faults.ts';
import { createNoticeSender } from '../notice-sender.ts';
import { createPeople } from '../people.ts';
import { startServer } from '../simulator-server.ts';
import { createControl, readBooks, type Books, type Simulator, type SimulatorOptions } from '../simulator.ts';
import { DEFAULT_TIMING } from '../timing.ts';
import type { ErrorStyle } from './wechat-errors.ts';
import type { NoticeEvent } from './wechat-book.ts';
import { createWechatLedger } from './wechat-ledger.ts';
import { wechatMerchantSchema, type WechatMerchant } from './wechat-merchant.ts';
import { bookOrder, viewOrder, type WechatOrder } from './wechat-order.ts';
import { routeWechat, type WechatContext } from './wechat-routes.ts';
import { writeRfc3339 } from './wechat-schemas.ts';
import { routeSignIn } from './wechat-sign-in.ts';
import { encryptResource, signOutgoing } from './wechat-signing.ts';

export type WechatSimulatorOptions = SimulatorOptions<WechatMerchant> & {
  readonly errorStyle?: ErrorStyle;
  /** Two calls on one order closer than this are answered as too fast; off unless given. */
  readonly leastGapMs?: number;
};

const RUN_DUE_EVERY_MS = 50;

export async function startWechatSimulator(options: WechatSimulatorOptions): Promise<Simulator> {
  const timing = { ...DEFAULT_TIMING, ...options.timing };
  const clock = options.nowMs ?? Date.now;
  let skewMs = 0;
  const nowMs = (): number => clock() + skewMs;
  const faults = createFaultList();
  const people = createPeople();
  const sender = createNoticeSender(faults, timing);
  const merchants = new Map(options.merchants.map((merchant) => [merchant.mchid, merchant]));
  const onNotice = (event: NoticeEvent, order: WechatOrder): void => {
    const merchant = merchants.get(order.mchid);
    if (merchant !== undefined) sender.send(composeNotice(event, order, merchant, nowMs));
  };
  const { leastGapMs = 0, errorStyle = 'number' } = options;
  const ledger = createWechatLedger({ people, timing, nowMs, leastGapMs, onNotice });
  let address = '';
  const context: WechatContext = {
    merchants,
    people,
    ledger,
    nowMs,
    errorStyle,
    address: () => address,
    downloads: new Map(),
  };
  const signIn = { merchants, people, nowMs, codes: new Map() };
  const addMerchant = (merchant: unknown): boolean => {
    const read = v.safeParse(wechatMerchantSchema, merchant);
    if (read.success) merchants.set(read.output.mchid, read.output);
    return read.success;
  };
  const setSkew = (ms: number): void => {
    skewMs = ms;
  };
  const control = createControl({ faults, people, ledger, sender, addMerchant, setSkew });
  const books = (): Books => readBooks(ledger.runDue, () => ledger.orders().map(bookOrder));
  const server = await startServer({
    host: options.host ?? '127.0.0.1',
    port: options.port,
    faults,
    route: (request) =>
      routeControl(request, { control, books }) ??
      routeSignIn(request, signIn) ??
      routeWechat(request, context),
  });
  address = server.address;
  const timer = setInterval(ledger.runDue, RUN_DUE_EVERY_MS);
  timer.unref();
  return {
    address,
    control,
    books,
    stop: async () => {
      clearInterval(timer);
      await sender.stop();
      await server.stop();
    },
  };
}

const SUMMARIES: Readonly<Record<NoticeEvent, string>> = {
  'PAYSCORE.USER_CONFIRM': '微信支付分服务订单用户已确认',
  'PAYSCORE.USER_PAID': '微信支付分服务订单支付成功',
};

function composeNotice(
  event: NoticeEvent,
  order: WechatOrder,
  merchant: WechatMerchant,
  nowMs: () => number,
): Parameters<ReturnType<typeof createNoticeSender>['send']>[0] {
  const text = JSON.stringify({
    id: randomUUID(),
    create_time: writeRfc3339(nowMs()),
    resource_type: 'encrypt-resource',
    event_type: event,
    summary: SUMMARIES[event],
    resource: encryptResource(JSON.stringify(viewOrder(order)), merchant.apiV3Key),
  });
  return {
    address: order.created.notify_url,
    compose: (form) => signOutgoing(text, merchant, form, nowMs()),
    isAnswer: (status) => status === 200 || status === 204,
  };
}
