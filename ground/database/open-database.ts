// The door to ground's database: embedded in this process, or a PostgreSQL server. What comes out of either looks the
// same: whole numbers as numbers, bytes as Uint8Array, JSON parsed.
import { mkdir } from 'node:fs/promises';
import { PGlite } from '@electric-sql/pglite';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { createEmbeddedDialect } from './embedded-dialect.ts';
import { lockFolder } from './folder-lock.ts';
import type { Tables } from './tables.ts';

export type DatabasePlace =
  /** `dir` null: in memory, for tests. */
  | { readonly kind: 'embedded'; readonly dir: string | null }
  | { readonly kind: 'postgres'; readonly url: string; readonly connections?: number };

export type Database = { readonly db: Kysely<Tables>; readonly close: () => Promise<void> };

const INT8 = 20;
const NUMERIC = 1700;
const BYTEA = 17;
const CONNECTIONS = 10;
/** A statement that runs longer is a mistake; the largest batch stores in a tenth of this. */
const STATEMENT_MS = 60_000;
const CONNECT_MS = 5000;

/** Rejects when an embedded database cannot be opened or is open elsewhere; a server that is away shows with the first query. */
export async function openDatabase(place: DatabasePlace): Promise<Database> {
  return place.kind === 'embedded' ? await openEmbedded(place.dir) : openServer(place);
}

async function openEmbedded(dir: string | null): Promise<Database> {
  if (dir === null) return await startEngine(null);
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const lock = await lockFolder(dir);
  if (lock === null) throw new Error(`the database in ${dir} is in use by another process`);
  try {
    const { db, close } = await startEngine(dir);
    return {
      db,
      close: async () => {
        await close();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function startEngine(dir: string | null): Promise<Database> {
  const engine = await PGlite.create({
    ...(dir === null ? {} : { dataDir: dir }),
    parsers: { [INT8]: parseWhole, [NUMERIC]: Number },
  });
  const db = new Kysely<Tables>({ dialect: createEmbeddedDialect(engine) });
  return { db, close: () => db.destroy() };
}

function openServer({ url, connections }: { url: string; connections?: number }): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections ?? CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: STATEMENT_MS,
    query_timeout: 2 * STATEMENT_MS,
    keepAlive: true,
    types: { getTypeParser },
  });
  // A server that goes away is told to whoever asks it something next; nobody is waiting for these events, and an
  // event without a listener would end the process.
  pool.on('error', ignore);
  pool.on('connect', (client) => client.on('error', ignore));
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  return { db, close: () => db.destroy() };
}

function ignore(): void {
  // See above.
}

function getTypeParser(oid: number, format?: 'text' | 'binary'): (text: string) => unknown {
  if (oid === INT8) return parseWhole;
  if (oid === NUMERIC) return Number;
  if (oid === BYTEA) return parseBytes;
  const parserOf = pg.types.getTypeParser as (oid: number, format?: string) => (text: string) => unknown;
  return parserOf(oid, format);
}

function parseWhole(text: string): number {
  const whole = Number(text);
  if (!Number.isSafeInteger(whole)) throw new Error(`${text} is no whole number we can hold`);
  return whole;
}

function parseBytes(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.slice(2), 'hex'));
}
