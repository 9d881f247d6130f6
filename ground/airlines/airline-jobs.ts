import { enqueue } from '../jobs/jobs.ts';
import type { JobHandlers } from '../jobs/run-jobs.ts';
import { renewKeys } from './renew-keys.ts';

const RENEW_EVERY_MS = 86_400_000;

/** `renew-keys` is asked for once, when ground starts, and from then on asks for itself. */
export const airlineJobs: JobHandlers = {
  'renew-keys': async (ground, { kind, key }) => {
    const airlines = await ground.db.selectFrom('airline').select('airline').execute();
    for (const { airline } of airlines) await renewKeys(ground, airline);
    await enqueue(ground.db, { kind, key, payload: {}, runAtMs: ground.nowMs() + RENEW_EVERY_MS });
  },
};
