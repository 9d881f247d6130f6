import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { DatabasePlace } from '../../../ground/database/open-database.ts';
import { enqueue, failJob, finishJob, takeJob, type TakenJob } from '../../../ground/jobs/jobs.ts';
import { runJobs, runUntilIdle, waitAfter, type JobHandler } from '../../../ground/jobs/run-jobs.ts';
import { startPostgres } from '../../support/postgres.ts';
import { openTestGround, TEST_NOW_MS, type TestGround } from '../../support/test-ground.ts';

const postgres = await startPostgres();
const ENGINES: readonly [string, () => Promise<DatabasePlace>][] = [
  ['embedded database', () => Promise.resolve({ kind: 'embedded', dir: null })],
  ['PostgreSQL', async () => ({ kind: 'postgres', url: await postgres.newDatabase() })],
];

const opened: TestGround[] = [];
async function open(place: () => Promise<DatabasePlace>): Promise<TestGround> {
  const ground = await openTestGround({ place: await place() });
  opened.push(ground);
  return ground;
}
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

const ask = (key: string, runAtMs = TEST_NOW_MS, payload = {}) => ({ kind: 'work', key, payload, runAtMs });
const take = (test: TestGround, workerId = 'w', leaseMs = 1000): Promise<TakenJob | null> =>
  takeJob(test.ground.db, { workerId, nowMs: test.clock.nowMs, leaseMs, kinds: ['work'] });
async function mustTake(test: TestGround, workerId = 'w'): Promise<TakenJob> {
  const job = await take(test, workerId);
  if (job === null) throw new Error('no job is due');
  return job;
}

describe.each(ENGINES)('the queue on the %s', (_name, place) => {
  it('keeps one open job per key, the earlier time and the newer payload', async () => {
    const test = await open(place);
    const { db } = test.ground;
    await enqueue(db, ask('a', TEST_NOW_MS, { n: 1 }));
    await enqueue(db, ask('a', TEST_NOW_MS + 5000, { n: 2 }));
    expect(await mustTake(test)).toMatchObject({ key: 'a', payload: { n: 2 }, attempts: 1 });
    expect(await take(test)).toBeNull();
  });

  it('gives a job to nobody before its time', async () => {
    const test = await open(place);
    await enqueue(test.ground.db, ask('a', TEST_NOW_MS + 10));
    expect(await take(test)).toBeNull();
    test.clock.nowMs += 10;
    expect(await take(test)).not.toBeNull();
  });

  it('asks for nothing when the transaction around it fails', async () => {
    const test = await open(place);
    const broken = test.ground.db.transaction().execute(async (trx) => {
      await enqueue(trx, ask('a'));
      throw new Error('on purpose');
    });
    await expect(broken).rejects.toThrow('on purpose');
    expect(await take(test)).toBeNull();
  });

  it('runs a job once more that was asked for again while it ran', async () => {
    const test = await open(place);
    const seen: unknown[] = [];
    const work: JobHandler = async (ground, job) => {
      seen.push(job.payload);
      if (seen.length === 1) await enqueue(ground.db, ask('a', TEST_NOW_MS, { n: 2 }));
    };
    await enqueue(test.ground.db, ask('a', TEST_NOW_MS, { n: 1 }));
    expect(await runUntilIdle(test.ground, { work })).toBe(2);
    expect(seen).toEqual([{ n: 1 }, { n: 2 }]);
    expect(await test.ground.db.selectFrom('job').selectAll().execute()).toEqual([]);
  });

  it('lets a job asked for again while it ran wait for the time it was asked for', async () => {
    const test = await open(place);
    await enqueue(test.ground.db, ask('a'));
    const job = await mustTake(test);
    await enqueue(test.ground.db, ask('a', TEST_NOW_MS + 5000));
    await enqueue(test.ground.db, ask('a', TEST_NOW_MS + 3000));
    await enqueue(test.ground.db, ask('a', TEST_NOW_MS + 9000));
    await finishJob(test.ground.db, job, 'w');
    test.clock.nowMs += 2999;
    expect(await take(test)).toBeNull();
    test.clock.nowMs += 1;
    expect(await mustTake(test)).toMatchObject({ attempts: 1 });
  });

  it('gives a job whose worker died to the next one, once the lease has run out', async () => {
    const test = await open(place);
    await enqueue(test.ground.db, ask('a'));
    const lost = await mustTake(test, 'dead');
    test.clock.nowMs += 999;
    expect(await take(test, 'next')).toBeNull();
    test.clock.nowMs += 1;
    const again = await mustTake(test, 'next');
    expect(again.attempts).toBe(2);
    // The one that was thought dead comes back: it neither ends nor delays what is another's now.
    await finishJob(test.ground.db, lost, 'dead');
    await failJob(test.ground.db, lost, 'dead', { why: 'late', againAtMs: test.clock.nowMs });
    expect(await take(test, 'third')).toBeNull();
    await finishJob(test.ground.db, again, 'next');
    expect(await test.ground.db.selectFrom('job').selectAll().execute()).toEqual([]);
  });

  it('tries a failing job again later and later, and the others meanwhile', async () => {
    const test = await open(place);
    const done: string[] = [];
    const work: JobHandler = (_ground, job) => {
      if (job.key === 'bad') throw new TypeError('no luck with 00000000000000aa');
      done.push(job.key);
      return Promise.resolve();
    };
    for (const key of ['bad', 'good', 'better']) await enqueue(test.ground.db, ask(key));
    await runUntilIdle(test.ground, { work });
    expect(done).toEqual(['good', 'better']);
    const row = await test.ground.db.selectFrom('job').selectAll().executeTakeFirstOrThrow();
    expect(row).toMatchObject({ key: 'bad', attempts: 1, locked_by: null });
    expect(row.last_error).toMatch(/^TypeError at ground\/.*\.ts:\d+:\d+$/);
    // Neither whose job it was nor what the error says of them.
    expect(test.logged).toEqual([
      {
        event: 'job-failed',
        facts: { kind: 'work', id: row.id, attempts: 1, why: row.last_error },
      },
    ]);
    expect(row.run_at_ms).toBe(TEST_NOW_MS + waitAfter(1));
    expect(waitAfter(2)).toBe(2 * waitAfter(1));
    expect(waitAfter(1000)).toBe(3_600_000);
  });

  it('runs a failed job at once when there is news for it', async () => {
    const test = await open(place);
    await enqueue(test.ground.db, ask('a'));
    const job = await mustTake(test);
    await failJob(test.ground.db, job, 'w', { why: 'no luck', againAtMs: TEST_NOW_MS + 60_000 });
    await enqueue(test.ground.db, ask('a'));
    expect(await mustTake(test)).toMatchObject({ attempts: 2 });
  });

  it('is worked off by several workers, each job by one', async () => {
    const test = await open(place);
    const done: string[] = [];
    const work: JobHandler = (_ground, job) => {
      done.push(job.key);
      return Promise.resolve();
    };
    const keys = Array.from({ length: 40 }, (_, n) => n.toString().padStart(2, '0'));
    for (const key of keys) await enqueue(test.ground.db, ask(key));
    const workers = Array.from({ length: 4 }, (_, n) =>
      runJobs(test.ground, { work }, { workerId: n.toString(), pollMs: 10 }),
    );
    await vi.waitFor(() => {
      expect(done).toHaveLength(keys.length);
    }, 30_000);
    for (const worker of workers) await worker.stop();
    expect([...done].sort()).toEqual(keys);
    expect(await test.ground.db.selectFrom('job').selectAll().execute()).toEqual([]);
  });

  it('is stopped only when the running job has ended', async () => {
    const test = await open(place);
    let end = (): void => undefined;
    let hasBegun = false;
    let hasEnded = false;
    const work: JobHandler = async () => {
      hasBegun = true;
      await new Promise<void>((resolve) => {
        end = resolve;
      });
      hasEnded = true;
    };
    await enqueue(test.ground.db, ask('a'));
    const worker = runJobs(test.ground, { work }, { workerId: 'w', pollMs: 10 });
    await vi.waitFor(() => {
      expect(hasBegun).toBe(true);
    });
    const stopped = worker.stop();
    end();
    await stopped;
    expect(hasEnded).toBe(true);
    expect(await test.ground.db.selectFrom('job').selectAll().execute()).toEqual([]);
  });

  it('keeps a long job for its worker while that lives', async () => {
    const test = await open(place);
    const now = { ...test.ground, nowMs: () => Date.now() };
    let end = (): void => undefined;
    let runs = 0;
    const work: JobHandler = async () => {
      runs += 1;
      await new Promise<void>((resolve) => {
        end = resolve;
      });
    };
    await enqueue(test.ground.db, ask('a', 0));
    const workers = ['a', 'b'].map((workerId) =>
      runJobs(now, { work }, { workerId, leaseMs: 300, pollMs: 10 }),
    );
    // The lease moves on three times: by then it would have run out twice.
    const leases = new Set<number | null>();
    await vi.waitFor(async () => {
      const row = await test.ground.db.selectFrom('job').select('locked_until_ms').executeTakeFirstOrThrow();
      leases.add(row.locked_until_ms);
      expect(leases.size).toBeGreaterThan(6);
    }, 30_000);
    expect(runs).toBe(1);
    end();
    for (const worker of workers) await worker.stop();
  });
});

describe('workers on PostgreSQL', () => {
  it('do a job once that was held by a process killed in the middle of it', async () => {
    const url = await postgres.newDatabase();
    const test = await open(() => Promise.resolve({ kind: 'postgres', url }));
    const ground = { ...test.ground, nowMs: () => Date.now() };
    await enqueue(ground.db, { kind: 'slow', key: 'a', payload: {}, runAtMs: 0 });
    const script = join(import.meta.dirname, 'worker-process.ts');
    const doomed = spawn(process.execPath, ['--import', 'tsx', script, url, '500'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const [said] = (await once(doomed.stdout, 'data')) as [Buffer];
    expect(said.toString()).toBe('begun a 1\n');
    doomed.kill('SIGKILL');
    await once(doomed, 'exit');
    const attempts: number[] = [];
    const worker = runJobs(
      ground,
      {
        slow: (_ground, job) => {
          attempts.push(job.attempts);
          return Promise.resolve();
        },
      },
      { workerId: 'next', pollMs: 20 },
    );
    await vi.waitFor(async () => {
      expect(await ground.db.selectFrom('job').selectAll().execute()).toEqual([]);
    }, 30_000);
    await worker.stop();
    expect(attempts).toEqual([2]);
  });

  it('go on when the database has been away', async () => {
    const test = await open(async () => ({ kind: 'postgres', url: await postgres.newDatabase() }));
    const ground = { ...test.ground, nowMs: () => Date.now() };
    const done: string[] = [];
    const work: JobHandler = (_ground, job) => {
      done.push(job.key);
      return Promise.resolve();
    };
    const worker = runJobs(ground, { work }, { workerId: 'w', pollMs: 10 });
    await enqueue(ground.db, ask('before', 0));
    await vi.waitFor(() => {
      expect(done).toEqual(['before']);
    });
    await postgres.kill();
    await vi.waitFor(() => {
      expect(test.logged.some(({ event }) => event === 'queue-away')).toBe(true);
    }, 30_000);
    await postgres.start();
    await vi.waitFor(async () => {
      await sql`select 1`.execute(ground.db);
    }, 30_000);
    await enqueue(ground.db, ask('after', 0));
    await vi.waitFor(() => {
      expect(done).toContain('after');
    }, 30_000);
    await worker.stop();
  });
});
