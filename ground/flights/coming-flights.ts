// Flights that have not arrived: whatever changes on ground reaches their terminals with a pack.
import type { Selectable } from 'kysely';
import type { FlightTable } from '../database/tables.ts';
import type { Ground } from '../ground.ts';
import { enqueue } from '../jobs/jobs.ts';

type Clocked = Pick<Ground, 'db' | 'nowMs'>;

export type ComingFlight = Pick<Selectable<FlightTable>, 'leg' | 'std_s' | 'crew' | 'loading'>;

/** Planned and not arrived, by departure. */
export async function comingFlights(
  { db, nowMs }: Clocked,
  airline: string,
): Promise<readonly ComingFlight[]> {
  return await db
    .selectFrom('flight')
    .select(['leg', 'std_s', 'crew', 'loading'])
    .where('airline', '=', airline)
    .where('status', '=', 'planned')
    .where('sta_s', '>', Math.floor(nowMs() / 1000))
    .orderBy('std_s')
    .orderBy('leg')
    .execute();
}

/** Asks for the next pack of these flights; one that would say the same is not made. */
export async function askForPacks({ db, nowMs }: Clocked, legs: readonly string[]): Promise<void> {
  const runAtMs = nowMs();
  for (const leg of legs) await enqueue(db, { kind: 'refresh-pack', key: leg, payload: {}, runAtMs });
}
