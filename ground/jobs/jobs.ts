// The queue of work, as rows of one table: any number of workers take from it, and one that is killed loses nothing.
import { sql, type Kysely } from 'kysely';
import type { Tables } from '../database/tables.ts';

export type JobRequest = {
  readonly kind: string;
  /** One open job per kind and key: what is asked for twice is done once. */
  readonly key: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** Epoch ms; not before. */
  readonly runAtMs: number;
};

export type TakenJob = {
  readonly id: number;
  readonly kind: string;
  readonly key: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** This run included. */
  readonly attempts: number;
  readonly asked: number;
};

/**
 * Asks for a job, also inside a transaction. One that waits already keeps its earlier time and gets the newer payload;
 * one that is running runs once more afterwards.
 */
export async function enqueue(
  db: Kysely<Tables>,
  { kind, key, payload, runAtMs }: JobRequest,
): Promise<void> {
  await db
    .insertInto('job')
    .values({
      kind,
      key,
      payload: JSON.stringify(payload),
      run_at_ms: runAtMs,
      created_at_ms: runAtMs,
      locked_until_ms: null,
      locked_by: null,
      last_error: null,
    })
    .onConflict((conflict) =>
      conflict.columns(['kind', 'key']).doUpdateSet({
        payload: (eb) => eb.ref('excluded.payload'),
        // While every asking has been taken the time is that of the run itself; the new asking brings its own.
        run_at_ms: sql<number>`case when job.taken = job.asked then excluded.run_at_ms
          else least(job.run_at_ms, excluded.run_at_ms) end`,
        asked: sql<number>`job.asked + 1`,
      }),
    )
    .execute();
}

/** Takes the job that has been due longest; nobody else gets it before `leaseMs` have passed. Null: nothing is due. */
export async function takeJob(
  db: Kysely<Tables>,
  {
    workerId,
    nowMs,
    leaseMs,
    kinds,
  }: {
    readonly workerId: string;
    readonly nowMs: number;
    readonly leaseMs: number;
    readonly kinds: readonly string[];
  },
): Promise<TakenJob | null> {
  if (kinds.length === 0) return null;
  const taken = await db
    .updateTable('job')
    .set({
      attempts: sql<number>`attempts + 1`,
      taken: sql<number>`asked`,
      locked_by: workerId,
      locked_until_ms: nowMs + leaseMs,
    })
    .where('id', '=', (eb) =>
      eb
        .selectFrom('job')
        .select('id')
        .where('run_at_ms', '<=', nowMs)
        .where('kind', 'in', kinds)
        .where((or) => or.or([or('locked_until_ms', 'is', null), or('locked_until_ms', '<=', nowMs)]))
        .orderBy('run_at_ms')
        .orderBy('id')
        .limit(1)
        .forUpdate()
        .skipLocked(),
    )
    .returning(['id', 'kind', 'key', 'payload', 'attempts', 'asked'])
    .executeTakeFirst();
  return taken ?? null;
}

/** Keeps a running job for longer. False: the lease had run out and somebody else has it. */
export async function extendLease(
  db: Kysely<Tables>,
  job: TakenJob,
  workerId: string,
  untilMs: number,
): Promise<boolean> {
  const { numUpdatedRows } = await mine(db, job, workerId)
    .set({ locked_until_ms: untilMs })
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** Done: the job goes, unless it was asked for again meanwhile; then it waits for its next run. */
export async function finishJob(db: Kysely<Tables>, job: TakenJob, workerId: string): Promise<void> {
  const { numDeletedRows } = await db
    .deleteFrom('job')
    .where('id', '=', job.id)
    .where('locked_by', '=', workerId)
    .where('attempts', '=', job.attempts)
    .where('asked', '=', job.asked)
    .executeTakeFirstOrThrow();
  if (numDeletedRows > 0n) return;
  await mine(db, job, workerId)
    .set({ locked_by: null, locked_until_ms: null, attempts: 0, last_error: null })
    .execute();
}

/** Failed: it waits until `againAtMs`, or less where it was asked for again meanwhile. */
export async function failJob(
  db: Kysely<Tables>,
  job: TakenJob,
  workerId: string,
  { why, againAtMs }: { readonly why: string; readonly againAtMs: number },
): Promise<void> {
  await mine(db, job, workerId)
    .set({
      locked_by: null,
      locked_until_ms: null,
      last_error: why.slice(0, 500),
      run_at_ms: sql<number>`case when taken = asked then ${againAtMs}::bigint
        else least(run_at_ms, ${againAtMs}::bigint) end`,
      taken: 0,
    })
    .execute();
}

function mine(db: Kysely<Tables>, job: TakenJob, workerId: string) {
  return db
    .updateTable('job')
    .where('id', '=', job.id)
    .where('locked_by', '=', workerId)
    .where('attempts', '=', job.attempts);
}
