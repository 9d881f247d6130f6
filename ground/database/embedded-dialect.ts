// Kysely on the embedded database (PGlite): PostgreSQL's own SQL, one connection that callers take in turn.
import type { PGlite } from '@electric-sql/pglite';
import {
  CompiledQuery,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  type TransactionSettings,
} from 'kysely';

/** Longer than any honest transaction: who waits this long is waiting for itself. */
const LONGEST_WAIT_MS = 30_000;

export function createEmbeddedDialect(engine: PGlite): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => createDriver(engine),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

function createDriver(engine: PGlite): Driver {
  const connection = createConnection(engine);
  const turns = createTurns();
  const run = async (sql: string): Promise<void> => {
    await connection.executeQuery(CompiledQuery.raw(sql));
  };
  return {
    init: () => engine.waitReady,
    acquireConnection: async () => {
      await turns.take();
      return connection;
    },
    releaseConnection: () => {
      turns.pass();
      return Promise.resolve();
    },
    beginTransaction: (_connection, settings: TransactionSettings) =>
      run(
        settings.isolationLevel === undefined ? 'begin' : `begin isolation level ${settings.isolationLevel}`,
      ),
    commitTransaction: () => run('commit'),
    rollbackTransaction: () => run('rollback'),
    savepoint: (_connection, name) => run(`savepoint "${name}"`),
    rollbackToSavepoint: (_connection, name) => run(`rollback to savepoint "${name}"`),
    releaseSavepoint: (_connection, name) => run(`release savepoint "${name}"`),
    destroy: () => engine.close(),
  };
}

function createConnection(engine: PGlite): DatabaseConnection {
  return {
    executeQuery: async <R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> => {
      const { rows, affectedRows, command } = await engine.query<R>(sql, [...parameters]);
      const isChange = command !== 'SELECT' && affectedRows !== undefined;
      return isChange ? { rows, numAffectedRows: BigInt(affectedRows) } : { rows };
    },
    streamQuery: () => {
      throw new Error('the embedded database answers whole results only');
    },
  };
}

/**
 * One at a time, first come first served. Waiting ends with an error when it takes absurdly long: then somebody asks
 * for the connection inside a transaction that already holds it, and would wait for ever.
 */
function createTurns(): { take: () => Promise<void>; pass: () => void } {
  let isTaken = false;
  const waiting: (() => void)[] = [];
  return {
    take: () => {
      if (!isTaken) {
        isTaken = true;
        return Promise.resolve();
      }
      return new Promise((resolve, reject) => {
        const go = (): void => {
          clearTimeout(timer);
          resolve();
        };
        const timer = setTimeout(() => {
          waiting.splice(waiting.indexOf(go), 1);
          reject(new Error('the database is held by a transaction: is its own handle used inside it?'));
        }, LONGEST_WAIT_MS);
        waiting.push(go);
      });
    },
    pass: () => {
      const next = waiting.shift();
      if (next === undefined) isTaken = false;
      else next();
    },
  };
}
