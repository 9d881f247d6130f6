// One leg counted: every passenger's order brought to what the journals say now. Asked for after every batch and copy;
// what has not changed costs one look.
import { isDatabaseAway } from '../database/database-away.ts';
import type { Ground } from '../ground.ts';
import { reason } from '../web/reasons.ts';
import { advanceOrder } from './advance-order.ts';
import { countPassenger } from './count-passenger.ts';
import { addFollowUp } from './follow-ups.ts';
import { legStanding, type LegStanding } from './leg-standing.ts';
import { decide } from './order-machine.ts';
import { readOrderRow, type OrderRow } from './order-rows.ts';
import type { OrderEvent } from './order.ts';
import { settleFinishedLegs } from './settle-legs.ts';
import { readLeg, readMoney, readSetAside, type LegRow } from './read-leg.ts';

/** One order that cannot be counted never stops the others; it makes this reject in the end, to be tried again. */
export async function aggregateLeg(ground: Ground, leg: string): Promise<void> {
  const flight = await readLeg(ground, leg);
  if (flight === null) {
    ground.log.warn('leg-unknown', { leg });
    return;
  }
  const standing = legStanding(flight, ground.nowMs());
  const orders = await ordersOf(ground, leg);
  const money = await readMoney(ground, flight);
  const setAside = await readSetAside(ground, leg);
  const failed: string[] = [];
  for (const order of orders) {
    const counted = countPassenger(order.orderNumber, money.get(order.cti) ?? [], setAside);
    const { netMinor, hasSales, fault, undecided } = counted;
    const { isReady, isClosing } = standing;
    const event = { kind: 'counted', netMinor, hasSales, fault, undecided, isReady, isClosing } as const;
    if (!(await count(ground, order, event))) failed.push(order.orderNumber);
  }
  await reportStrangers(ground, flight, new Set(orders.map(({ cti }) => cti)), [...money.keys()]);
  await closeLeg(ground, flight, standing);
  if (failed.length > 0) throw new Error(`orders not counted: ${failed.join(', ')}`);
}

async function ordersOf({ db }: Ground, leg: string): Promise<readonly OrderRow[]> {
  const rows = await db
    .selectFrom('wallet_order')
    .selectAll()
    .where('leg', '=', leg)
    .orderBy('order_number')
    .execute();
  return rows.map(readOrderRow);
}

async function count(ground: Ground, order: OrderRow, event: OrderEvent): Promise<boolean> {
  const outlook = decide(order, event);
  if (outlook.ok && outlook.value === null) return true;
  try {
    return (await advanceOrder(ground, order.orderNumber, event)).ok;
  } catch (error) {
    if (isDatabaseAway(error)) throw error;
    ground.log.error('order-not-counted', { order: order.orderNumber });
    return false;
  }
}

/** Sales for a code that ground never gave an order to: whoever sold them must be asked. */
async function reportStrangers(
  ground: Ground,
  { airline, leg }: LegRow,
  known: ReadonlySet<string>,
  sold: readonly string[],
): Promise<void> {
  const strangers = sold.filter((cti) => !known.has(cti)).sort();
  if (strangers.length === 0) return;
  const codes = strangers.slice(0, 5).join(', ');
  const n = strangers.length - 5;
  const why =
    n > 0 ? reason('codes-without-order-more', { codes, n }) : reason('codes-without-order', { codes });
  await addFollowUp(ground, { airline, kind: 'unknown-passenger', leg }, why.text);
}

/** `closed` once all terminals are in; `settled` once no order of it waits for anything. */
async function closeLeg({ db }: Ground, { leg, status }: LegRow, { isReady }: LegStanding): Promise<void> {
  if (!isReady || status === 'cancelled') return;
  if (status === 'planned') {
    await db
      .updateTable('flight')
      .set({ status: 'closed' })
      .where('leg', '=', leg)
      .where('status', '=', 'planned')
      .execute();
  }
  await settleFinishedLegs(db, leg);
}
