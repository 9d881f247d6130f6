import type { JobHandlers } from '../jobs/run-jobs.ts';
import { runRefreshPack } from './refresh-pack.ts';

export const packJobs: JobHandlers = {
  'refresh-pack': async (ground, { key }) => {
    await runRefreshPack(ground, key);
  },
};
