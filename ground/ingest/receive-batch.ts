// A settlement batch comes in: by upload, from a folder or by command (settlement.md 6.4).
import { encodeHex } from '../../domain/encoding/hex.ts';
import type { BatchManifest } from '../../domain/settlement/batch-manifest.ts';
import { ensurePartitions } from '../database/partitions.ts';
import type { Ground } from '../ground.ts';
import type { JobHandler } from '../jobs/run-jobs.ts';
import { storeFile, type IncomingFile, type StoredFile } from './incoming-files.ts';
import { judgeFile } from './judge-file.ts';
import { keepFewRefused } from './refused-files.ts';
import { composeResult } from './results.ts';
import { listSpool, readSpooled, spoolFile, tidySpool } from './spool.ts';
import { storeBatch, type Outcome } from './store-batch.ts';

export type Received = Outcome & {
  /** Null while nothing vouches for what the file says it is. */
  readonly manifest: Pick<BatchManifest, 'batchId' | 'dev' | 'ep'> | null;
  /** First line ground misses; only with GAP. */
  readonly resendFrom: number | null;
};

/** Judged again this often when other batches of the same terminal come between; more is a fault of ours. */
const MOST_TRIES = 20;

/**
 * Keeps the file, judges it, and takes what is new in it, once, however often and by however many ways it comes.
 * Rejects when the database is away; the file may come again then.
 */
export async function receiveBatch(ground: Ground, file: IncomingFile): Promise<Received> {
  return await judgeStored(ground, await storeFile(ground, file), file.bytes);
}

async function judgeStored(ground: Ground, file: StoredFile, bytes: Uint8Array): Promise<Received> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const judgement = await judgeFile(ground, file.airline, bytes);
    for (const month of new Set(judgement.rows.map((row) => row.month))) {
      await ensurePartitions(ground.db, file.airline, month);
    }
    const outcome = await storeBatch(ground, file, judgement);
    if (outcome === null) continue;
    const { manifest, resendFrom } = judgement;
    const { airline } = file;
    // However it came, the terminal finds its answer; also one that was lost when a process died after storing.
    if (manifest !== null) await composeResult(ground, airline, manifest.batchId);
    await keepFewRefused(ground, file, { status: outcome.status, dev: manifest?.dev ?? null, bytes });
    ground.log.info('batch', { airline, dev: manifest?.dev ?? null, status: outcome.status });
    return { ...outcome, manifest, resendFrom };
  }
  throw new Error('the journal kept changing while its batch was judged');
}

/** Job `judge-batch`: a file whose receiver died before it had judged it. */
export const judgeBatchJob: JobHandler = async (ground, job) => {
  const row = await ground.db
    .selectFrom('batch')
    .select(['id', 'airline', 'source', 'bytes', 'status'])
    .where('id', '=', Number(job.key))
    .executeTakeFirst();
  if (row?.status !== 'RECEIVED') return;
  // A file refused earlier had lost its copy on the disk.
  if (ground.spoolFolder !== undefined) {
    const { airline, bytes } = row;
    await spoolFile(ground.spoolFolder, { airline, hash: encodeHex(ground.crypto.sha256(bytes)), bytes });
  }
  await judgeStored(ground, row, row.bytes);
};

/** At start: takes in spooled batch files that the database has lost; answers how many. */
export async function receiveSpooledBatches(ground: Ground): Promise<number> {
  const { spoolFolder } = ground;
  if (spoolFolder === undefined) return 0;
  await tidySpool(spoolFolder, ground.nowMs());
  let count = 0;
  for (const file of await listSpool(spoolFolder, 'cpb')) {
    const { airline, hash } = file;
    const known = await ground.db
      .selectFrom('batch')
      .select('status')
      .where('airline', '=', airline)
      .where('file_sha256', '=', hash)
      .executeTakeFirst();
    if (known !== undefined && known.status !== 'RECEIVED') continue;
    const bytes = await readSpooled(file);
    // A file cut by a power failure before it was acknowledged: its sender still has it.
    if (encodeHex(ground.crypto.sha256(bytes)) !== hash) continue;
    await receiveBatch(ground, { airline, bytes, source: 'upload' });
    count += 1;
  }
  return count;
}
