// Every page of the console over 100,000 journal lines on the embedded database: the slowest page counts.
import { fastify, type FastifyInstance } from 'fastify';
import { sql, type Kysely } from 'kysely';
import { registerConsoleRoutes } from '../../ground/console-api/console-routes.ts';
import { makeConsoleUser } from '../../ground/console-api/console-users.ts';
import type { Tables } from '../../ground/database/tables.ts';
import { fillGround } from '../support/fill-ground.ts';
import { openTestGround } from '../support/test-ground.ts';
import { median, type Measured } from './row.ts';

const NOW_MS = Date.parse('2026-11-25T13:00:00Z');
const AIRLINE = '9C';
/** 360 flights in 30 days, 100 passengers each: a little more than 100,000 lines. */
const PLAN = { flights: 360, passengersPerFlight: 100, eventsPerPassenger: 4, seed: 11 };
const LINES = 100_000;
const RUNS = 7;
const NAME = 'bench';
const PASSWORD = 'only for a moment';

/** Medians by page; the answer's values are those of the slowest. Told one by one on stderr. */
export async function measureConsole(): Promise<Measured> {
  const { ground, close } = await openTestGround({ nowMs: NOW_MS });
  const app = fastify();
  try {
    const names = { airline: AIRLINE, nameZh: '春秋航空', nameEn: 'Spring Airlines' };
    await fillGround(ground.db, { ...PLAN, ...names, nowMs: NOW_MS });
    await assureLines(ground.db);
    const user = { name: NAME, role: 'viewer' as const, airline: AIRLINE, password: PASSWORD };
    await makeConsoleUser(ground, user);
    registerConsoleRoutes(app, ground);
    const cookie = await signIn(app);
    let slowest: readonly number[] = [0];
    for (const page of await pagesOf(ground.db)) {
      const times = await timesOf(app, cookie, page);
      process.stderr.write(`  ${page}: ${median(times).toFixed(1)} ms\n`);
      if (median(times) > median(slowest)) slowest = times;
    }
    const yardsticks = await measureBare(ground.db);
    return { name: 'console_page_100000', unit: 'ms', values: slowest, yardsticks };
  } finally {
    await app.close();
    await close();
  }
}

async function assureLines(db: Kysely<Tables>): Promise<void> {
  const { n } = await db
    .selectFrom('event')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow();
  if (n < LINES) throw new Error(`only ${n.toString()} lines`);
}

async function signIn(app: FastifyInstance): Promise<string> {
  const answer = await app.inject({
    method: 'POST',
    url: '/console/api/session',
    headers: { host: 'ground.test', origin: 'http://ground.test' },
    payload: { name: NAME, password: PASSWORD },
  });
  const [cookie] = answer.cookies;
  if (cookie === undefined) throw new Error(answer.body);
  return `${cookie.name}=${cookie.value}`;
}

/** Each page as it opens, with the filters that read most, and the search by each kind of number. */
async function pagesOf(db: Kysely<Tables>): Promise<readonly string[]> {
  const order = await db
    .selectFrom('wallet_order')
    .select(['order_number', 'leg', 'transaction_id'])
    .where('state', '=', 'PAID')
    .orderBy('created_at_ms')
    .offset(9000)
    .limit(1)
    .executeTakeFirstOrThrow();
  const batch = await db
    .selectFrom('batch')
    .select(['id', 'dev'])
    .where('dev', 'is not', null)
    .limit(1)
    .executeTakeFirstOrThrow();
  const { order_number: number, leg, transaction_id: transaction } = order;
  return [
    'overview', 'flights', 'flights?find=SHA', 'flights?status=settled', 'flights?day=2026-11-10', `flights/${leg}`,
    'batches', 'batches?status=PARTIAL', `batches?dev=${batch.dev ?? ''}`, `batches/${batch.id.toString()}`,
    `batches/${batch.id.toString()}/lines`, 'orders', 'orders?state=PAID', 'orders?state=MANUAL', `orders?leg=${leg}`,
    `orders?find=${number}`, `orders?find=${number.slice(0, 12)}`, 'orders?find=12C', `orders?find=${transaction ?? ''}`,
    `orders/${number}`, 'follow-ups', 'follow-ups?kind=late-events', 'follow-ups?which=resolved', 'set-aside', 'differences',
    'members', 'members?find=1002', 'deny-list', 'risk', 'risk/2026-11-24', 'fleet', 'fleet?state=unsent', 'audit',
  ]; // prettier-ignore
}

/** The first run warms up and does not count. */
async function timesOf(app: FastifyInstance, cookie: string, page: string): Promise<readonly number[]> {
  const times: number[] = [];
  for (let run = 0; run <= RUNS; run += 1) {
    const startedMs = performance.now();
    const { statusCode } = await app.inject({
      url: `/console/api/${page}`,
      headers: { host: 'ground.test', cookie },
    });
    const tookMs = performance.now() - startedMs;
    if (statusCode !== 200) throw new Error(`${page} answered ${statusCode.toString()}`);
    if (run > 0) times.push(tookMs);
  }
  return times;
}

/** The yardstick: reading the lines once, without any index. */
async function measureBare(db: Kysely<Tables>): Promise<readonly number[]> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const startedMs = performance.now();
    await sql`select count(*), sum(tot_minor) from event`.execute(db);
    times.push(performance.now() - startedMs);
  }
  return times;
}
