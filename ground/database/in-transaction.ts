import type { Ground } from '../ground.ts';

/** Runs `work` in a transaction: the one the caller is in already, or a new one. Inside, only the given ground is used. */
export async function inTransaction<T>(ground: Ground, work: (inside: Ground) => Promise<T>): Promise<T> {
  if (ground.db.isTransaction) return await work(ground);
  return await ground.db.transaction().execute(async (db) => await work({ ...ground, db }));
}
