// Passengers' copies beside the embedded database: the phone forgets its own once it has been told `kept`.
import * as v from 'valibot';
import { decodeUtf8, encodeUtf8 } from '../../domain/encoding/utf8.ts';
import { encodeHex } from '../../domain/encoding/hex.ts';
import type { Ground } from '../ground.ts';
import type { EventRow } from './event-row.ts';
import { spoolFile } from './spool.ts';

const COPIES_SEAL = 'spooled-copies';

const handInSchema = v.object({
  cti: v.string(),
  source: v.picklist(['phone', 'paper', 'peer']),
  lines: v.array(v.string()),
});

export type HandIn = v.InferOutput<typeof handInSchema>;

/**
 * One sealed file for what is new in a hand-in, synced when this resolves. What the database has is not written again: it
 * lies here already, in a batch file or an earlier hand-in.
 */
export async function spoolCopies(
  ground: Pick<Ground, 'db' | 'seal' | 'crypto' | 'spoolFolder'>,
  hand: Omit<HandIn, 'lines'> & { readonly airline: string; readonly rows: readonly EventRow[] },
): Promise<void> {
  const { spoolFolder, seal, crypto } = ground;
  if (spoolFolder === undefined) return;
  const { airline, cti, source } = hand;
  const held = await hashesHeld(ground, hand.rows);
  const fresh = hand.rows.filter((row) => held.get(row) !== row.hash);
  const lines = [...new Set(fresh.map(({ line }) => line))].sort();
  if (lines.length === 0) return;
  const content = encodeUtf8(JSON.stringify({ cti, source, lines } satisfies HandIn));
  const hash = encodeHex(crypto.sha256(content));
  const bytes = seal.seal(COPIES_SEAL, content);
  await spoolFile(spoolFolder, { airline, hash, bytes, kind: 'cpy' });
}

/** Null for a file that was cut before it was acknowledged, or sealed under another master key. */
export function readHandIn({ seal }: Pick<Ground, 'seal'>, bytes: Uint8Array): HandIn | null {
  const opened = seal.open(COPIES_SEAL, bytes);
  const text = opened === null ? null : decodeUtf8(opened);
  if (text === null) return null;
  const parsed = v.safeParse(handInSchema, JSON.parse(text));
  return parsed.success ? parsed.output : null;
}

/** What stands under the number of each line, by line; null where nothing does. */
export async function hashesHeld(
  { db }: Pick<Ground, 'db'>,
  rows: readonly EventRow[],
): Promise<ReadonlyMap<EventRow, string | null>> {
  const held = new Map<EventRow, string | null>();
  for (const row of rows) {
    const { airline, dev, ep, seq } = row;
    const found = await db
      .selectFrom('event')
      .select('hash')
      .where('airline', '=', airline)
      .where('dev', '=', dev)
      .where('ep', '=', ep)
      .where('seq', '=', seq)
      .executeTakeFirst();
    held.set(row, found?.hash ?? null);
  }
  return held;
}
