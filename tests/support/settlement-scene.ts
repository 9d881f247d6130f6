// A flight of the demo airline, ready to be settled: real database, real signed journals, a real simulator of the wallet
// over HTTP that reports back to a real server. The clock runs; a test may set it forward.
import * as nodeCrypto from 'node:crypto';
import { fastify } from 'fastify';
import type { AddressInfo } from 'node:net';
import { orderNumber } from '../../domain/bill/order-number.ts';
import { readLegId } from '../../domain/flight.ts';
import { trustOf } from '../../ground/airlines/trust-lists.ts';
import type { DatabasePlace } from '../../ground/database/open-database.ts';
import type { OrderState } from '../../ground/database/tables.ts';
import { seedDemo, type SeededDemo } from '../../ground/demo/seed-demo.ts';
import type { Ground } from '../../ground/ground.ts';
import { receiveBatch } from '../../ground/ingest/receive-batch.ts';
import { receiveCopies, type CopyOutcome } from '../../ground/ingest/receive-copies.ts';
import { runUntilIdle } from '../../ground/jobs/run-jobs.ts';
import { registerNoticeRoutes } from '../../ground/orders/notice-routes.ts';
import { orderJobs } from '../../ground/orders/order-jobs.ts';
import type { BookedOrder, Simulator, SimulatorTiming } from '../../ground/simulators/simulator.ts';
import { startWechatSimulator } from '../../ground/simulators/wechat/start-wechat-simulator.ts';
import { makeWechatMerchant } from '../../ground/simulators/wechat/wechat-merchant.ts';
import type { WalletAdapter } from '../../ground/wallets/wallet.ts';
import { wechat } from '../../ground/wallets/wechat/wechat.ts';
import { createCabinTerminal, type CabinTerminal, type Customer } from './cabin-terminal.ts';
import { openTestGround } from './test-ground.ts';

export const WECHAT = 1;

export type SettlementScene = {
  readonly ground: Ground;
  readonly airline: string;
  readonly leg: string;
  readonly sta: number;
  readonly wechat: Simulator;
  /** The merchant as a worker of another process needs it. */
  readonly merchant: WorkerMerchant;
  readonly terminals: readonly CabinTerminal[];
  /** Enrols another passenger; the account says how they pay (`ground/simulators/people.ts`). */
  readonly enrol: (account?: string, limitMinor?: number) => Promise<Customer>;
  readonly deliver: (terminal: CabinTerminal) => Promise<string>;
  readonly handIn: (customer: Customer, lines: readonly string[]) => Promise<readonly CopyOutcome[]>;
  /** Runs the jobs that are due, again and again, until the condition holds. */
  readonly workUntil: (isDone: () => Promise<boolean>) => Promise<void>;
  readonly workUntilState: (customer: Customer, ...states: readonly OrderState[]) => Promise<void>;
  /** Runs what is due now, once. */
  readonly work: () => Promise<void>;
  readonly stateOf: (customer: Customer) => Promise<OrderState>;
  readonly bookOf: (customer: Customer) => BookedOrder;
  readonly setForward: (ms: number) => void;
  readonly close: () => Promise<void>;
};

export type WorkerMerchant = {
  readonly config: unknown;
  readonly secrets: unknown;
  readonly noticeAddress: string;
};

export type SceneOptions = {
  readonly place?: DatabasePlace;
  readonly terminals?: number;
  readonly timing?: Partial<SimulatorTiming>;
  readonly capMinor?: number;
  /** How long the adapter waits for the wallet. */
  readonly timeoutMs?: number;
  readonly leastGapMs?: number;
};

const QUICK: Partial<SimulatorTiming> = { deductAfterMs: 20, deductEveryMs: 200, noticeRetryMs: [100, 200] };
const LIMIT_MINOR = 50_000;

export async function openSettlementScene(options: SceneOptions = {}): Promise<SettlementScene> {
  let aheadMs = 0;
  const nowMs = (): number => Date.now() + aheadMs;
  const simulator = await startWechatSimulator({
    port: 0,
    merchants: [],
    nowMs,
    timing: { ...QUICK, ...options.timing },
    ...(options.leastGapMs === undefined ? {} : { leastGapMs: options.leastGapMs }),
  });
  const { capMinor = 100_000, timeoutMs = 2000 } = options;
  const merchant = await makeWechatMerchant({ address: simulator.address, capMinor });
  simulator.control.addMerchant(merchant.simulatorKeys);
  const config = { ...merchant.config, timeoutMs };
  const opened = await openTestGround({ ...(options.place === undefined ? {} : { place: options.place }) });
  const app = fastify({ logger: false, forceCloseConnections: true });
  let adapter: WalletAdapter | null = null;
  const ground: Ground = {
    ...opened.ground,
    nowMs,
    wallets: (_, wallet) => Promise.resolve(wallet === WECHAT ? adapter : null),
  };
  registerNoticeRoutes(app, ground);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const noticeAddress = `http://127.0.0.1:${port.toString()}/v1/notices/9C/${WECHAT.toString()}`;
  const made = wechat.create({ config, secrets: merchant.secrets, nowMs, noticeAddress });
  if (!made.ok) throw new Error(made.error);
  adapter = made.value;
  const seeded = await seedDemo(ground, {
    merchants: [{ wallet: WECHAT, config, secrets: merchant.secrets }],
    terminals: rosterOf(options.terminals ?? 1),
  });
  const terminals = await openTerminals(ground, seeded);
  const parts = { ground, seeded, adapter, simulator, terminals };
  return {
    ...scenePart(parts),
    merchant: { config, secrets: merchant.secrets, noticeAddress },
    setForward: (ms) => {
      aheadMs += ms;
    },
    close: async () => {
      await simulator.stop();
      await app.close();
      await opened.close();
    },
  };
}

function rosterOf(count: number) {
  return Array.from({ length: count }, (_, i) => ({
    dev: `T-${(i + 1).toString().padStart(4, '0')}`,
    zone: { fromRow: 1 + i * 4, toRow: i === count - 1 ? 32 : 4 + i * 4 },
  }));
}

async function openTerminals(ground: Ground, seeded: SeededDemo): Promise<readonly CabinTerminal[]> {
  const { airline, leg, std, sta, deviceKeys } = seeded;
  const trust = await trustOf(ground, airline);
  const rows = await ground.db.selectFrom('device').selectAll().where('airline', '=', airline).execute();
  return [...deviceKeys].map(([dev, key]) => {
    const certificate = rows.find((row) => row.dev === dev)?.certificate ?? '';
    return createCabinTerminal({ dev, key, certificate, airline, leg, std, sta, trust });
  });
}

type Parts = {
  readonly ground: Ground;
  readonly seeded: SeededDemo;
  readonly adapter: WalletAdapter;
  readonly simulator: Simulator;
  readonly terminals: readonly CabinTerminal[];
};

function scenePart(parts: Parts): Omit<SettlementScene, 'setForward' | 'close' | 'merchant'> {
  const { ground, seeded, simulator, terminals } = parts;
  const { airline, leg, sta } = seeded;
  let people = 0;
  const stateOf = async ({ orderNumber: number }: Customer): Promise<OrderState> => {
    const query = ground.db.selectFrom('wallet_order').select('state').where('order_number', '=', number);
    return (await query.executeTakeFirstOrThrow()).state;
  };
  const work = async (): Promise<void> => {
    await runUntilIdle(ground, orderJobs);
  };
  const workUntil: SettlementScene['workUntil'] = async (isDone) => {
    for (;;) {
      await work();
      if (await isDone()) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  };
  return {
    ground,
    airline,
    leg,
    sta,
    wechat: simulator,
    terminals,
    enrol: (account, limitMinor = LIMIT_MINOR) => {
      people += 1;
      return enrol(parts, people, account ?? `p-720-${people.toString()}`, limitMinor);
    },
    deliver: async (terminal) => {
      const bytes = await terminal.seal();
      return (await receiveBatch(ground, { airline, bytes, source: 'upload' })).status;
    },
    handIn: ({ cti }, lines) => receiveCopies(ground, { cti, lines }),
    work,
    workUntil,
    workUntilState: (customer, ...states) => workUntil(async () => states.includes(await stateOf(customer))),
    stateOf,
    bookOf: ({ orderNumber: number }) => {
      const book = simulator.books().orders.find((order) => order.orderNumber === number);
      if (book === undefined) throw new Error(`the wallet has no order ${number}`);
      return book;
    },
  };
}

/** What sign-up leaves behind: a passenger, and an order that stands open at the wallet and with us. */
async function enrol(
  { ground, seeded, adapter }: Parts,
  n: number,
  account: string,
  limitMinor: number,
): Promise<Customer> {
  const { airline, leg, std } = seeded;
  const flight = readLegId(leg);
  if (flight === null) throw new Error(`${leg} is no flight`);
  const cti = nodeCrypto.randomBytes(8).toString('hex');
  const number = orderNumber(flight, cti);
  const seat = `${(1 + Math.floor(n / 6)).toString()}${'ABCDEF'.charAt(n % 6)}`;
  const mandate = await adapter.createMandate({
    orderNumber: number,
    account,
    capMinor: limitMinor,
    introduction: '机上购物',
    startMs: std * 1000,
    attach: leg,
  });
  if (!mandate.ok) throw new Error(`no order for ${account}: ${mandate.error.kind}`);
  const atMs = ground.nowMs();
  await ground.db
    .insertInto('passenger')
    .values({
      cti,
      airline,
      leg,
      wallet: WECHAT,
      order_number: number,
      seat,
      seq: n,
      tier: 0,
      cum_minor: limitMinor,
      per_sale_minor: 30_000,
      max_sales: 20,
      static_minor: 20_000,
      holder_class: 1,
      account_hash: ground.seal.hashAccount(airline, WECHAT, account),
      status: 'enrolled',
      token_hash: nodeCrypto.randomUUID(),
      language: 'zh-CN',
      consent_version: 1,
      consented_at_ms: atMs,
      enrolled_at_ms: atMs,
    })
    .execute();
  await ground.db
    .insertInto('wallet_order')
    .values({
      order_number: number,
      airline,
      leg,
      cti,
      wallet: WECHAT,
      state: 'ENROLLED',
      state_since_ms: atMs,
      created_at_ms: atMs,
    })
    .execute();
  return { cti, seat, orderNumber: number, wallet: WECHAT };
}
