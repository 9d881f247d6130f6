// Brings a database to the shape this version knows. Steps are numbered and never change once released.
import { sql, type Kysely } from 'kysely';
import { fail, ok, type Result } from '../../domain/result.ts';
import { MIGRATIONS, type Migration } from './migrations/migrations.ts';
import type { Tables } from './tables.ts';

export type MigrationProblem = {
  /** A newer version of ground has been here: this one would not understand what it reads. */
  readonly kind: 'database-from-the-future';
  readonly found: number;
  readonly newestKnown: number;
};

/** Any number that nothing else in the database uses: "CabinTill" on a telephone. */
const LOCK = 2_224_684_555;

/**
 * Runs the steps that are missing, all in one transaction under a lock: of two processes that start at once the second
 * waits and finds nothing to do. Answers the numbers that ran.
 */
export async function migrateDatabase(
  db: Kysely<Tables>,
  nowMs: number,
  steps: readonly Migration[] = MIGRATIONS,
): Promise<Result<readonly number[], MigrationProblem>> {
  return await db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(${LOCK}::bigint)`.execute(trx);
    await sql`create table if not exists migration (
      number integer primary key, name text not null, at_ms bigint not null
    )`.execute(trx);
    const { rows } = await sql<{ number: number }>`select number from migration`.execute(trx);
    const done = new Set(rows.map((row) => row.number));
    const found = Math.max(0, ...done);
    const newestKnown = Math.max(0, ...steps.map((step) => step.number));
    if (found > newestKnown) return fail({ kind: 'database-from-the-future', found, newestKnown });
    const missing = steps.filter((step) => !done.has(step.number));
    for (const { number, name, statements } of missing) {
      for (const statement of statements) await sql.raw(statement).execute(trx);
      await sql`insert into migration (number, name, at_ms) values (${number}, ${name}, ${nowMs})`.execute(
        trx,
      );
    }
    return ok(missing.map((step) => step.number));
  });
}
