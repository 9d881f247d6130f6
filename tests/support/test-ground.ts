// A ground of its own for a test: real embedded database in memory, a clock the test sets, no wallets unless given.
import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { migrateDatabase } from '../../ground/database/migrate.ts';
import { openDatabase, type Database, type DatabasePlace } from '../../ground/database/open-database.ts';
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
  masterKey = randomBytes(32),
}: {
  readonly place?: DatabasePlace;
  readonly nowMs?: number;
  readonly wallets?: Ground['wallets'];
  readonly masterKey?: Uint8Array;
} = {}): Promise<TestGround> {
  const { db, close } = await openEmpty(place);
  const clock = { nowMs };
  const logged: TestGround['logged'] = [];
  const log = (event: string, facts: LogFacts = {}): void => {
    logged.push({ event, facts });
  };
  const ground: Ground = {
    db,
    nowMs: () => clock.nowMs,
    crypto,
    seal: createSeal(masterKey),
    wallets,
    log: { info: log, warn: log, error: log },
    publicAddress: 'http://ground.test',
  };
  return { ground, clock, logged, close };
}

const spare: Database[] = [];

/**
 * Starting an embedded database takes seconds, emptying one a moment: one in memory that a test is done with serves the
 * next test of the same file.
 */
async function openEmpty(place: DatabasePlace): Promise<Database> {
  const isInMemory = place.kind === 'embedded' && place.dir === null;
  const used = isInMemory ? spare.pop() : undefined;
  const database = used ?? (await openDatabase(place));
  if (used === undefined) await bringIntoShape(database);
  let isClosed = false;
  const close = async (): Promise<void> => {
    if (isClosed) return;
    isClosed = true;
    await empty(database);
    spare.push(database);
  };
  return isInMemory ? { db: database.db, close } : database;
}

async function bringIntoShape({ db }: Database): Promise<void> {
  const migrated = await migrateDatabase(db, TEST_NOW_MS);
  if (!migrated.ok) throw new Error(migrated.error.kind);
}

async function empty({ db }: Database): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select tablename as name from pg_tables where schemaname = 'public' and tablename <> 'migration'`.execute(
    db,
  );
  const partitions = rows.filter(({ name }) => /^event_[a-z0-9]{2,3}$/.test(name));
  for (const { name } of partitions) await sql`drop table ${sql.table(name)} cascade`.execute(db);
  const tables = rows.filter(({ name }) => !name.startsWith('event_'));
  const list = sql.join(tables.map(({ name }) => sql.table(name)));
  await sql`truncate ${list} restart identity cascade`.execute(db);
}
