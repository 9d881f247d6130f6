import type { Ground } from '../ground.ts';
import { readRestingPack } from '../packs/pack-at-rest.ts';
import type { Terminal } from './terminal-door.ts';

export type StoredPack = { readonly n: number; readonly bytes: Uint8Array };

/** The newest pack of a flight, for terminals on its roster only: it names passengers. Null: none for this terminal,
 * or none any more. */
export async function newestPack(
  { db, seal }: Pick<Ground, 'db' | 'seal'>,
  { airline, dev }: Terminal,
  leg: string,
): Promise<StoredPack | null> {
  const row = await db
    .selectFrom('flight_pack')
    .innerJoin('flight', 'flight.leg', 'flight_pack.leg')
    .select(['n', 'bytes', 'bytes_sealed', 'roster'])
    .where('flight.airline', '=', airline)
    .where('flight.leg', '=', leg)
    .orderBy('flight_pack.n', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!row?.roster.some((entry) => entry.dev === dev)) return null;
  const bytes = readRestingPack(seal, row);
  return bytes === null ? null : { n: row.n, bytes };
}
