// threats.md 60 and issue "growing past one machine": several worker processes on one PostgreSQL, killed at any moment.
import { describe, expect, it } from 'vitest';
import { isFinal } from '../../../ground/orders/order.ts';
import { readOrderRow } from '../../../ground/orders/order-rows.ts';
import { createRandom } from '../../faults/seeded-random.ts';
import { startPostgres } from '../../support/postgres.ts';
import { openSettlementScene } from '../../support/settlement-scene.ts';
import { startWorkerProcess } from '../../support/worker-processes.ts';

const PASSENGERS = 24;
const KILLS = 6;

describe('workers that are killed', async () => {
  const postgres = await startPostgres();

  it('charge everybody once all the same', { timeout: 240_000 }, async () => {
    const url = await postgres.newDatabase();
    const flight = await openSettlementScene({ place: { kind: 'postgres', url }, timeoutMs: 2000 });
    const [till] = flight.terminals;
    if (till === undefined) throw new Error('no terminal');
    for (let i = 0; i < PASSENGERS; i++) {
      const customer = await flight.enrol();
      // Every sixth buys nothing.
      if (i % 6 !== 0) till.sell(customer, 1000 + i);
    }
    till.close();
    // Answers take long enough for a worker to die while it waits for one.
    flight.wechat.control.addFault({ on: 'any-call', kind: 'delay', ms: 200, times: 1000 });
    await flight.deliver(till);
    const plan = { url, workers: 4, leaseMs: 3000, merchant: flight.merchant };
    const random = createRandom(20_261_123);
    const workers = [await startWorkerProcess(plan), await startWorkerProcess(plan)];
    for (let i = 0; i < KILLS; i++) {
      await new Promise((resolve) => setTimeout(resolve, random.below(500)));
      const victim = random.below(workers.length);
      await workers[victim]?.kill();
      workers[victim] = await startWorkerProcess(plan);
    }
    await untilSettled(flight.ground.db);
    for (const worker of workers) await worker.kill();
    const books = flight.wechat.books();
    expect(books.chargedMinor).toBe(till.netMinor());
    expect(books.orders.filter(({ completes }) => completes > 1)).toEqual([]);
    expect(books.orders.filter(({ state }) => state.startsWith('REVOKED'))).toHaveLength(PASSENGERS / 6);
    await flight.close();
  });

  async function untilSettled(
    db: Awaited<ReturnType<typeof openSettlementScene>>['ground']['db'],
  ): Promise<void> {
    for (;;) {
      const rows = await db.selectFrom('wallet_order').selectAll().execute();
      if (rows.map(readOrderRow).every(isFinal)) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
});
