// Orders as they stand in the database, and who may talk to a wallet about one of them just now.
import type { Kysely, Selectable } from 'kysely';
import type { Tables, WalletOrderTable } from '../database/tables.ts';
import type { Ground } from '../ground.ts';
import type { Order, OrderChange } from './order.ts';
import { BETWEEN_CALLS_MS, LEASE_MS } from './order-timing.ts';

export type OrderRow = Order & {
  readonly orderNumber: string;
  readonly airline: string;
  readonly leg: string;
  readonly cti: string;
  readonly wallet: number;
  readonly stateSinceMs: number;
};

export function readOrderRow(row: Selectable<WalletOrderTable>): OrderRow {
  return {
    orderNumber: row.order_number,
    airline: row.airline,
    leg: row.leg,
    cti: row.cti,
    wallet: row.wallet,
    state: row.state,
    stateSinceMs: row.state_since_ms,
    netMinor: row.net_minor,
    sentBody: row.sent_body,
    totalMinor: row.total_minor,
    paidMinor: row.paid_minor,
    transactionId: row.transaction_id,
    code: row.code,
    tries: row.tries,
  };
}

export async function findOrder(
  { db }: Pick<Ground, 'db'>,
  orderNumber: string,
  airline?: string,
): Promise<OrderRow | null> {
  let query = db.selectFrom('wallet_order').selectAll().where('order_number', '=', orderNumber);
  if (airline !== undefined) query = query.where('airline', '=', airline);
  const row = await query.executeTakeFirst();
  return row === undefined ? null : readOrderRow(row);
}

/** The order, held until the transaction ends. */
export async function lockOrder(db: Kysely<Tables>, orderNumber: string): Promise<OrderRow | null> {
  const row = await db
    .selectFrom('wallet_order')
    .selectAll()
    .where('order_number', '=', orderNumber)
    .forUpdate()
    .executeTakeFirst();
  return row === undefined ? null : readOrderRow(row);
}

export async function changeOrder(
  db: Kysely<Tables>,
  orderNumber: string,
  change: OrderChange & Pick<Partial<OrderRow>, 'state' | 'stateSinceMs'>,
): Promise<void> {
  const columns: Readonly<Record<string, unknown>> = {
    state: change.state,
    state_since_ms: change.stateSinceMs,
    net_minor: change.netMinor,
    sent_body: change.sentBody,
    total_minor: change.totalMinor,
    paid_minor: change.paidMinor,
    transaction_id: change.transactionId,
    code: change.code,
    tries: change.tries,
  };
  await db.updateTable('wallet_order').set(columns).where('order_number', '=', orderNumber).execute();
}

export type OrderLease = {
  /** The wallet may have been called about it before. */
  readonly isRepeat: boolean;
  readonly untilMs: number;
  readonly lengthMs: number;
};

/**
 * The right to talk to the wallet about this order. Null: somebody else has it, or the last call was less than a second
 * ago. No transaction is open meanwhile; whoever dies with it loses it when the time is up.
 */
export async function takeLease(
  { db, nowMs }: Pick<Ground, 'db' | 'nowMs'>,
  orderNumber: string,
  lengthMs = LEASE_MS,
): Promise<OrderLease | null> {
  const atMs = nowMs();
  const before = await db
    .selectFrom('wallet_order')
    .select('lease_until_ms')
    .where('order_number', '=', orderNumber)
    .executeTakeFirst();
  if (before === undefined) return null;
  const held = before.lease_until_ms;
  if (held !== null && held > atMs) return null;
  const untilMs = atMs + lengthMs;
  const isTaken = await moveLease(db, orderNumber, held, untilMs);
  return isTaken ? { isRepeat: held !== null, untilMs, lengthMs } : null;
}

/** Holds on for another call; null when the time was up and somebody else has taken it. */
export async function renewLease(
  { db, nowMs }: Pick<Ground, 'db' | 'nowMs'>,
  orderNumber: string,
  lease: OrderLease,
): Promise<OrderLease | null> {
  // Never the same moment as before: the moment is what tells this holder from another.
  const untilMs = Math.max(nowMs() + lease.lengthMs, lease.untilMs + 1);
  return (await moveLease(db, orderNumber, lease.untilMs, untilMs)) ? { ...lease, untilMs } : null;
}

/** The next call may be made a second from now. */
export async function releaseLease(
  { db, nowMs }: Pick<Ground, 'db' | 'nowMs'>,
  orderNumber: string,
  lease: OrderLease,
): Promise<void> {
  await moveLease(db, orderNumber, lease.untilMs, nowMs() + BETWEEN_CALLS_MS);
}

async function moveLease(
  db: Kysely<Tables>,
  orderNumber: string,
  fromMs: number | null,
  toMs: number,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('wallet_order')
    .set({ lease_until_ms: toMs })
    .where('order_number', '=', orderNumber)
    .where('lease_until_ms', fromMs === null ? 'is' : '=', fromMs)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}
