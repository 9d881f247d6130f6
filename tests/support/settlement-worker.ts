// Settlement workers in a process of their own, to be counted and killed. Arguments: address of the database, how many
// workers, lease in ms; the merchant as JSON on stdin.
import { text } from 'node:stream/consumers';
import { runJobs } from '../../ground/jobs/run-jobs.ts';
import { createOrderJobs } from '../../ground/orders/order-jobs.ts';
import { wechat } from '../../ground/wallets/wechat/wechat.ts';
import type { WorkerMerchant } from './settlement-scene.ts';
import { openTestGround } from './test-ground.ts';

const [url = '', workers = '', lease = ''] = process.argv.slice(2);
const merchant = JSON.parse(await text(process.stdin)) as WorkerMerchant;
const nowMs = Date.now;
const made = wechat.create({ ...merchant, nowMs });
if (!made.ok) throw new Error(made.error);
const { ground } = await openTestGround({
  place: { kind: 'postgres', url, connections: 6 },
  wallets: () => Promise.resolve(made.value),
});
const leaseMs = Number(lease);
for (let i = 0; i < Number(workers); i++) {
  runJobs({ ...ground, nowMs }, createOrderJobs({ leaseMs }), {
    workerId: `worker-${i.toString()}`,
    leaseMs,
    pollMs: 50,
  });
}
process.stdout.write('working\n');
