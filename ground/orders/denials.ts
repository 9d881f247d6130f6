// Who owes for one flight is not sold to on credit on the next, until it is paid: then the list clears itself.
import { addDeny, removeDeny } from '../flights/deny-list.ts';
import type { Ground } from '../ground.ts';
import type { OrderRow } from './order-rows.ts';

const WORKER = 'worker';

/** Denies every code of the person behind the order whose flight is not over; their own of this flight as well. */
export async function denyPerson(ground: Ground, order: OrderRow): Promise<void> {
  for (const cti of await codesOf(ground, order)) {
    await addDeny(ground, order.airline, { cti, why: 'unpaid', by: WORKER });
  }
}

/** Takes off what was denied for owing, once the person owes nothing any more. */
export async function clearPerson(ground: Ground, order: OrderRow): Promise<void> {
  const account = await accountOf(ground, order.cti);
  if (account !== null) {
    const owing = await ground.db
      .selectFrom('wallet_order')
      .innerJoin('passenger', 'passenger.cti', 'wallet_order.cti')
      .select('wallet_order.order_number')
      .where('passenger.airline', '=', order.airline)
      .where('passenger.wallet', '=', order.wallet)
      .where('passenger.account_hash', '=', account)
      .where('wallet_order.order_number', '!=', order.orderNumber)
      .where('wallet_order.state', '=', 'UNPAID_RETRY')
      .executeTakeFirst();
    if (owing !== undefined) return;
  }
  const denied = await ground.db
    .selectFrom('deny')
    .select('cti')
    .where('airline', '=', order.airline)
    .where('why', '=', 'unpaid')
    .where('added_by', '=', WORKER)
    .where('removed_at_ms', 'is', null)
    .where('cti', 'in', await allCodesOf(ground, order, account))
    .execute();
  for (const { cti } of denied) await removeDeny(ground, order.airline, { cti, by: WORKER });
}

async function codesOf(ground: Ground, order: OrderRow): Promise<readonly string[]> {
  const account = await accountOf(ground, order.cti);
  if (account === null) return [order.cti];
  const coming = await ground.db
    .selectFrom('passenger')
    .innerJoin('flight', 'flight.leg', 'passenger.leg')
    .select('passenger.cti')
    .where('passenger.airline', '=', order.airline)
    .where('passenger.wallet', '=', order.wallet)
    .where('passenger.account_hash', '=', account)
    .where('passenger.status', '=', 'enrolled')
    .where('flight.sta_s', '>', Math.floor(ground.nowMs() / 1000))
    .execute();
  return [...new Set([order.cti, ...coming.map(({ cti }) => cti)])];
}

async function allCodesOf(
  { db }: Ground,
  { airline, wallet, cti }: OrderRow,
  account: string | null,
): Promise<readonly string[]> {
  if (account === null) return [cti];
  const rows = await db
    .selectFrom('passenger')
    .select('cti')
    .where('airline', '=', airline)
    .where('wallet', '=', wallet)
    .where('account_hash', '=', account)
    .execute();
  return [...new Set([cti, ...rows.map((row) => row.cti)])];
}

async function accountOf({ db }: Ground, cti: string): Promise<string | null> {
  const row = await db
    .selectFrom('passenger')
    .select('account_hash')
    .where('cti', '=', cti)
    .executeTakeFirst();
  return row?.account_hash ?? null;
}
