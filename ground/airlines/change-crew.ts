// Crew join, get another PIN or role, and leave. Coming flights are never left with somebody unknown or without a purser.
import { fail, ok, type Result } from '../../domain/result.ts';
import { inTransaction } from '../database/in-transaction.ts';
import { askForPacks, comingFlights, type ComingFlight } from '../flights/coming-flights.ts';
import type { Ground } from '../ground.ts';
import type { CrewEntry } from './airline-file.ts';
import { writeAudit } from './audit.ts';
import { findCrewFault, saveCrewMember, type CrewProblem } from './crew.ts';

export type CrewChange = { readonly crew: readonly CrewEntry[]; readonly remove: readonly string[] };

export type CrewChangeFault =
  | { readonly kind: 'member'; readonly id: string; readonly why: CrewProblem | 'stands-twice' | 'unknown' }
  | { readonly kind: 'on-a-flight'; readonly id: string; readonly leg: string }
  | { readonly kind: 'no-purser'; readonly leg: string };

/** All of the change or none of it; answers the flights whose packs are made anew. */
export async function changeCrew(
  ground: Ground,
  airline: string,
  change: CrewChange,
  by: string,
): Promise<Result<{ readonly legs: readonly string[] }, CrewChangeFault>> {
  return await inTransaction(ground, async (inside) => {
    const flights = await comingFlights(inside, airline);
    const fault = findChangeFault(change, await rolesOf(inside, airline), flights);
    if (fault !== null) return fail(fault);
    for (const { pin, ...member } of change.crew) {
      const saved = await saveCrewMember(inside, airline, {
        ...member,
        ...(pin === undefined ? {} : { pin }),
        by,
      });
      if (!saved.ok) throw new Error(`crew ${member.id}: ${saved.error}`);
    }
    for (const id of change.remove) await removeMember(inside, airline, id, by);
    const changed = new Set(change.crew.map(({ id }) => id));
    const legs = flights.filter(({ crew }) => crew.some((id) => changed.has(id))).map(({ leg }) => leg);
    await askForPacks(inside, legs);
    return ok({ legs });
  });
}

function findChangeFault(
  { crew, remove }: CrewChange,
  known: ReadonlyMap<string, string>,
  flights: readonly ComingFlight[],
): CrewChangeFault | null {
  const named = [...crew.map(({ id }) => id), ...remove];
  const twice = named.find((id, i) => named.indexOf(id) !== i);
  if (twice !== undefined) return { kind: 'member', id: twice, why: 'stands-twice' };
  for (const member of crew) {
    const why = findCrewFault(member);
    if (why !== null) return { kind: 'member', id: member.id, why };
  }
  const unknown = remove.find((id) => !known.has(id));
  if (unknown !== undefined) return { kind: 'member', id: unknown, why: 'unknown' };
  const roles = new Map([...known, ...crew.map(({ id, role }) => [id, role] as const)]);
  for (const { leg, crew: ids } of flights) {
    const leaving = ids.find((id) => remove.includes(id));
    if (leaving !== undefined) return { kind: 'on-a-flight', id: leaving, leg };
    if (!ids.some((id) => roles.get(id) === 'purser')) return { kind: 'no-purser', leg };
  }
  return null;
}

async function rolesOf({ db }: Ground, airline: string): Promise<ReadonlyMap<string, string>> {
  const rows = await db
    .selectFrom('crew')
    .select(['crew_id', 'role'])
    .where('airline', '=', airline)
    .execute();
  return new Map(rows.map(({ crew_id, role }) => [crew_id, role]));
}

async function removeMember(ground: Ground, airline: string, id: string, by: string): Promise<void> {
  await ground.db.deleteFrom('crew').where('airline', '=', airline).where('crew_id', '=', id).execute();
  await writeAudit(ground, { who: by, airline, what: 'crew-removed', detail: { id } });
}
