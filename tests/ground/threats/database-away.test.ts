// Issue "bad input": the server survives its database going away in the middle of a settlement, and nothing counts twice.
import { expect, it, onTestFinished } from 'vitest';
import { runJobs } from '../../../ground/jobs/run-jobs.ts';
import { createOrderJobs } from '../../../ground/orders/order-jobs.ts';
import { isFinal } from '../../../ground/orders/order.ts';
import { readOrderRow } from '../../../ground/orders/order-rows.ts';
import { createApp } from '../../../ground/server/create-app.ts';
import { startPostgres } from '../../support/postgres.ts';
import { openSettlementScene, type SettlementScene } from '../../support/settlement-scene.ts';

const postgres = await startPostgres();
const PASSENGERS = 12;
const LEASE_MS = 2000;

/** The states of all orders, or null while the database is away. */
async function orders({
  ground,
}: SettlementScene): Promise<readonly ReturnType<typeof readOrderRow>[] | null> {
  try {
    return (await ground.db.selectFrom('wallet_order').selectAll().execute()).map(readOrderRow);
  } catch {
    return null;
  }
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20));
}

it(
  'a settlement goes on by itself when the database is back, and nobody pays twice',
  { timeout: 180_000 },
  async () => {
    const flight = await openSettlementScene({
      place: { kind: 'postgres', url: await postgres.newDatabase() },
      timeoutMs: 5000,
    });
    onTestFinished(flight.close);
    const { ground } = flight;
    const app = await createApp(ground, {
      tls: null,
      pages: null,
      callsPerMinute: 10_000,
      isBehindProxy: false,
    });
    onTestFinished(async () => {
      await app.close();
    });
    const [till] = flight.terminals;
    if (till === undefined) throw new Error('no terminal');
    for (let i = 0; i < PASSENGERS; i++) till.sell(await flight.enrol(), 1000 + i);
    till.close();
    await flight.deliver(till);
    // Long enough for the database to go while the wallet is answering.
    flight.wechat.control.addFault({ on: 'complete', kind: 'delay', ms: 150, times: 1000 });
    const workers = ['a', 'b'].map((workerId) =>
      runJobs(ground, createOrderJobs({ leaseMs: LEASE_MS }), { workerId, leaseMs: LEASE_MS, pollMs: 50 }),
    );
    onTestFinished(async () => {
      await Promise.all(workers.map((worker) => worker.stop()));
    });

    for (let times = 0; times < 2; times++) {
      const before = flight.wechat.books().orders.reduce((sum, { completeCalls }) => sum + completeCalls, 0);
      await until(() => {
        const calls = flight.wechat.books().orders.reduce((sum, { completeCalls }) => sum + completeCalls, 0);
        return Promise.resolve(calls > before);
      });
      await postgres.kill();
      for (const url of ['/v1/health', '/v1/flights', '/console/api/session']) {
        const cookie = 'cabintill_console=somebody';
        const away = await app.inject({ method: 'GET', url, headers: { cookie } });
        expect([away.statusCode, away.json()]).toEqual([503, { problem: { kind: 'out-of-order' } }]);
        expect(Number(away.headers['retry-after'])).toBeGreaterThan(0);
      }
      await postgres.start();
      expect((await app.inject({ method: 'GET', url: '/v1/health' })).statusCode).toBe(200);
    }

    await until(async () => (await orders(flight))?.every(isFinal) ?? false);
    expect(await flight.deliver(till)).toBe('DUPLICATE');
    const books = flight.wechat.books();
    expect(books.chargedMinor).toBe(till.netMinor());
    expect(books.orders.filter(({ completes }) => completes !== 1)).toEqual([]);
  },
);
