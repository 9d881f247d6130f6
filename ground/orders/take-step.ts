// An order's next step at its wallet (wallets.md): one at a time per order, a second apart, the body frozen before it is
// first sent, a query before anything is repeated. Killed at any point, the next worker picks up where it stopped.
import type { Ground } from '../ground.ts';
import { enqueue } from '../jobs/jobs.ts';
import { reason } from '../web/reasons.ts';
import { addFollowUp } from './follow-ups.ts';
import { jobOf, planStep, type OrderJobKind } from './advance-order.ts';
import { nextStep } from './order-machine.ts';
import { findOrder, releaseLease, takeLease, type OrderRow } from './order-rows.ts';
import { BETWEEN_CALLS_MS, TRIES_A_RUN } from './order-timing.ts';
import { walk, type Hand } from './wallet-calls.ts';

/** What a job does. A job whose order needs something else by now only sees to it that this is asked for. */
export async function takeStep(
  ground: Ground,
  kind: OrderJobKind,
  orderNumber: string,
  leaseMs?: number,
): Promise<void> {
  const order = await findOrder(ground, orderNumber);
  if (order === null) return;
  if (jobOf(order) !== kind) {
    await planStep(ground, order, null);
    return;
  }
  const adapter = await ground.wallets(order.airline, order.wallet);
  if (adapter === null) {
    await reportNoMerchant(ground, order);
    return;
  }
  const lease = await takeLease(ground, orderNumber, leaseMs);
  if (lease === null) {
    const runAtMs = ground.nowMs() + BETWEEN_CALLS_MS;
    await enqueue(ground.db, { kind, key: orderNumber, payload: {}, runAtMs });
    return;
  }
  const hand: Hand = { ground, adapter, orderNumber, lease, hasCalled: false, waitMs: null };
  try {
    await workOn(hand, order, lease.isRepeat);
  } finally {
    await releaseLease(ground, orderNumber, hand.lease);
  }
  const after = await findOrder(ground, orderNumber);
  if (after !== null) await planStep(ground, after, hand.waitMs);
}

/** A few tries; an order that still gets no answer comes back later. */
async function workOn(hand: Hand, first: OrderRow, isRepeat: boolean): Promise<void> {
  let order: OrderRow | null = first;
  for (let tries = 0; tries < TRIES_A_RUN && order !== null; tries++) {
    const step = nextStep(order);
    if (step === null) return;
    const outcome = await walk(hand, step, isRepeat || tries > 0);
    if (outcome !== 'again') return;
    order = await findOrder(hand.ground, hand.orderNumber);
  }
}

async function reportNoMerchant(
  ground: Ground,
  { airline, leg, orderNumber, wallet }: OrderRow,
): Promise<void> {
  const why = reason('no-merchant', { wallet }).text;
  await addFollowUp(ground, { airline, kind: 'wallet-refused', leg, orderNumber }, why);
  // Failing makes the job wait longer each time; it goes on once the merchant is there.
  throw new Error(why);
}
