// Files that come in parts, over links that break: the parts lie in the database, so that any server process can take
// the next one.
import type { Kysely } from 'kysely';
import { concatBytes } from '../../domain/encoding/bytes.ts';
import { BATCH } from '../../domain/limits.ts';
import type { Tables } from '../database/tables.ts';
import type { Ground } from '../ground.ts';
import type { JournalName } from './journal-rows.ts';

export type Upload = JournalName & { readonly batchId: string };

export type Part = {
  readonly at: number;
  readonly total: number;
  readonly bytes: Uint8Array;
};

export type PartOutcome =
  | { readonly kind: 'more'; readonly offset: number }
  | { readonly kind: 'gap'; readonly offset: number }
  | { readonly kind: 'whole'; readonly bytes: Uint8Array };

/** Unfinished files are forgotten after this; the terminal begins again. */
const KEPT_MS = 7 * 86_400_000;
/** A terminal sends one file at a time; more unfinished ones are of no use to it. */
const MOST_UNFINISHED = 4;

/** `bytes 0-99/1000`; null for anything else or beyond what a batch can be. */
export function readContentRange(
  text: string,
): { readonly from: number; readonly to: number; readonly total: number } | null {
  const match = /^bytes (\d{1,9})-(\d{1,9})\/(\d{1,9})$/.exec(text);
  if (match === null) return null;
  const [from = 0, to = 0, total = 0] = match.slice(1).map(Number);
  return from <= to && to < total && total <= BATCH.maxBytes ? { from, to, total } : null;
}

/** How many bytes of the file are here, from its beginning without a gap. */
export async function uploadOffset(db: Kysely<Tables>, upload: Upload): Promise<number> {
  return (await partsOf(db, upload)).reduce((sum, { size }) => sum + size, 0);
}

/** Keeps a part. One that begins at 0 begins the file anew: a file made again has other bytes. */
export async function addPart(ground: Ground, upload: Upload, part: Part): Promise<PartOutcome> {
  return await ground.db.transaction().execute(async (db) => {
    await lockDevice(db, upload);
    if (part.at === 0) await dropUpload(db, upload);
    const parts = await partsOf(db, upload);
    const offset = parts.reduce((sum, { size }) => sum + size, 0);
    const isOtherFile = parts.some(({ total }) => total !== part.total);
    if (isOtherFile || part.at > offset) return { kind: 'gap', offset: isOtherFile ? 0 : offset };
    // What is here already is not taken twice.
    const fresh = part.bytes.subarray(offset - part.at);
    if (fresh.length === 0) return { kind: 'more', offset };
    await insertPart(ground, db, upload, { ...part, at: offset, bytes: fresh });
    const next = offset + fresh.length;
    if (next < part.total) {
      await dropOthers(ground, db, upload);
      return { kind: 'more', offset: next };
    }
    return { kind: 'whole', bytes: concatBytes(...(await readParts(db, upload))) };
  });
}

export async function dropUpload(db: Kysely<Tables>, upload: Upload): Promise<void> {
  await db
    .deleteFrom('upload_part')
    .where('airline', '=', upload.airline)
    .where('dev', '=', upload.dev)
    .where('ep', '=', upload.ep)
    .where('batch_id', '=', upload.batchId)
    .execute();
}

async function lockDevice(db: Kysely<Tables>, { airline, dev, ep }: Upload): Promise<void> {
  await db
    .selectFrom('device')
    .select('dev')
    .where('airline', '=', airline)
    .where('dev', '=', dev)
    .where('ep', '=', ep)
    .forUpdate()
    .execute();
}

async function partsOf(
  db: Kysely<Tables>,
  upload: Upload,
): Promise<readonly { readonly size: number; readonly total: number }[]> {
  const rows = await db
    .selectFrom('upload_part')
    .select(['total_bytes as total', (eb) => eb.fn<number>('octet_length', ['bytes']).as('size')])
    .where('airline', '=', upload.airline)
    .where('dev', '=', upload.dev)
    .where('ep', '=', upload.ep)
    .where('batch_id', '=', upload.batchId)
    .execute();
  return rows;
}

async function readParts(db: Kysely<Tables>, upload: Upload): Promise<readonly Uint8Array[]> {
  const rows = await db
    .selectFrom('upload_part')
    .select('bytes')
    .where('airline', '=', upload.airline)
    .where('dev', '=', upload.dev)
    .where('ep', '=', upload.ep)
    .where('batch_id', '=', upload.batchId)
    .orderBy('at_byte')
    .execute();
  return rows.map(({ bytes }) => bytes);
}

async function insertPart(
  { nowMs }: Ground,
  db: Kysely<Tables>,
  { airline, dev, ep, batchId }: Upload,
  { at, total, bytes }: Part,
): Promise<void> {
  await db
    .insertInto('upload_part')
    .values({
      airline,
      dev,
      ep,
      batch_id: batchId,
      at_byte: at,
      total_bytes: total,
      bytes,
      received_at_ms: nowMs(),
    })
    .execute();
}

/** Old files and all but the newest few of the terminal: nobody fills the disk with beginnings. */
async function dropOthers({ nowMs }: Ground, db: Kysely<Tables>, upload: Upload): Promise<void> {
  await db
    .deleteFrom('upload_part')
    .where('received_at_ms', '<', nowMs() - KEPT_MS)
    .execute();
  const uploads = await db
    .selectFrom('upload_part')
    .select(['batch_id', (eb) => eb.fn.max('received_at_ms').as('last')])
    .where('airline', '=', upload.airline)
    .where('dev', '=', upload.dev)
    .where('ep', '=', upload.ep)
    .where('batch_id', '!=', upload.batchId)
    .groupBy('batch_id')
    .orderBy('last', 'desc')
    .execute();
  for (const { batch_id: batchId } of uploads.slice(MOST_UNFINISHED - 1)) {
    await dropUpload(db, { ...upload, batchId });
  }
}
