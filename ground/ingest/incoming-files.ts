// Every file ever received is kept before anybody looks into it, also those that are refused.
import { createHash } from 'node:crypto';
import { BATCH } from '../../domain/limits.ts';
import type { BatchTable } from '../database/tables.ts';
import type { Ground } from '../ground.ts';
import { enqueue } from '../jobs/jobs.ts';
import { spoolFile } from './spool.ts';

export type IncomingFile = {
  readonly airline: string;
  readonly bytes: Uint8Array;
  readonly source: BatchTable['source'];
};

export type StoredFile = {
  readonly id: number;
  readonly airline: string;
  readonly source: BatchTable['source'];
};

/** Whoever stores a file also judges it; this is for when that process dies in between. */
const JUDGED_BY_ITSELF_MS = 60_000;

/** On disk when this resolves. The same bytes again are the same row. */
export async function storeFile(
  ground: Ground,
  { airline, bytes, source }: IncomingFile,
): Promise<StoredFile> {
  const hash = createHash('sha256').update(bytes).digest('hex');
  if (ground.spoolFolder !== undefined) await spoolFile(ground.spoolFolder, { airline, hash, bytes });
  return await ground.db.transaction().execute(async (db) => {
    await db
      .insertInto('batch')
      .values({
        airline,
        file_sha256: hash,
        // More than a batch can be: its hash tells which it was.
        bytes: bytes.length > BATCH.maxBytes ? new Uint8Array(0) : bytes,
        batch_id: null,
        dev: null,
        ep: null,
        from_seq: null,
        to_seq: null,
        legs: '[]',
        net_minor: null,
        status: 'RECEIVED',
        why: null,
        resend_from: null,
        source,
        received_at_ms: ground.nowMs(),
      })
      .onConflict((conflict) => conflict.columns(['airline', 'file_sha256']).doNothing())
      .execute();
    const row = await db
      .selectFrom('batch')
      .select(['id', 'source'])
      .where('airline', '=', airline)
      .where('file_sha256', '=', hash)
      .executeTakeFirstOrThrow();
    const runAtMs = ground.nowMs() + JUDGED_BY_ITSELF_MS;
    await enqueue(db, { kind: 'judge-batch', key: row.id.toString(), payload: {}, runAtMs });
    return { id: row.id, airline, source: row.source };
  });
}
