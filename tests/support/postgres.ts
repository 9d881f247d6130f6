// A real PostgreSQL for one test file, gone when the file is done.
import { afterAll } from 'vitest';
import { startCluster, type Postgres } from './postgres-cluster.ts';

export type { Postgres } from './postgres-cluster.ts';

/** Starts a cluster for the test file that calls this, and takes it away when the file is done. */
export async function startPostgres(): Promise<Postgres> {
  const { remove, ...postgres } = await startCluster();
  afterAll(remove);
  return postgres;
}
