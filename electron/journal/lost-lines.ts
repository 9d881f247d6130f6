// Tells a write that was cut short from lines that were whole once (journal.md 5.3).
import type { Crypto } from '../../domain/crypto/crypto.ts';
import type { ChainIdentity } from '../../domain/journal/chain.ts';
import { isLineSigned, readEnvelope } from '../../domain/journal/line.ts';

/**
 * The highest number that certainly stood behind the authentic lines; `headSeq` when one write cut short explains all
 * of `rest`. Lines are synced one by one, so such a write is the last and alone: its sectors may hold anything, line
 * ends included, but no further line begins in it, and no whole line is in it.
 * @param rest what follows the authentic lines, as it stands in the files
 */
export function lastSeqLost(rest: string, headSeq: number, identity: ChainIdentity, crypto: Crypto): number {
  const { header, key } = identity;
  const begunAt = (at: number): number => rest.indexOf(`${header}.`, at);
  let lost = headSeq;
  for (let at = begunAt(1); at > 0; at = begunAt(at + 1)) lost += 1;
  const pieces = rest.split('\n');
  pieces.forEach((piece, i) => {
    const raw = readEnvelope(piece);
    // The next line, whole but for its line end, is what a write leaves that was cut one byte short.
    const isNextUnended = raw?.seq === headSeq + 1 && i === pieces.length - 1;
    if (raw === null || raw.seq <= lost || isNextUnended) return;
    if (isLineSigned(piece, header, key, crypto)) lost = raw.seq;
  });
  return lost;
}
