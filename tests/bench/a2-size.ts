import { sql } from 'kysely';
import { runJobs } from '../../ground/jobs/run-jobs.ts';
import { orderJobs } from '../../ground/orders/order-jobs.ts';
import { startCluster } from '../support/postgres-cluster.ts';
import { openSettlementScene } from '../support/settlement-scene.ts';
const cluster = await startCluster();
const url = await cluster.newDatabase();
const flight = await openSettlementScene({ place: { kind: 'postgres', url }, timeoutMs: 10000 });
const till = flight.terminals[0]!;
for (let i = 0; i < 200; i++) { const c = await flight.enrol(); till.sell(c, 2500, 2); till.sell(c, 800 + i); till.sell(c, 900 + i); }
till.close();
const bytes = await till.seal();
await flight.deliver(till);
const ws = Array.from({ length: 16 }, (_, i) => runJobs(flight.ground, orderJobs, { workerId: `${i}`, pollMs: 50 }));
for (;;) { const r = await flight.ground.db.selectFrom('wallet_order').select('state').where('state', '!=', 'PAID').execute(); if (r.length === 0) break; await new Promise((d) => setTimeout(d, 100)); }
await Promise.all(ws.map((w) => w.stop()));
const { rows } = await sql`select relname, n_live_tup::int n, pg_total_relation_size(relid)::int bytes, pg_relation_size(relid)::int heap from pg_stat_user_tables where n_live_tup > 100 order by 3 desc`.execute(flight.ground.db);
console.log('cpb', bytes.length, 'lines', till.lines.length); console.table(rows);
await flight.close(); await cluster.remove();
