// Everything ground does by itself: every part's jobs, taken by as many workers as wanted, here or in other processes.
import { hostname } from 'node:os';
import { airlineJobs } from '../airlines/airline-jobs.ts';
import { enrolmentJobs } from '../enrolment/enrolment-jobs.ts';
import type { Ground } from '../ground.ts';
import { judgeBatchJob } from '../ingest/receive-batch.ts';
import { publishResultsJob } from '../ingest/results.ts';
import { enqueue } from '../jobs/jobs.ts';
import { runJobs, type JobHandlers, type Worker } from '../jobs/run-jobs.ts';
import { orderJobs, startOrderSweep } from '../orders/order-jobs.ts';
import { packJobs } from '../packs/pack-jobs.ts';
import { startStatementRounds, statementJobs } from '../statements/statement-jobs.ts';

export const ALL_JOBS: JobHandlers = {
  ...orderJobs,
  ...statementJobs,
  ...packJobs,
  ...enrolmentJobs,
  ...airlineJobs,
  'publish-results': publishResultsJob,
  'judge-batch': judgeBatchJob,
};

/** Each worker does one job at a time; most of a job is waiting for a wallet. */
export function startWorkers(ground: Ground, count: number): readonly Worker[] {
  const workerId = `${hostname()}-${process.pid.toString()}`;
  return Array.from({ length: count }, () => runJobs(ground, ALL_JOBS, { workerId }));
}

/** Asks for the work that comes back by itself; asking again changes nothing. */
export async function startRounds(ground: Ground): Promise<void> {
  await startOrderSweep(ground);
  await startStatementRounds(ground);
  for (const kind of ['purge-personal-data', 'renew-keys']) {
    await enqueue(ground.db, { kind, key: 'all', payload: {}, runAtMs: ground.nowMs() });
  }
}
