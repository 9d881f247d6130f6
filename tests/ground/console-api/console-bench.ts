// A console to ask questions of, without a network: two airlines with rows, and somebody signed in.
import { fastify, type FastifyInstance, type LightMyRequestResponse } from 'fastify';
import { registerConsoleRoutes } from '../../../ground/console-api/console-routes.ts';
import { makeConsoleUser } from '../../../ground/console-api/console-users.ts';
import type { ConsoleRole } from '../../../ground/database/tables.ts';
import type { Ground } from '../../../ground/ground.ts';
import { CONSOLE_ROUTES, type RouteName } from '../../../ground/web/console-api.ts';
import { fillGround } from '../../support/fill-ground.ts';
import { openTestGround, TEST_NOW_MS, type TestGround } from '../../support/test-ground.ts';

export const PASSWORD = 'a quiet morning in Chengdu';
const HOST = 'ground.test';

export type Values = Readonly<Record<string, unknown>>;

export type ConsoleBench = TestGround & {
  readonly app: FastifyInstance;
  readonly ask: (
    cookie: string | null,
    name: RouteName,
    values?: Values,
    query?: Values,
  ) => Promise<LightMyRequestResponse>;
};

export async function openConsoleBench(): Promise<ConsoleBench> {
  const opened = await openTestGround();
  const plan = { nowMs: TEST_NOW_MS, flights: 6, passengersPerFlight: 6, eventsPerPassenger: 4, seed: 3 };
  await fillGround(opened.ground.db, {
    ...plan,
    airline: '9C',
    nameZh: '春秋航空',
    nameEn: 'Spring Airlines',
  });
  await fillGround(opened.ground.db, { ...plan, airline: 'HO', nameZh: '吉祥航空', nameEn: 'Juneyao Air' });
  const app = fastify();
  registerConsoleRoutes(app, opened.ground);
  return {
    ...opened,
    app,
    ask: async (cookie, name, values = {}, query = {}) => {
      const { method, path } = CONSOLE_ROUTES[name];
      const { url, rest } = fillPath(path, values);
      const isRead = method === 'GET';
      return await app.inject({
        method,
        url: `/console/api${url}`,
        query: toText(isRead ? { ...rest, ...query } : query),
        headers: {
          host: HOST,
          ...(cookie === null ? {} : { cookie }),
          ...(isRead ? {} : { origin: `http://${HOST}` }),
        },
        ...(isRead ? {} : { payload: rest }),
      });
    },
    close: async () => {
      await app.close();
      await opened.close();
    },
  };
}

function fillPath(path: string, values: Values): { readonly url: string; readonly rest: Values } {
  const used = new Set<string>();
  const url = path.replace(/\{(\w+)\}/g, (_match, key: string) => {
    used.add(key);
    return encodeURIComponent(String(values[key]));
  });
  return { url, rest: Object.fromEntries(Object.entries(values).filter(([key]) => !used.has(key))) };
}

function toText(values: Values): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, String(value)]));
}

export async function addUser(ground: Ground, role: ConsoleRole, airline: string | null): Promise<string> {
  const name = `${role}.${(airline ?? 'all').toLowerCase()}`;
  const made = await makeConsoleUser(ground, { name, role, airline, password: PASSWORD });
  if (!made.ok) throw new Error(made.error);
  return name;
}

/** Signs in and answers the cookie. */
export async function signedIn(app: FastifyInstance, name: string, password = PASSWORD): Promise<string> {
  const answer = await postSession(app, name, password);
  const [cookie] = answer.cookies;
  if (cookie === undefined) throw new Error(`${name} was not signed in: ${answer.body}`);
  return `${cookie.name}=${cookie.value}`;
}

export async function postSession(
  app: FastifyInstance,
  name: string,
  password: string,
  headers: Record<string, string> = { origin: `http://${HOST}` },
): Promise<LightMyRequestResponse> {
  return await app.inject({
    method: 'POST',
    url: '/console/api/session',
    headers: { host: HOST, ...headers },
    payload: { name, password },
  });
}

/** Something of an airline to ask every route about. */
export async function sampleAsks(
  ground: Ground,
  airline: string,
): Promise<Readonly<Record<RouteName, Values>>> {
  const { db } = ground;
  const flight = await db
    .selectFrom('flight')
    .select('leg')
    .where('airline', '=', airline)
    .executeTakeFirstOrThrow();
  const { dev } = await db
    .selectFrom('leg_terminal')
    .select('dev')
    .where('leg', '=', flight.leg)
    .executeTakeFirstOrThrow();
  const order = await db
    .selectFrom('wallet_order')
    .select(['order_number', 'cti'])
    .where('airline', '=', airline)
    .executeTakeFirstOrThrow();
  const first = async (table: 'batch' | 'follow_up' | 'difference'): Promise<string> => {
    const row = await db
      .selectFrom(table)
      .select('id')
      .where('airline', '=', airline)
      .orderBy('id')
      .executeTakeFirstOrThrow();
    return String(row.id);
  };
  const aside = await db
    .selectFrom('set_aside')
    .select(['dev', 'ep', 'seq'])
    .where('airline', '=', airline)
    .executeTakeFirstOrThrow();
  const member = await db
    .selectFrom('member')
    .select(['wallet', 'account_hash'])
    .where('airline', '=', airline)
    .executeTakeFirstOrThrow();
  const deny = await db
    .selectFrom('deny')
    .select('cti')
    .where('airline', '=', airline)
    .executeTakeFirstOrThrow();
  const { leg } = flight;
  const reason = 'a test asked for it';
  const orderNumber = order.order_number;
  const one = { wallet: member.wallet, accountHash: member.account_hash };
  return {
    overview: {}, flights: {}, flight: { leg }, 'lost-report': { leg, dev }, batches: {}, batch: { id: await first('batch') },
    'batch-lines': { id: await first('batch') }, orders: {}, order: { orderNumber }, 'follow-ups': {}, 'set-aside': {},
    differences: {}, members: {}, 'deny-list': {}, risk: {}, 'risk-day': { day: '2026-11-22' }, fleet: {}, catalogue: {}, audit: {},
    'release-terminal': { leg, dev, reason }, 'declare-lost': { leg, dev, reason }, 'cancel-flight': { leg, reason },
    'release-leg': { leg, reason }, 'upload-batch': { fileBase64: 'AAAA' }, 'write-off': { orderNumber, reason },
    refund: { orderNumber, amountMinor: 100, reason }, 'send-on': { orderNumber, reason }, 'no-show': { orderNumber, reason },
    'paid-elsewhere': { orderNumber, paidAtMs: TEST_NOW_MS, reason }, 'resolve-follow-up': { id: await first('follow_up'), reason },
    'decide-set-aside': { ...aside, decision: 'drop', reason }, 'import-statement': { wallet: 1, day: '2026-11-21', text: '' },
    'fetch-statement': { wallet: 1, day: '2026-11-21' }, 'resolve-difference': { id: await first('difference'), reason },
    'add-member': { orderNumber, label: '王女士', tier: 1 }, 'set-tier': { ...one, tier: 2 }, 'remove-member': { ...one, reason },
    'add-deny': { cti: order.cti, why: 'fraud' }, 'remove-deny': { cti: deny.cti, reason },
    'revoke-terminal': { dev, ep: 1, reason }, 'report-lost': { dev, ep: 1, reason }, 'lift-quarantine': { dev, ep: 1, reason },
    'save-catalogue': { text: '{}', reason },
  }; // prettier-ignore
}
