import { sql, type Kysely } from 'kysely';
import * as v from 'valibot';
import { decodeBase64url } from '../../../domain/encoding/base64url.ts';
import { decodeUtf8 } from '../../../domain/encoding/utf8.ts';
import { resultFileSchema } from '../../../domain/settlement/result-file.ts';
import type { Tables } from '../../database/tables.ts';
import type { BatchDetail } from '../../web/console-rows.ts';
import { BATCH_FIELDS, BATCH_SIZE, batchRow } from '../lists/batches.ts';

type Db = Kysely<Tables>;

export async function readBatch(db: Db, airline: string, id: number): Promise<BatchDetail | null> {
  const found = await db
    .selectFrom('batch')
    .select([...BATCH_FIELDS, BATCH_SIZE, 'file_sha256'])
    .where('airline', '=', airline)
    .where('id', '=', id)
    .executeTakeFirst();
  if (found === undefined) return null;
  const batch = batchRow(found);
  const { dev, ep, fromSeq, toSeq, batchId } = batch;
  const hasRange = dev !== null && ep !== null && fromSeq !== null && toSeq !== null;
  const range = hasRange ? { dev, ep, fromSeq, toSeq } : null;
  return {
    batch,
    sha256: found.file_sha256,
    types: range === null ? [] : await countTypes(db, airline, range),
    setAside: range === null ? [] : await readSetAside(db, airline, range),
    result: batchId === null ? null : await readResult(db, airline, batchId),
  };
}

type Range = {
  readonly dev: string;
  readonly ep: number;
  readonly fromSeq: number;
  readonly toSeq: number;
};

async function countTypes(db: Db, airline: string, range: Range): Promise<BatchDetail['types']> {
  return await db
    .selectFrom('event')
    .select([
      'ty',
      sql<number>`count(*)`.as('n'),
      sql<number>`coalesce(sum(tot_minor) filter (where not is_practice), 0)::bigint`.as('minor'),
    ])
    .where('airline', '=', airline)
    .where('dev', '=', range.dev)
    .where('ep', '=', range.ep)
    .where('seq', '>=', range.fromSeq)
    .where('seq', '<=', range.toSeq)
    .groupBy('ty')
    .orderBy('n', 'desc')
    .execute();
}

async function readSetAside(db: Db, airline: string, range: Range): Promise<BatchDetail['setAside']> {
  const rows = await db
    .selectFrom('set_aside')
    .select(['dev', 'ep', 'seq', 'leg', 'bill', 'cti', 'why', 'at_ms'])
    .where('airline', '=', airline)
    .where('dev', '=', range.dev)
    .where('ep', '=', range.ep)
    .where('seq', '>=', range.fromSeq)
    .where('seq', '<=', range.toSeq)
    .where('decided_at_ms', 'is', null)
    .orderBy('seq')
    .limit(200)
    .execute();
  return rows.map(({ at_ms, ...row }) => ({ ...row, atMs: at_ms, minor: null }));
}

async function readResult(db: Db, airline: string, batchId: string): Promise<BatchDetail['result']> {
  const newest = await db
    .selectFrom('result_file')
    .select(['n', 'jws', 'at_ms'])
    .where('airline', '=', airline)
    .where('batch_id', '=', batchId)
    .orderBy('n', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (newest === undefined) return null;
  const result = readOwnJws(newest.jws);
  if (result === null) return null;
  return {
    n: newest.n,
    atMs: newest.at_ms,
    ackSeq: result.ackSeq,
    bills: result.bills.map(({ bill, status, amt, ref, code }) => ({
      bill,
      status,
      minor: amt,
      transactionId: ref,
      code,
    })),
  };
}

/** Ground signed it itself and kept it in its own database: it is read, not verified again. */
function readOwnJws(jws: string): v.InferOutput<typeof resultFileSchema> | null {
  const payload = decodeBase64url(jws.split('.')[1] ?? '');
  if (payload === null) return null;
  try {
    const parsed = v.safeParse(resultFileSchema, JSON.parse(decodeUtf8(payload) ?? ''));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}
