// Settlement of a whole flight against the wallet's simulator over HTTP: from the delivered batch to the last payment.
import { isFinal } from '../../ground/orders/order.ts';
import { readOrderRow } from '../../ground/orders/order-rows.ts';
import { orderJobs } from '../../ground/orders/order-jobs.ts';
import { runJobs } from '../../ground/jobs/run-jobs.ts';
import { startCluster } from '../support/postgres-cluster.ts';
import { openSettlementScene, type SceneOptions, type SettlementScene } from '../support/settlement-scene.ts';
import { startWorkerProcess } from '../support/worker-processes.ts';
import type { Measured } from './row.ts';

const PASSENGERS = 200;
/** Of all passengers, those who buy nothing: their orders are released. */
const EVERY_NTH_BUYS_NOTHING = 4;
/** Orders a process has in hand at once; most of an order's time is waiting for the wallet. */
const WORKERS = 16;

/** 200 passengers end to end: batch judged and stored, counted, charged or released, paid; one process, embedded database. */
export async function measureSettlement(): Promise<Measured> {
  const yardstickMs = await measureBareCalls();
  const flight = await openFullFlight({});
  try {
    const startedMs = performance.now();
    await deliver(flight);
    const workers = Array.from({ length: WORKERS }, (_, i) =>
      runJobs(flight.ground, orderJobs, { workerId: i.toString(), pollMs: 50 }),
    );
    await untilSettled(flight);
    const values = [performance.now() - startedMs];
    await Promise.all(workers.map((worker) => worker.stop()));
    checkBooks(flight);
    return { name: 'settle_200_passengers', unit: 'ms', values, yardsticks: [yardstickMs] };
  } finally {
    await flight.close();
  }
}

const WORKER_ROWS = { 1: 'settle_workers_1', 2: 'settle_workers_2', 4: 'settle_workers_4' } as const;

/** The same flight on one PostgreSQL, settled by 1, 2 or 4 worker processes. */
export async function measureWorkers(processes: 1 | 2 | 4): Promise<Measured> {
  const yardstickMs = await measureBareCalls();
  const cluster = await startCluster();
  try {
    const url = await cluster.newDatabase();
    const flight = await openFullFlight({ place: { kind: 'postgres', url } });
    const plan = { url, workers: WORKERS, leaseMs: 20_000, merchant: flight.merchant };
    const workers = await Promise.all(Array.from({ length: processes }, () => startWorkerProcess(plan)));
    try {
      const startedMs = performance.now();
      await deliver(flight);
      await untilSettled(flight);
      const values = [performance.now() - startedMs];
      checkBooks(flight);
      return { name: WORKER_ROWS[processes], unit: 'ms', values, yardsticks: [yardstickMs] };
    } finally {
      await Promise.all(workers.map((worker) => worker.kill()));
      await flight.close();
    }
  } finally {
    await cluster.remove();
  }
}

async function openFullFlight(options: SceneOptions): Promise<SettlementScene> {
  const flight = await openSettlementScene({ ...options, timeoutMs: 10_000 });
  const till = onlyTill(flight);
  for (let i = 0; i < PASSENGERS; i++) {
    const customer = await flight.enrol();
    if (i % EVERY_NTH_BUYS_NOTHING === 0) continue;
    till.sell(customer, 2500, 2);
    till.sell(customer, 800 + i);
  }
  till.close();
  return flight;
}

async function deliver(flight: SettlementScene): Promise<void> {
  const status = await flight.deliver(onlyTill(flight));
  if (status !== 'ACCEPTED') throw new Error(`the batch is ${status}`);
}

function onlyTill({ terminals }: SettlementScene) {
  const [till] = terminals;
  if (till === undefined) throw new Error('the flight has no terminal');
  return till;
}

async function untilSettled({ ground }: SettlementScene): Promise<void> {
  for (;;) {
    const rows = await ground.db.selectFrom('wallet_order').selectAll().execute();
    if (rows.map(readOrderRow).every(isFinal)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A measurement that charged wrongly is none. */
function checkBooks(flight: SettlementScene): void {
  const { orders, chargedMinor } = flight.wechat.books();
  const isOnce = orders.every(({ completes }) => completes <= 1);
  if (!isOnce || chargedMinor !== onlyTill(flight).netMinor()) throw new Error('the books do not agree');
}

/** The yardstick: one query for each passenger, 16 at a time. */
async function measureBareCalls(): Promise<number> {
  const flight = await openSettlementScene({ timeoutMs: 10_000 });
  try {
    const numbers: string[] = [];
    for (let i = 0; i < PASSENGERS; i++) numbers.push((await flight.enrol()).orderNumber);
    const adapter = await flight.ground.wallets(flight.airline, 1);
    const startedMs = performance.now();
    await Promise.all(
      Array.from({ length: WORKERS }, async (_, worker) => {
        for (let i = worker; i < numbers.length; i += WORKERS) await adapter?.confirmStatus(numbers[i] ?? '');
      }),
    );
    return performance.now() - startedMs;
  } finally {
    await flight.close();
  }
}
