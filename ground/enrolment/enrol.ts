// The moment an enrolment counts: credential, order and state change together or not at all.
import { fail, ok, type Result } from '../../domain/result.ts';
import { inTransaction } from '../database/in-transaction.ts';
import { addDeny } from '../flights/deny-list.ts';
import { enqueue } from '../jobs/jobs.ts';
import { tierOf } from '../members/members.ts';
import { advanceOrder } from '../orders/advance-order.ts';
import type { Ground } from '../ground.ts';
import type { EnrolmentRefusal } from '../web/phone-api.ts';
import { reason } from '../web/reasons.ts';
import { issueFor, type PassengerRow } from './issue.ts';
import { findFlightRefusal } from './open-flights.ts';

/** Enrolments come in groups: a pack waits this long for the next one. */
const PACK_WAITS_MS = 3000;

/**
 * Enrols a passenger whose order stands open at the wallet. `not-waiting`: somebody has decided about it meanwhile. An
 * earlier enrolment of the same account for the same seat gives way: its code is denied and its order released.
 */
export async function enrol(
  ground: Ground,
  cti: string,
): Promise<Result<null, EnrolmentRefusal | 'not-waiting'>> {
  return await inTransaction(ground, async (inside) => {
    const { db } = inside;
    const found = await db.selectFrom('passenger').select('leg').where('cti', '=', cti).executeTakeFirst();
    if (found === undefined) return fail('not-waiting');
    // One enrolment of a flight after the other, and none while a pack is being made.
    const flight = await db
      .selectFrom('flight')
      .selectAll()
      .where('leg', '=', found.leg)
      .forNoKeyUpdate()
      .executeTakeFirstOrThrow();
    const passenger = await db
      .selectFrom('passenger')
      .selectAll()
      .where('cti', '=', cti)
      .executeTakeFirstOrThrow();
    if (passenger.status !== 'waiting') return fail('not-waiting');
    const refusal = findFlightRefusal(flight, inside.nowMs()) ?? (await makeRoom(inside, passenger));
    if (refusal !== null) return fail(refusal);
    const tier = await tierOf(inside, passenger.airline, passenger.wallet, passenger.account_hash ?? '');
    const cred = await issueFor(inside, passenger, flight, tier);
    const nowMs = inside.nowMs();
    await db
      .updateTable('passenger')
      .set({ status: 'enrolled', tier, cred, enrolled_at_ms: nowMs, wallet_state: null })
      .where('cti', '=', cti)
      .execute();
    await openOrder(inside, passenger);
    const job = { kind: 'refresh-pack', key: flight.leg, payload: {}, runAtMs: nowMs + PACK_WAITS_MS };
    await enqueue(db, job);
    return ok(null);
  });
}

async function makeRoom(ground: Ground, passenger: PassengerRow): Promise<EnrolmentRefusal | null> {
  const { airline, leg, seat, wallet, account_hash: account } = passenger;
  const before = await ground.db
    .selectFrom('passenger')
    .select(['cti', 'order_number', 'wallet', 'account_hash'])
    .where('leg', '=', leg)
    .where('seat', '=', seat)
    .where('status', '=', 'enrolled')
    .executeTakeFirst();
  if (before === undefined) return null;
  if (before.wallet !== wallet || account === null || before.account_hash !== account) return 'seat-taken';
  const released = await advanceOrder(
    ground,
    before.order_number,
    { kind: 'no-show', why: 'enrolled again on another phone' },
    { who: 'worker' },
  );
  // Something has been bought with it, or it is on its way to the wallet: it stays.
  if (!released.ok) return 'seat-taken';
  await ground.db
    .updateTable('passenger')
    .set({ status: 'refused', refused_why: 'seat-taken' })
    .where('cti', '=', before.cti)
    .execute();
  await addDeny(ground, airline, { cti: before.cti, why: 'lost-phone', by: 'worker' });
  return null;
}

async function openOrder({ db, nowMs }: Ground, passenger: PassengerRow): Promise<void> {
  const { order_number, airline, leg, cti, wallet } = passenger;
  await db
    .insertInto('wallet_order')
    .values({
      order_number,
      airline,
      leg,
      cti,
      wallet,
      state: 'ENROLLED',
      state_since_ms: nowMs(),
      sent_body: null,
      total_minor: null,
      paid_minor: null,
      transaction_id: null,
      code: null,
      created_at_ms: nowMs(),
      lease_until_ms: null,
    })
    .execute();
  await db
    .insertInto('order_transition')
    .values({
      order_number,
      at_ms: nowMs(),
      from_state: null,
      to_state: 'ENROLLED',
      cause: reason('enrolled').text,
      detail: null,
    })
    .execute();
}

/** Ends a waiting enrolment with its reason; one that has been decided stays as it is. */
export async function refuse({ db }: Ground, cti: string, why: EnrolmentRefusal): Promise<void> {
  await db
    .updateTable('passenger')
    .set({ status: 'refused', refused_why: why, wallet_state: null })
    .where('cti', '=', cti)
    .where('status', '=', 'waiting')
    .execute();
}
