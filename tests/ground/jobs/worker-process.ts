// A worker of its own process, to be killed: says which job it has begun, and is done with it when told so on stdin.
// Arguments: address of the database, lease in ms.
import { openTestGround } from '../../support/test-ground.ts';
import { runJobs } from '../../../ground/jobs/run-jobs.ts';

const [url = '', lease = ''] = process.argv.slice(2);
const { ground } = await openTestGround({ place: { kind: 'postgres', url, connections: 2 } });

runJobs(
  { ...ground, nowMs: () => Date.now() },
  {
    slow: async (_ground, job) => {
      process.stdout.write(`begun ${job.key} ${job.attempts.toString()}\n`);
      await new Promise((resolve) => process.stdin.once('data', resolve));
    },
  },
  { workerId: 'doomed', leaseMs: Number(lease), pollMs: 20 },
);
