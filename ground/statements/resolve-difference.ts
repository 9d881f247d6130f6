// A difference that a person has looked into.
import { fail, ok, type Result } from '../../domain/result.ts';
import type { Ground } from '../ground.ts';

/** `difference-unknown`: the airline has none of this number that is open. */
export async function resolveDifference(
  { db, nowMs }: Pick<Ground, 'db' | 'nowMs'>,
  airline: string,
  id: number,
): Promise<Result<null, 'difference-unknown'>> {
  const { numUpdatedRows } = await db
    .updateTable('difference')
    .set({ resolved_at_ms: nowMs() })
    .where('airline', '=', airline)
    .where('id', '=', id)
    .where('resolved_at_ms', 'is', null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 0n ? fail('difference-unknown') : ok(null);
}
