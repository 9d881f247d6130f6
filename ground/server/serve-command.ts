// `ground -- serve`: the whole of ground in one process, or one of many over the same PostgreSQL.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cannotRun, describeError, type Command } from '../command.ts';
import type { DatabasePlace } from '../database/open-database.ts';
import type { Ground, Log } from '../ground.ts';
import type { Worker } from '../jobs/run-jobs.ts';
import { readMasterKey } from '../secrets/master-key.ts';
import { openDemo, type OpenDemo } from '../demo/open-demo.ts';
import { AUTHORITY_FILE, keepServerCertificate } from './authority.ts';
import { createApp } from './create-app.ts';
import { createLog } from './log.ts';
import { openGround, type OpenGround } from './open-ground.ts';
import { receiveSpooled } from '../ingest/receive-spooled.ts';
import { readServeOptions, type ServeOptions } from './serve-options.ts';
import { startRounds, startWorkers } from './workers.ts';

const PAGES = fileURLToPath(new URL('../../out/ground', import.meta.url));

/** Serves until it is asked to stop (SIGINT, SIGTERM). */
export const serveCommand: Command = async (args) => {
  try {
    const options = readServeOptions(args);
    const opened = await openWith(options, createLog());
    if (typeof opened === 'string') return cannotRun(opened);
    try {
      await serve(opened.ground, options);
    } finally {
      await opened.close();
    }
    return { exitCode: 0, stdout: '', stderr: '' };
  } catch (error) {
    return cannotRun(describeError(error));
  }
};

async function serve(ground: Ground, options: ServeOptions): Promise<void> {
  await receiveSpooled(ground);
  await startRounds(ground);
  const tls = await readTls(options);
  const { isBehindProxy, callsPerMinute } = options;
  const appOptions = { pages: PAGES, callsPerMinute, isBehindProxy };
  const secure = await createApp(ground, { ...appOptions, tls });
  // For a reverse proxy on this machine, and for trying it out: nobody else can reach it.
  const local = await createApp(ground, { ...appOptions, tls: null });
  const secureAddress = await secure.listen({ host: options.host, port: options.port });
  const localAddress = await local.listen({ host: '127.0.0.1', port: options.httpPort });
  const { dataDir } = options;
  const demo = options.isDemo
    ? await openDemo(ground, { dataDir, secureAddress, authority: tls.authority })
    : null;
  const workers = startWorkers(ground, options.workers);
  process.stdout.write(describeService(secureAddress, localAddress, options, demo?.facts ?? []));
  await untilAskedToStop();
  await Promise.all([secure.close(), local.close(), stopWorkers(workers)]);
  await demo?.stop();
}

/** Settlement workers alone: as many processes as wanted over one PostgreSQL. */
export const workCommand: Command = async (args) => {
  try {
    const options = readServeOptions(args);
    if (options.databaseUrl === null) return cannotRun('workers of their own need --database-url');
    const opened = await openWith(options, createLog());
    if (typeof opened === 'string') return cannotRun(opened);
    const workers = startWorkers(opened.ground, options.workers);
    await untilAskedToStop();
    await stopWorkers(workers);
    await opened.close();
    return { exitCode: 0, stdout: '', stderr: '' };
  } catch (error) {
    return cannotRun(describeError(error));
  }
};

/** Ground, or why it cannot be opened, in words. */
export async function openWith(
  options: Pick<ServeOptions, 'dataDir' | 'databaseUrl' | 'publicAddress'>,
  log: Log,
): Promise<OpenGround | string> {
  await mkdir(options.dataDir, { recursive: true, mode: 0o700 });
  const masterKey = await readMasterKey(options.dataDir, process.env);
  if (!masterKey.ok) return `master key: ${masterKey.error.kind} (${masterKey.error.where})`;
  const { databaseUrl } = options;
  const database: DatabasePlace =
    databaseUrl === null
      ? { kind: 'embedded', dir: join(options.dataDir, 'database') }
      : { kind: 'postgres', url: databaseUrl };
  const opened = await openGround({
    database,
    spoolFolder: databaseUrl === null ? join(options.dataDir, 'received') : null,
    masterKey: masterKey.value,
    publicAddress: options.publicAddress,
    nowMs: Date.now,
    log,
  });
  if (opened.ok) return opened.value;
  const { found, newestKnown } = opened.error;
  return `the database has the shape ${found.toString()} of a newer version; this one knows up to ${newestKnown.toString()}`;
}

/** `authority` null: the airline's own certificate, which says itself who vouches for it. */
async function readTls({ tlsFiles, dataDir, names }: ServeOptions): Promise<{
  readonly certificate: string;
  readonly key: string;
  readonly authority: string | null;
}> {
  if (tlsFiles === null) return keepServerCertificate(dataDir, names, Date.now());
  return {
    certificate: await readFile(tlsFiles.certificate, 'utf8'),
    key: await readFile(tlsFiles.key, 'utf8'),
    authority: null,
  };
}

function describeService(
  secure: string,
  local: string,
  { dataDir, databaseUrl, publicAddress, tlsFiles }: ServeOptions,
  demo: OpenDemo['facts'],
): string {
  const pinned = tlsFiles === null ? `  (they pin ${join(dataDir, AUTHORITY_FILE)})` : '';
  const rows: OpenDemo['facts'] = [
    ['terminals', `${secure}${pinned}`],
    ['passengers', `${publicAddress}/phone/`],
    ['console', `${local}/console/`],
    ['database', databaseUrl === null ? join(dataDir, 'database') : 'PostgreSQL'],
    ...demo,
  ];
  return `${rows.map(([what, where]) => `${what.padEnd(11)} ${where}`).join('\n')}\n`;
}

async function stopWorkers(workers: readonly Worker[]): Promise<void> {
  await Promise.all(workers.map((worker) => worker.stop()));
}

function untilAskedToStop(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => {
      resolve();
    });
    process.once('SIGTERM', () => {
      resolve();
    });
  });
}
