// A real PostgreSQL: its own cluster in a temporary folder, listening on this machine only, synced to
// disk as in earnest, and gone afterwards. PostgreSQL refuses to run as root; then the package's own user runs it.
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';

const run = promisify(execFile);

export type Postgres = {
  /** Of the database `postgres`, which is there for administration only. */
  readonly url: string;
  /** Makes an empty database and answers its address. */
  readonly newDatabase: () => Promise<string>;
  /** Stops the server at once, as when its machine dies; `start` brings it back with the same data. */
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
};

/** The folder with PostgreSQL's programs: the newest one installed, or the one on the path. */
function findPostgresPrograms(): string | null {
  const versions = '/usr/lib/postgresql';
  const numbers = existsSync(versions) ? readdirSync(versions).map(Number).filter(Number.isInteger) : [];
  const folders = [
    ...numbers.sort((a, b) => b - a).map((version) => join(versions, version.toString(), 'bin')),
    ...(process.env['PATH'] ?? '').split(delimiter),
  ];
  return (
    folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres'))) ??
    null
  );
}

/** Starts a cluster; whoever starts it takes it away. */
export async function startCluster(): Promise<Cluster> {
  const programs = findPostgresPrograms();
  if (programs === null) throw new Error('PostgreSQL is not installed: npm run set-up installs it');
  const owner = await findOwner();
  const folder = await mkdtemp(join(tmpdir(), 'cabintill-postgres-'));
  if (owner !== null) await chown(folder, owner.uid, owner.gid);
  else await chmod(folder, 0o700);
  const data = join(folder, 'data');
  const identity = owner ?? {};
  await run(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'ground', '--auth=trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
    { ...identity, cwd: folder },
  );
  const port = await freePort();
  const url = `postgres://ground@127.0.0.1:${port.toString()}/postgres`;
  let server: ChildProcess | null = null;
  const start = async (): Promise<void> => {
    const settings = [`listen_addresses=127.0.0.1`, `port=${port.toString()}`, `unix_socket_directories=`];
    server = spawn(
      join(programs, 'postgres'),
      ['-D', data, ...['fsync=on', 'max_connections=60', ...settings].flatMap((setting) => ['-c', setting])],
      { ...identity, cwd: folder, stdio: 'ignore' },
    );
    await answers(url, server);
  };
  const kill = async (): Promise<void> => {
    const running = server;
    server = null;
    if (running === null || running.exitCode !== null) return;
    const gone = new Promise((resolve) => running.once('exit', resolve));
    // "Immediate shutdown": all its processes end without tidying up; the next start recovers from the log.
    running.kill('SIGQUIT');
    await gone;
  };
  await start();
  let count = 0;
  return {
    url,
    newDatabase: async () => {
      count += 1;
      const name = `test_${count.toString()}`;
      await withClient(url, (client) => client.query(`create database ${name}`));
      return `postgres://ground@127.0.0.1:${port.toString()}/${name}`;
    },
    kill,
    start,
    remove: async () => {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export type Cluster = Postgres & { readonly remove: () => Promise<void> };

type Owner = { readonly uid: number; readonly gid: number };

async function findOwner(): Promise<Owner | null> {
  if (process.getuid?.() !== 0) return null;
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (flag) => Number((await run('id', [flag, 'postgres'])).stdout)),
  );
  if (uid === undefined || gid === undefined) throw new Error('there is no user postgres');
  return { uid, gid };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Waits until it answers; ends with an error when the server has ended instead. */
async function answers(url: string, server: ChildProcess): Promise<void> {
  for (;;) {
    if (server.exitCode !== null) throw new Error(`postgres ended with ${server.exitCode.toString()}`);
    const isUp = await withClient(url, (client) => client.query('select 1')).then(
      () => true,
      () => false,
    );
    if (isUp) return;
    await delay(50);
  }
}

async function withClient(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
