import type { Crypto, EcPublicJwk } from '../crypto/crypto.ts';
import { isLineSigned, lineHash, readEnvelope, type RawEvent } from './line.ts';

/** Whose journal it is: every line must carry these. */
export type ChainIdentity = {
  readonly dev: string;
  readonly ep: number;
  readonly key: EcPublicJwk;
  /** `lineHeader` of the key. */
  readonly header: string;
};

export type ChainHead = { readonly seq: number; readonly hash: string };

/** Why a line does not continue a chain. */
export type ChainFault = 'header' | 'malformed' | 'foreign' | 'seq' | 'prev';

/** Checks everything about the next line but its signature. */
export function findChainFault(
  line: string,
  raw: RawEvent | null,
  head: ChainHead,
  identity: ChainIdentity,
): ChainFault | null {
  if (!line.startsWith(`${identity.header}.`)) return 'header';
  if (raw === null) return 'malformed';
  if (raw.dev !== identity.dev || raw.ep !== identity.ep) return 'foreign';
  if (raw.seq !== head.seq + 1) return 'seq';
  return raw.prev === head.hash ? null : 'prev';
}

export type CheckedLine = { readonly line: string; readonly raw: RawEvent; readonly head: ChainHead };

/**
 * The longest prefix of `lines` that continues `start` and is authentic. Every line hashes the whole line before it,
 * so a valid signature on the last one vouches for all: only the tail is verified, going back until a signature
 * holds. Ground still verifies each line by itself.
 */
export function authenticPrefix(
  lines: readonly string[],
  start: ChainHead,
  identity: ChainIdentity,
  crypto: Crypto,
): readonly CheckedLine[] {
  const chained: CheckedLine[] = [];
  let head = start;
  for (const line of lines) {
    const raw = readEnvelope(line);
    if (raw === null || findChainFault(line, raw, head, identity) !== null) break;
    head = { seq: raw.seq, hash: lineHash(line, crypto) };
    chained.push({ line, raw, head });
  }
  let length = chained.length;
  while (length > 0) {
    const last = chained[length - 1];
    if (last !== undefined && isLineSigned(last.line, identity.header, identity.key, crypto)) break;
    length -= 1;
  }
  return chained.slice(0, length);
}
