// Refused files are kept for whoever looks into them, but not without end: a terminal in wrong hands could fill the disk.
import { encodeHex } from '../../domain/encoding/hex.ts';
import type { BatchStatusWord } from '../database/tables.ts';
import type { Ground } from '../ground.ts';
import type { StoredFile } from './incoming-files.ts';
import { removeSpooled } from './spool.ts';

/** Of each status and terminal; older ones keep their row and hash, and lose their bytes. */
const MOST_KEPT = 16;

const TAKEN: ReadonlySet<BatchStatusWord> = new Set(['RECEIVED', 'ACCEPTED', 'PARTIAL', 'DUPLICATE']);

/** `dev` null: nothing vouches for whose file it is. */
export async function keepFewRefused(
  { db, crypto, spoolFolder }: Pick<Ground, 'db' | 'crypto' | 'spoolFolder'>,
  { airline }: StoredFile,
  { status, dev, bytes }: { status: BatchStatusWord; dev: string | null; bytes: Uint8Array },
): Promise<void> {
  if (TAKEN.has(status)) return;
  const ofItsKind = db
    .selectFrom('batch')
    .select('id')
    .where('airline', '=', airline)
    .where('status', '=', status)
    .where('dev', 'is not distinct from', dev)
    .orderBy('id', 'desc');
  await db
    .updateTable('batch')
    .set({ bytes: new Uint8Array(0) })
    .where('id', 'in', ofItsKind.offset(MOST_KEPT))
    .where((eb) => eb(eb.fn<number>('octet_length', ['bytes']), '>', 0))
    .execute();
  // Nothing of it was taken, so there is nothing to take in again.
  if (spoolFolder !== undefined) {
    await removeSpooled(spoolFolder, { airline, hash: encodeHex(crypto.sha256(bytes)) });
  }
}
