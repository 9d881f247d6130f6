import type { Kysely } from 'kysely';
import type { Tables } from '../database/tables.ts';

/**
 * Calls a closed flight settled once none of its orders waits for anything (`isFinal` in `order.ts`, in SQL); all such
 * flights when none is named. Two orders that end in the same moment may each miss the other: the sweep finds those.
 */
export async function settleFinishedLegs(db: Kysely<Tables>, leg?: string): Promise<void> {
  let update = db
    .updateTable('flight')
    .set({ status: 'settled' })
    .where('status', '=', 'closed')
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('wallet_order')
            .select('order_number')
            .whereRef('wallet_order.leg', '=', 'flight.leg')
            .where('state', 'not in', ['PAID', 'CANCELLED', 'WRITTEN_OFF'])
            .where((or) =>
              or.or([
                or('state', '!=', 'LATE_EXCESS'),
                or.and([or('total_minor', 'is not', null), or('paid_minor', 'is', null)]),
              ]),
            ),
        ),
      ),
    );
  if (leg !== undefined) update = update.where('leg', '=', leg);
  await update.execute();
}
