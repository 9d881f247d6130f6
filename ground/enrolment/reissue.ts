// A new tier of somebody who has enrolled already: their code is signed again while enrolment is open, and their line on
// the passenger list follows with the next pack.
import { enqueue } from '../jobs/jobs.ts';
import type { Ground } from '../ground.ts';
import { findFlightRefusal } from './open-flights.ts';
import { issueFor } from './issue.ts';

export async function reissueFor(
  ground: Ground,
  {
    airline,
    wallet,
    accountHash,
  }: { readonly airline: string; readonly wallet: number; readonly accountHash: string },
  tier: number,
): Promise<void> {
  const { db, nowMs } = ground;
  const passengers = await db
    .selectFrom('passenger')
    .selectAll()
    .where('airline', '=', airline)
    .where('wallet', '=', wallet)
    .where('account_hash', '=', accountHash)
    .where('status', '=', 'enrolled')
    .where('tier', '!=', tier)
    .execute();
  for (const passenger of passengers) {
    const flight = await db
      .selectFrom('flight')
      .selectAll()
      .where('leg', '=', passenger.leg)
      .executeTakeFirstOrThrow();
    if (findFlightRefusal(flight, nowMs()) !== null) continue;
    const cred = await issueFor(ground, passenger, flight, tier);
    await db.updateTable('passenger').set({ tier, cred }).where('cti', '=', passenger.cti).execute();
    await enqueue(db, { kind: 'refresh-pack', key: flight.leg, payload: {}, runAtMs: nowMs() });
  }
}
