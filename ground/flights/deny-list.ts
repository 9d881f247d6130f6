// Cabin codes nobody may sell to. An entry clears itself once its code has expired: then nobody can show it any more.
import { sql } from 'kysely';
import { fail, ok, type Result } from '../../domain/result.ts';
import { writeAudit } from '../airlines/audit.ts';
import { refreshComingPacks } from '../airlines/devices.ts';
import { inTransaction } from '../database/in-transaction.ts';
import type { DenyTable } from '../database/tables.ts';
import type { Ground } from '../ground.ts';

/** A code is valid until 12 hours after arrival (cabin-code.md 2.2), and the skew of a terminal's clock. */
const CODE_LIFE_AFTER_ARRIVAL_SECONDS = 12 * 3600 + 300;
/** A code that is not ours to date cannot live longer than this (48 hours and the issuer's 6 before departure). */
const LONGEST_CODE_LIFE_MS = 60 * 3_600_000;

export type DenyList = { readonly version: number; readonly ctis: readonly string[] };

/** The list in force now, in the order of its ids. */
export async function denyListOf({ db }: Pick<Ground, 'db'>, airline: string): Promise<DenyList> {
  const { deny_version: version } = await db
    .selectFrom('airline')
    .select('deny_version')
    .where('airline', '=', airline)
    .executeTakeFirstOrThrow();
  const rows = await db
    .selectFrom('deny')
    .select('cti')
    .where('airline', '=', airline)
    .where('removed_at_ms', 'is', null)
    .orderBy('cti')
    .execute();
  return { version, ctis: rows.map(({ cti }) => cti) };
}

/** The newest entries in force, newest first, and whether there are more. */
export async function newestDenials(
  { db }: Pick<Ground, 'db'>,
  airline: string,
  most: number,
): Promise<DenyList & { readonly isCut: boolean }> {
  const { deny_version: version } = await db
    .selectFrom('airline')
    .select('deny_version')
    .where('airline', '=', airline)
    .executeTakeFirstOrThrow();
  const rows = await db
    .selectFrom('deny')
    .select('cti')
    .where('airline', '=', airline)
    .where('removed_at_ms', 'is', null)
    .orderBy('added_at_ms', 'desc')
    .orderBy('cti', 'desc')
    .limit(most + 1)
    .execute();
  return { version, ctis: rows.slice(0, most).map(({ cti }) => cti), isCut: rows.length > most };
}

/** Puts a code on the list. Once more for the same code keeps the first entry, or brings back one that was removed. */
export async function addDeny(
  ground: Ground,
  airline: string,
  entry: { readonly cti: string; readonly why: DenyTable['why']; readonly by: string },
): Promise<Result<{ readonly version: number }, 'cti-malformed'>> {
  const { cti, why, by } = entry;
  if (!/^[0-9a-f]{16}$/.test(cti)) return fail('cti-malformed');
  return await inTransaction(ground, async (inside) => {
    const values = { why, added_at_ms: inside.nowMs(), added_by: by, removed_at_ms: null };
    const { numInsertedOrUpdatedRows } = await inside.db
      .insertInto('deny')
      .values({ airline, cti, ...values })
      .onConflict((conflict) =>
        conflict.columns(['airline', 'cti']).doUpdateSet(values).where('deny.removed_at_ms', 'is not', null),
      )
      .executeTakeFirstOrThrow();
    if ((numInsertedOrUpdatedRows ?? 0n) === 0n) {
      return ok({ version: (await denyListOf(inside, airline)).version });
    }
    const version = await changed(inside, airline);
    await writeAudit(inside, { who: by, airline, what: 'deny-added', detail: { cti, why } });
    return ok({ version });
  });
}

/** Takes a code off the list again: what was owed is paid, the phone was found. */
export async function removeDeny(
  ground: Ground,
  airline: string,
  { cti, by }: { readonly cti: string; readonly by: string },
): Promise<Result<{ readonly version: number }, 'not-on-the-list'>> {
  return await inTransaction(ground, async (inside) => {
    const { numUpdatedRows } = await inside.db
      .updateTable('deny')
      .set({ removed_at_ms: inside.nowMs() })
      .where('airline', '=', airline)
      .where('cti', '=', cti)
      .where('removed_at_ms', 'is', null)
      .executeTakeFirstOrThrow();
    if (numUpdatedRows === 0n) return fail('not-on-the-list');
    const version = await changed(inside, airline);
    await writeAudit(inside, { who: by, airline, what: 'deny-removed', detail: { cti } });
    return ok({ version });
  });
}

/** Takes off what has expired; answers how many. The version rises only where something went. */
export async function clearExpiredDenials(ground: Ground, airline: string): Promise<number> {
  return await inTransaction(ground, async (inside) => {
    const nowMs = inside.nowMs();
    const arrivedBefore = Math.floor(nowMs / 1000) - CODE_LIFE_AFTER_ARRIVAL_SECONDS;
    const { numUpdatedRows } = await inside.db
      .updateTable('deny')
      .set({ removed_at_ms: nowMs })
      .where('airline', '=', airline)
      .where('removed_at_ms', 'is', null)
      .where(
        sql<boolean>`coalesce(
          (select flight.sta_s < ${arrivedBefore} from passenger join flight using (leg) where passenger.cti = deny.cti),
          deny.added_at_ms < ${nowMs - LONGEST_CODE_LIFE_MS}
        )`,
      )
      .executeTakeFirstOrThrow();
    if (numUpdatedRows === 0n) return 0;
    await raiseVersion(inside, airline);
    return Number(numUpdatedRows);
  });
}

async function changed(ground: Ground, airline: string): Promise<number> {
  const version = await raiseVersion(ground, airline);
  await refreshComingPacks(ground, airline);
  return version;
}

async function raiseVersion({ db }: Ground, airline: string): Promise<number> {
  const { deny_version } = await db
    .updateTable('airline')
    .set({ deny_version: sql<number>`deny_version + 1` })
    .where('airline', '=', airline)
    .returning('deny_version')
    .executeTakeFirstOrThrow();
  return deny_version;
}
