// A local stand-in for pay-after-use: same door, same signatures, same refusals. For training and tests.
import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { routeControl } from '../control-routes.ts';
import { createFaultList } from '../faults.ts';
import { createNoticeSender } from '../notice-sender.ts';
import { createPeople } from '../people.ts';
import { startServer } from '../simulator-server.ts';
import { createControl, readBooks, type Books, type Simulator, type SimulatorOptions } from '../simulator.ts';
import { DEFAULT_TIMING } from '../timing.ts';
import { routeGateway, viewOrder, type GatewayContext } from './alipay-gateway.ts';
import { createAlipayLedger } from './alipay-ledger.ts';
import { alipayMerchantSchema, type AlipayMerchant } from './alipay-merchant.ts';
import { bookOrder, type AlipayOrder } from './alipay-order.ts';
import { routeAgreement } from './alipay-sign-in.ts';
import { signNotice } from './alipay-signing.ts';

const RUN_DUE_EVERY_MS = 50;

export async function startAlipaySimulator(options: SimulatorOptions<AlipayMerchant>): Promise<Simulator> {
  const timing = { ...DEFAULT_TIMING, ...options.timing };
  const clock = options.nowMs ?? Date.now;
  let skewMs = 0;
  const nowMs = (): number => clock() + skewMs;
  const faults = createFaultList();
  const people = createPeople();
  const sender = createNoticeSender(faults, timing);
  const merchants = new Map(options.merchants.map((merchant) => [merchant.appId, merchant]));
  const onNotice = (order: AlipayOrder): void => {
    const merchant = merchants.get(order.appId);
    if (merchant === undefined || order.noticeUrl === null) return;
    sender.send(composeNotice(order, order.noticeUrl, merchant, nowMs()));
  };
  const ledger = createAlipayLedger({ people, timing, nowMs, onNotice });
  let address = '';
  const context: GatewayContext = {
    merchants,
    people,
    ledger,
    nowMs,
    address: () => address,
    agreements: new Map(),
    downloads: new Map(),
  };
  const addMerchant = (merchant: unknown): boolean => {
    const read = v.safeParse(alipayMerchantSchema, merchant);
    if (read.success) merchants.set(read.output.appId, read.output);
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
      routeAgreement(request, context) ??
      routeGateway(request, context),
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

function composeNotice(
  order: AlipayOrder,
  address: string,
  merchant: AlipayMerchant,
  atMs: number,
): Parameters<ReturnType<typeof createNoticeSender>['send']>[0] {
  const facts = {
    app_id: merchant.appId,
    charset: 'UTF-8',
    version: '1.1',
    notify_id: randomUUID().replaceAll('-', ''),
    utc_timestamp: atMs.toString(),
    msg_method: 'zhima.credit.payafteruse.creditbizorder.changed',
    biz_content: JSON.stringify(viewOrder(order)),
  };
  return {
    address,
    compose: (form) => ({
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
      body: signNotice(facts, merchant, form),
    }),
    // The real wallet wants exactly these seven characters.
    isAnswer: (status, body) => status === 200 && body.trim() === 'success',
  };
}
