import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sql } from 'kysely';
import { afterEach, describe, expect, it } from 'vitest';
import { isDatabaseAway } from '../../../ground/database/database-away.ts';
import { lockFolder } from '../../../ground/database/folder-lock.ts';
import { migrateDatabase } from '../../../ground/database/migrate.ts';
import { MIGRATIONS } from '../../../ground/database/migrations/migrations.ts';
import { openDatabase, type Database, type DatabasePlace } from '../../../ground/database/open-database.ts';
import { ensurePartitions } from '../../../ground/database/partitions.ts';
import { startPostgres } from '../../support/postgres.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const postgres = await startPostgres();
const ENGINES: readonly [string, () => Promise<DatabasePlace>][] = [
  ['embedded', () => Promise.resolve({ kind: 'embedded', dir: null })],
  ['PostgreSQL', async () => ({ kind: 'postgres', url: await postgres.newDatabase() })],
];

const opened: Database[] = [];
async function open(place: DatabasePlace): Promise<Database> {
  const database = await openDatabase(place);
  opened.push(database);
  return database;
}
afterEach(async () => {
  for (const database of opened.splice(0)) await database.close();
});

const AIRLINE = { airline: '9C', name_zh: '春', name_en: 'Spring', utc_offset_minutes: 480 };

describe.each(ENGINES)('the %s database', (_name, place) => {
  it('takes its shape once and says what it did', async () => {
    const { db } = await open(await place());
    expect(await migrateDatabase(db, 1)).toEqual({ ok: true, value: MIGRATIONS.map((step) => step.number) });
    expect(await migrateDatabase(db, 2)).toEqual({ ok: true, value: [] });
  });

  it('refuses a database that a newer version has been at', async () => {
    const { db } = await open(await place());
    await migrateDatabase(db, 1);
    await migrateDatabase(db, 1, [...MIGRATIONS, { number: 9990, name: 'later', statements: [] }]);
    expect(await migrateDatabase(db, 2)).toMatchObject({
      ok: false,
      error: { kind: 'database-from-the-future', found: 9990 },
    });
  });

  it('leaves nothing of a step that fails half-way', async () => {
    const { db } = await open(await place());
    await migrateDatabase(db, 1);
    const broken = {
      number: 9990,
      name: 'broken',
      statements: ['create table half (a int)', 'create nonsense'],
    };
    await expect(migrateDatabase(db, 2, [...MIGRATIONS, broken])).rejects.toThrow();
    const { rows } = await sql`select to_regclass('half')::text as found`.execute(db);
    expect(rows).toEqual([{ found: null }]);
  });

  it('gives numbers, bytes, JSON and nothing back as they were put in', async () => {
    const { db } = await open(await place());
    await migrateDatabase(db, 1);
    const big = Number.MAX_SAFE_INTEGER;
    await db
      .insertInto('airline')
      .values({ ...AIRLINE, trust_version: big, deny_version: 0 })
      .execute();
    const merchant = { airline: '9C', wallet: 1, name: '春秋' };
    const config = { address: 'http://x', list: [1, 'two', null] };
    await db
      .insertInto('merchant')
      .values({ ...merchant, config: JSON.stringify(config), secret_sealed: Uint8Array.of(0, 1, 255) })
      .execute();
    const row = await db.selectFrom('merchant').selectAll().executeTakeFirstOrThrow();
    expect(row).toEqual({ ...merchant, config, secret_sealed: Uint8Array.of(0, 1, 255) });
    const sums = await db
      .selectFrom('airline')
      .select((eb) => [eb.fn.countAll().as('n'), eb.fn.sum('trust_version').as('sum'), 'trust_version'])
      .groupBy('trust_version')
      .executeTakeFirstOrThrow();
    expect(sums).toEqual({ n: 1, sum: big, trust_version: big });
    const { numUpdatedRows } = await db
      .updateTable('airline')
      .set({ deny_version: 2 })
      .executeTakeFirstOrThrow();
    expect(numUpdatedRows).toBe(1n);
  });

  it('rolls back what throws, and goes on', async () => {
    const { db } = await open(await place());
    await migrateDatabase(db, 1);
    const broken = db.transaction().execute(async (trx) => {
      await trx
        .insertInto('airline')
        .values({ ...AIRLINE, trust_version: 0, deny_version: 0 })
        .execute();
      throw new Error('on purpose');
    });
    await expect(broken).rejects.toThrow('on purpose');
    expect(await db.selectFrom('airline').selectAll().execute()).toEqual([]);
  });

  it('keeps transactions that come at once apart', async () => {
    const { db } = await open(await place());
    await migrateDatabase(db, 1);
    await db
      .insertInto('airline')
      .values({ ...AIRLINE, trust_version: 0, deny_version: 0 })
      .execute();
    const addOne = (): Promise<void> =>
      db.transaction().execute(async (trx) => {
        const row = await trx
          .selectFrom('airline')
          .select('trust_version')
          .where('airline', '=', '9C')
          .forUpdate()
          .executeTakeFirstOrThrow();
        await trx
          .updateTable('airline')
          .set({ trust_version: row.trust_version + 1 })
          .execute();
      });
    await Promise.all(Array.from({ length: 20 }, addOne));
    const row = await db.selectFrom('airline').select('trust_version').executeTakeFirstOrThrow();
    expect(row.trust_version).toBe(20);
  });

  it('makes each partition once, also when asked by many at once', async () => {
    const { db } = await open(await place());
    await migrateDatabase(db, 1);
    const asks = ['9C', 'HO'].flatMap((airline) =>
      [202611, 202612, 202611].map((month) => ({ airline, month })),
    );
    await Promise.all(asks.map(({ airline, month }) => ensurePartitions(db, airline, month)));
    const { rows } = await sql<{ name: string }>`
      select inhrelid::regclass::text as name from pg_inherits
      where inhrelid::regclass::text ~ '^event_[a-z0-9]+(_[0-9]{6})?$' order by 1`.execute(db);
    expect(rows.map((row) => row.name)).toEqual([
      'event_9c',
      'event_9c_202611',
      'event_9c_202612',
      'event_ho',
      'event_ho_202611',
      'event_ho_202612',
    ]);
  });

  it('makes no partition for what is no airline or no month', async () => {
    const { db } = await open(await place());
    await expect(ensurePartitions(db, "9C'; drop table event --", 202611)).rejects.toThrow();
    await expect(ensurePartitions(db, '9C', 1.5)).rejects.toThrow();
  });
});

describe('several processes on one PostgreSQL', () => {
  it('bring it into shape together', async () => {
    const url = await postgres.newDatabase();
    const all = await Promise.all(Array.from({ length: 6 }, () => open({ kind: 'postgres', url })));
    const ran = await Promise.all(all.map(({ db }) => migrateDatabase(db, 1)));
    const did = ran.filter((result) => result.ok && result.value.length > 0);
    expect(ran.every((result) => result.ok)).toBe(true);
    expect(did).toHaveLength(1);
  });

  it('make a partition together', async () => {
    const url = await postgres.newDatabase();
    const all = await Promise.all(Array.from({ length: 6 }, () => open({ kind: 'postgres', url })));
    const [first] = all;
    if (first === undefined) throw new Error('nobody');
    await migrateDatabase(first.db, 1);
    await Promise.all(all.map(({ db }) => ensurePartitions(db, '9C', 202611)));
    const { rows } = await sql`select to_regclass('event_9c_202611')::text as found`.execute(first.db);
    expect(rows).toEqual([{ found: 'event_9c_202611' }]);
  });
});

describe('an embedded database in a folder', () => {
  it('keeps what was put in, and is open in one place at a time', async () => {
    const dir = join(temporaryFolder(), 'database');
    const first = await openDatabase({ kind: 'embedded', dir });
    await migrateDatabase(first.db, 1);
    await first.db
      .insertInto('airline')
      .values({ ...AIRLINE, trust_version: 0, deny_version: 0 })
      .execute();
    await expect(openDatabase({ kind: 'embedded', dir })).rejects.toThrow('in use by another process');
    await first.close();
    const { db } = await open({ kind: 'embedded', dir });
    expect(await migrateDatabase(db, 2)).toEqual({ ok: true, value: [] });
    expect(await db.selectFrom('airline').select('airline').execute()).toEqual([{ airline: '9C' }]);
  });

  it('is free again when the process that had it was killed', async () => {
    const dir = temporaryFolder();
    const module = pathToFileURL(join(import.meta.dirname, '../../../ground/database/folder-lock.ts')).href;
    const script = `import { lockFolder } from '${module}';
      console.log((await lockFolder(${JSON.stringify(dir)})) !== null);
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    expect(said.toString().trim()).toBe('true');
    expect(await lockFolder(dir)).toBeNull();
    child.kill('SIGKILL');
    await once(child, 'exit');
    const lock = await lockFolder(dir);
    expect(lock).not.toBeNull();
    await lock?.release();
  });
});

describe('a PostgreSQL that goes away', () => {
  it('is told to whoever asks, and works again when it is back', async () => {
    const { db } = await open({ kind: 'postgres', url: await postgres.newDatabase() });
    await migrateDatabase(db, 1);
    const inTheMiddle = db.transaction().execute(async (trx) => {
      await sql`select 1`.execute(trx);
      await postgres.kill();
      await sql`select 1`.execute(trx);
    });
    const error: unknown = await inTheMiddle.then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(isDatabaseAway(error)).toBe(true);
    const next: unknown = await sql`select 1`.execute(db).then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(isDatabaseAway(next)).toBe(true);
    await postgres.start();
    expect((await sql`select 1 as one`.execute(db)).rows).toEqual([{ one: 1 }]);
  });

  it('is told apart from a mistake of ours', async () => {
    const { db } = await open({ kind: 'embedded', dir: null });
    const error: unknown = await sql`select nonsense`.execute(db).then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(isDatabaseAway(error)).toBe(false);
  });
});
