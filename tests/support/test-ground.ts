// A ground of its own for a test: real embedded database in memory, a clock the test sets, no wallets unless given.
import { randomBytes } from 'node:crypto';
import { migrateDatabase } from '../../ground/database/migrate.ts';
import { openDatabase, type DatabasePlace } from '../../ground/database/open-database.ts';
import type { Ground, LogFacts } from '../../ground/ground.ts';
import { createSeal } from '../../ground/secrets/seal.ts';
import { crypto } from './keys.ts';

export type TestGround = {
  readonly ground: Ground;
  readonly clock: { nowMs: number };
  /** What was logged, oldest first. */
  readonly logged: { readonly event: string; readonly facts: LogFacts }[];
  readonly close: () => Promise<void>;
};

export const TEST_NOW_MS = Date.parse('2026-11-22T01:00:00Z');

export async function openTestGround({
  place = { kind: 'embedded', dir: null },
  nowMs = TEST_NOW_MS,
  wallets = () => Promise.resolve(null),
}: {
  readonly place?: DatabasePlace;
  readonly nowMs?: number;
  readonly wallets?: Ground['wallets'];
} = {}): Promise<TestGround> {
  const { db, close } = await openDatabase(place);
  const migrated = await migrateDatabase(db, nowMs);
  if (!migrated.ok) throw new Error(migrated.error.kind);
  const clock = { nowMs };
  const logged: TestGround['logged'] = [];
  const log = (event: string, facts: LogFacts = {}): void => {
    logged.push({ event, facts });
  };
  const ground: Ground = {
    db,
    nowMs: () => clock.nowMs,
    crypto,
    seal: createSeal(randomBytes(32)),
    wallets,
    log: { info: log, warn: log, error: log },
    publicAddress: 'http://ground.test',
  };
  return { ground, clock, logged, close };
}
