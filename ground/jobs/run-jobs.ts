// The workers: each takes one job after another until it is stopped. A job that fails waits longer each time and never
// holds up another; a job whose worker died is taken by the next one when its lease has run out.
import { randomUUID } from 'node:crypto';
import { isDatabaseAway } from '../database/database-away.ts';
import { describeError } from '../error-place.ts';
import type { Ground } from '../ground.ts';
import { extendLease, failJob, finishJob, takeJob, type TakenJob } from './jobs.ts';

/** Does the work; rejects when it must be tried again. Runs at least once, so it must not mind running twice. */
export type JobHandler = (ground: Ground, job: TakenJob) => Promise<void>;
export type JobHandlers = Readonly<Record<string, JobHandler>>;

export type WorkerOptions = {
  /** Shown in the job table; made unique for each worker. */
  readonly workerId: string;
  readonly leaseMs?: number;
  /** How often an empty queue is looked at again. */
  readonly pollMs?: number;
};

export type Worker = {
  /** Takes no more jobs and resolves when the running one has ended. */
  readonly stop: () => Promise<void>;
};

const LEASE_MS = 60_000;
const POLL_MS = 500;
const FIRST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 3_600_000;
/** How long a worker leaves a database alone that is away. */
const AWAY_WAIT_MS = 2000;

type Turn = 'done' | 'failed' | 'idle';

export function runJobs(ground: Ground, handlers: JobHandlers, options: WorkerOptions): Worker {
  const workerId = `${options.workerId}-${randomUUID()}`;
  let isStopping = false;
  let wake = (): void => undefined;
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const loop = async (): Promise<void> => {
    while (!isStopping) {
      try {
        const turn = await takeTurn(ground, handlers, { ...options, workerId });
        if (turn === 'idle') await pause(options.pollMs ?? POLL_MS);
      } catch (error) {
        // Only the queue itself gets here: jobs keep their own errors.
        ground.log.warn('queue-away', { isDatabaseAway: isDatabaseAway(error) });
        await pause(AWAY_WAIT_MS);
      }
    }
  };
  const ended = loop();
  return {
    stop: async () => {
      isStopping = true;
      wake();
      await ended;
    },
  };
}

/** Runs every job that is due, and those they ask for, and answers how many; failed ones are left for later. */
export async function runUntilIdle(ground: Ground, handlers: JobHandlers): Promise<number> {
  const workerId = `idle-${randomUUID()}`;
  for (let count = 0; ; count++) {
    if ((await takeTurn(ground, handlers, { workerId })) === 'idle') return count;
  }
}

async function takeTurn(
  ground: Ground,
  handlers: JobHandlers,
  { workerId, leaseMs = LEASE_MS }: WorkerOptions,
): Promise<Turn> {
  const { db, nowMs } = ground;
  const job = await takeJob(db, { workerId, nowMs: nowMs(), leaseMs, kinds: Object.keys(handlers) });
  if (job === null) return 'idle';
  const handler = handlers[job.kind];
  if (handler === undefined) throw new Error('a job of a kind that was not asked for');
  // A long job keeps its lease as long as its worker lives.
  const keepAlive = setInterval(() => {
    extendLease(db, job, workerId, nowMs() + leaseMs).catch(() => false);
  }, leaseMs / 3);
  try {
    await handler(ground, job);
  } catch (error) {
    // Neither the error's message nor the job's key: both may name somebody.
    const why = describeError(error);
    const againAtMs = nowMs() + waitAfter(job.attempts);
    await failJob(db, job, workerId, { why, againAtMs });
    ground.log.warn('job-failed', { kind: job.kind, id: job.id, attempts: job.attempts, why });
    return 'failed';
  } finally {
    clearInterval(keepAlive);
  }
  await finishJob(db, job, workerId);
  return 'done';
}

/** Ms until the next try: doubles from two seconds to an hour. */
export function waitAfter(attempts: number): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempts - 1, 20));
}
