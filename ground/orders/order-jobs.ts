// The jobs of settlement. Any number of workers take them; whatever one of them has begun, another can finish.
import type { JobHandlers } from '../jobs/run-jobs.ts';
import type { Ground } from '../ground.ts';
import { enqueue } from '../jobs/jobs.ts';
import { reason } from '../web/reasons.ts';
import { aggregateLeg } from './aggregate-leg.ts';
import { planStep } from './advance-order.ts';
import { readOrderRow } from './order-rows.ts';
import { LEASE_MS, READY_TIMER_MS } from './order-timing.ts';
import { settleFinishedLegs } from './settle-legs.ts';
import { takeStep } from './take-step.ts';

/** Keys: the leg, the order number, or `all`. */
export const orderJobs: JobHandlers = createOrderJobs();

/** `leaseMs`: after how long an order is taken from a worker that died; longer than the wallet's slowest answer. */
export function createOrderJobs({ leaseMs }: { readonly leaseMs?: number } = {}): JobHandlers {
  return {
    'aggregate-leg': async (ground, { key }) => {
      await aggregateLeg(ground, key);
      await planLegTimer(ground, key);
    },
    'leg-timer': (ground, { key }) => runLegTimer(ground, key),
    'settle-order': (ground, { key }) => takeStep(ground, 'settle-order', key, leaseMs),
    'cancel-order': (ground, { key }) => takeStep(ground, 'cancel-order', key, leaseMs),
    'watch-order': (ground, { key }) => takeStep(ground, 'watch-order', key, leaseMs),
    'sweep-orders': async (ground) => {
      await sweepOrders(ground);
      await startOrderSweep(ground, SWEEP_EVERY_MS);
    },
  };
}

const SWEEP_EVERY_MS = 5 * 60_000;
const MOST_AT_ONCE = 500;

/** Called once when ground starts; the sweep then asks for itself. */
export async function startOrderSweep(ground: Ground, afterMs = 0): Promise<void> {
  const runAtMs = ground.nowMs() + afterMs;
  await enqueue(ground.db, { kind: 'sweep-orders', key: 'all', payload: {}, runAtMs });
}

/** 24 hours after the scheduled arrival nobody waits for a terminal any longer (settlement.md 6.5). */
export async function planLegTimer({ db, nowMs }: Ground, leg: string): Promise<void> {
  const flight = await db
    .selectFrom('flight')
    .select(['sta_s', 'status'])
    .where('leg', '=', leg)
    .executeTakeFirst();
  if (flight === undefined || flight.status === 'settled') return;
  const dueMs = flight.sta_s * 1000 + READY_TIMER_MS;
  if (dueMs < nowMs()) return;
  await enqueue(db, { kind: 'leg-timer', key: leg, payload: {}, runAtMs: dueMs });
}

async function runLegTimer(ground: Ground, leg: string): Promise<void> {
  const { numUpdatedRows } = await ground.db
    .updateTable('leg_terminal')
    .set({ status: 'released', at_ms: ground.nowMs(), cause: reason('day-after').text })
    .where('leg', '=', leg)
    .where('status', '=', 'expected')
    .executeTakeFirstOrThrow();
  if (numUpdatedRows > 0n) ground.log.info('leg-released-by-timer', { leg });
  await aggregateLeg(ground, leg);
}

/**
 * Finds what has no job: flights nothing was ever delivered for, and orders whose worker died between two writes. Jobs
 * that are there already stay as they are.
 */
async function sweepOrders(ground: Ground): Promise<void> {
  const { db, nowMs } = ground;
  const atMs = nowMs();
  const overdue = await db
    .selectFrom('flight')
    .select('leg')
    .where('status', 'in', ['planned', 'cancelled'])
    .where('sta_s', '<=', Math.floor((atMs - READY_TIMER_MS) / 1000))
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('wallet_order')
          .select('order_number')
          .whereRef('wallet_order.leg', '=', 'flight.leg')
          .where('state', 'in', ['ENROLLED', 'OPEN', 'AGGREGATING']),
      ),
    )
    .limit(MOST_AT_ONCE)
    .execute();
  for (const { leg } of overdue) {
    await enqueue(db, { kind: 'leg-timer', key: leg, payload: {}, runAtMs: atMs });
  }
  const stranded = await db
    .selectFrom('wallet_order')
    .selectAll()
    .where('state', 'in', ['READY', 'COMPLETE_SENT', 'USER_PAYING', 'LOWERED', 'UNPAID_RETRY'])
    .where('state_since_ms', '<', atMs - LEASE_MS)
    .where((eb) =>
      eb.not(
        eb.exists(eb.selectFrom('job').select('id').whereRef('job.key', '=', 'wallet_order.order_number')),
      ),
    )
    .limit(MOST_AT_ONCE)
    .execute();
  for (const row of stranded) await planStep(ground, readOrderRow(row), null);
  await settleFinishedLegs(db);
}
