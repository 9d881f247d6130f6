import { enqueue } from '../jobs/jobs.ts';
import type { JobHandlers } from '../jobs/run-jobs.ts';
import { purgePersonalData } from './purge.ts';
import { RESOLVE_JOB, resolveEnrolment } from './resolve-enrolment.ts';

const PURGE_EVERY_MS = 86_400_000;

/** `purge-personal-data` is asked for once, when ground starts, and from then on asks for itself. */
export const enrolmentJobs: JobHandlers = {
  [RESOLVE_JOB]: async (ground, { key }) => {
    await resolveEnrolment(ground, key);
  },
  'purge-personal-data': async (ground, { kind, key }) => {
    await purgePersonalData(ground);
    await enqueue(ground.db, { kind, key, payload: {}, runAtMs: ground.nowMs() + PURGE_EVERY_MS });
  },
};
