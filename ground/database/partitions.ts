// The events' partitions: one per airline, each cut by month of the leg (yyyymm).
import { sql, type Kysely } from 'kysely';
import type { Tables } from './tables.ts';

const AIRLINE = /^[A-Z0-9]{2,3}$/;
/** Its own lock: two processes that store the first batch of a month make the partition once. */
const LOCK = 2_224_684_556;

/**
 * Makes the partition for an airline's month where it is missing. Called before the transaction that stores events, in
 * one of its own: readers and writers of other months go on meanwhile. Throws on names that are none.
 */
export async function ensurePartitions(db: Kysely<Tables>, airline: string, month: number): Promise<void> {
  if (!AIRLINE.test(airline)) throw new Error('not an airline');
  if (!Number.isInteger(month) || month < 200_001 || month > 999_912) throw new Error('not a month');
  const list = `event_${airline.toLowerCase()}`;
  const range = `${list}_${month.toString()}`;
  if (await isThere(db, range)) return;
  await db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(${LOCK}::bigint)`.execute(trx);
    // Made alone and then attached: `create … partition of` would stop everybody else for a moment.
    const run = async (text: string): Promise<void> => {
      await sql.raw(text).execute(trx);
    };
    if (!(await isThere(trx, list))) {
      await run(`create table ${list} (like event including all) partition by range (month)`);
      await run(`alter table event attach partition ${list} for values in ('${airline}')`);
    }
    if (!(await isThere(trx, range))) {
      await run(`create table ${range} (like event including all)`);
      const bounds = `from (${month.toString()}) to (${(month + 1).toString()})`;
      await run(`alter table ${list} attach partition ${range} for values ${bounds}`);
    }
  });
}

async function isThere(db: Kysely<Tables>, table: string): Promise<boolean> {
  const { rows } = await sql<{ found: string | null }>`select to_regclass(${table})::text as found`.execute(
    db,
  );
  return rows[0]?.found != null;
}
