// `ground -- serve`: the whole of ground in one process, or one of many over the same PostgreSQL.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cannotRun, describeError, type Command } from '../command.ts';
import type { DatabasePlace } from '../database/open-database.ts';
import type { Log } from '../ground.ts';
import type { Worker } from '../jobs/run-jobs.ts';
import { readMasterKey } from '../secrets/master-key.ts';
import { keepServerCertificate, type ServerCertificate } from './authority.ts';
import { createApp } from './create-app.ts';
import { createLog } from './log.ts';
import { openGround, type OpenGround } from './open-ground.ts';
import { receiveSpooled } from '../ingest/receive-batch.ts';
import { readServeOptions, type ServeOptions } from './serve-options.ts';
import { startRounds, startWorkers } from './workers.ts';

const CALLS_PER_MINUTE = 1200;
const PAGES = fileURLToPath(new URL('../../out/ground', import.meta.url));

/** Serves until it is asked to stop (SIGINT, SIGTERM). */
export const serveCommand: Command = async (args) => {
  try {
    const options = readServeOptions(args);
    const log = createLog();
    const opened = await openWith(options, log);
    if (typeof opened === 'string') return cannotRun(opened);
    const { ground } = opened;
    await receiveSpooled(ground);
    await startRounds(ground);
    const tls = await readTls(options);
    const appOptions = {
      pages: PAGES,
      callsPerMinute: CALLS_PER_MINUTE,
      isBehindProxy: options.isBehindProxy,
    };
    const secure = await createApp(ground, { ...appOptions, tls });
    // For a reverse proxy on this machine, and for trying it out: nobody else can reach it.
    const local = await createApp(ground, { ...appOptions, tls: null });
    const addresses = [
      await secure.listen({ host: options.host, port: options.port }),
      await local.listen({ host: '127.0.0.1', port: options.httpPort }),
    ];
    const workers = startWorkers(ground, options.workers);
    process.stdout.write(describeService(addresses, options));
    await untilAskedToStop();
    await Promise.all([secure.close(), local.close(), stopWorkers(workers)]);
    await opened.close();
    return { exitCode: 0, stdout: '', stderr: '' };
  } catch (error) {
    return cannotRun(describeError(error));
  }
};

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

async function readTls({
  tlsFiles,
  dataDir,
  names,
}: ServeOptions): Promise<Omit<ServerCertificate, 'authority'>> {
  if (tlsFiles === null) return keepServerCertificate(dataDir, names, Date.now());
  return {
    certificate: await readFile(tlsFiles.certificate, 'utf8'),
    key: await readFile(tlsFiles.key, 'utf8'),
  };
}

function describeService([secure, local]: readonly string[], options: ServeOptions): string {
  const rows = [
    ['terminals', `${secure ?? ''}  (authority to pin: ${join(options.dataDir, 'ground-ca.pem')})`],
    ['passengers', `${options.publicAddress}/phone/`],
    ['console', `${local ?? ''}/console/`],
    ['database', options.databaseUrl === null ? join(options.dataDir, 'database') : 'PostgreSQL'],
  ];
  return `${rows.map(([what = '', where = '']) => `${what.padEnd(11)} ${where}`).join('\n')}\n`;
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
