// Whether the lines of a batch are the journal of its terminal: signed, without a gap, each following the one before
// (settlement.md 6.4, step 3; journal.md 5.1).
import type { Crypto, EcPublicJwk } from '../crypto/crypto.ts';
import {
  genesisHash,
  isLineSigned,
  lineHash,
  lineHeader,
  readEnvelope,
  type RawEvent,
} from '../journal/line.ts';
import { fail, ok, type Result } from '../result.ts';
import type { BatchManifest } from './batch-manifest.ts';

export type ChainFault = {
  readonly status: 'DAMAGED' | 'FORGED' | 'GAP' | 'FORK';
  readonly why: string;
  /** First line ground misses; only for a gap. */
  readonly resendFrom: number | null;
};

/** What ground has of one terminal and epoch from batches before. */
export type HeldLines = {
  /** Highest seq up to which every line is held; 0 for none. */
  readonly ackSeq: number;
  /** base64url hash of a line held, or null. */
  readonly hashAt: (seq: number) => string | null;
};

const gap = (why: string, resendFrom: number): ChainFault => ({ status: 'GAP', why, resendFrom });
const fork = (why: string): ChainFault => ({ status: 'FORK', why, resendFrom: null });
const forged = (why: string): ChainFault => ({ status: 'FORGED', why, resendFrom: null });

/** The envelopes of the lines in order. All signatures are checked before anything a line says is used. */
export function verifyChain(
  lines: readonly string[],
  manifest: BatchManifest,
  key: EcPublicJwk,
  { held, crypto }: { readonly held: HeldLines | null; readonly crypto: Crypto },
): Result<readonly RawEvent[], ChainFault> {
  const header = lineHeader(key, crypto);
  const unsigned = lines.findIndex((line) => !isLineSigned(line, header, key, crypto));
  if (unsigned >= 0) return fail(forged(`${nameLine(lines, unsigned)}: not signed by ${manifest.dev}`));
  const raw: RawEvent[] = [];
  for (const [i, line] of lines.entries()) {
    const event = readEnvelope(line);
    if (event === null) {
      return fail({ status: 'DAMAGED', why: `${nameLine(lines, i)}: no journal event`, resendFrom: null });
    }
    if (event.dev !== manifest.dev || event.ep !== manifest.ep) {
      return fail(forged(`${nameLine(lines, i)}: belongs to ${event.dev}#${event.ep.toString()}`));
    }
    raw.push(event);
  }
  const hashes = lines.map((line) => lineHash(line, crypto));
  const fault =
    findSequenceFault(raw, hashes, manifest) ??
    findLinkFault(raw, hashes, manifest, crypto) ??
    (held === null ? null : findHeldFault(raw, hashes, manifest, held));
  return fault === null ? ok(raw) : fail(fault);
}

/** `line 4 (seq 1004)`: its place among the journal lines, and the number it gives itself where it gives one. */
function nameLine(lines: readonly string[], index: number): string {
  const seq = readEnvelope(lines[index] ?? '')?.seq;
  const place = `line ${(index + 1).toString()}`;
  return seq === undefined ? place : `${place} (seq ${seq.toString()})`;
}

function findSequenceFault(
  raw: readonly RawEvent[],
  hashes: readonly string[],
  { from, to }: BatchManifest,
): ChainFault | null {
  const hashOf = new Map<number, string>();
  for (const [i, { seq }] of raw.entries()) {
    const before = hashOf.get(seq);
    if (before !== undefined && before !== hashes[i]) {
      return fork(`seq ${seq.toString()} stands twice with different content`);
    }
    hashOf.set(seq, hashes[i] ?? '');
  }
  for (const [i, { seq }] of raw.entries()) {
    const wanted = from + i;
    const place = `line ${(i + 1).toString()}`;
    if (seq !== wanted) return gap(`${place}: seq is ${seq.toString()}, not ${wanted.toString()}`, wanted);
  }
  const next = from + raw.length;
  if (next <= to) return gap(`lines ${next.toString()} to ${to.toString()} are missing`, next);
  // Every number fits, but there are more lines than the manifest covers: they are signed, so it is the manifest
  // that speaks of another range.
  return next - 1 > to
    ? fork(`the lines go on to ${(next - 1).toString()}, the manifest ends at ${to.toString()}`)
    : null;
}

function findLinkFault(
  raw: readonly RawEvent[],
  hashes: readonly string[],
  manifest: BatchManifest,
  crypto: Crypto,
): ChainFault | null {
  const { dev, ep, devCert, from, prevHash, headHash } = manifest;
  if (raw[0]?.prev !== prevHash)
    return fork(`seq ${from.toString()}: does not follow the manifest's prevHash`);
  if (from === 1 && prevHash !== genesisHash(dev, ep, devCert, crypto)) {
    return fork('seq 1: is not the first line of a journal with this certificate');
  }
  for (let i = 1; i < raw.length; i++) {
    if (raw[i]?.prev !== hashes[i - 1]) {
      return fork(`seq ${(from + i).toString()}: does not follow the line before it`);
    }
  }
  return hashes.at(-1) === headHash
    ? null
    : fork('the last line is not the one the manifest names as headHash');
}

function findHeldFault(
  raw: readonly RawEvent[],
  hashes: readonly string[],
  { from, prevHash }: BatchManifest,
  held: HeldLines,
): ChainFault | null {
  if (from > held.ackSeq + 1) {
    const missing = held.ackSeq + 1;
    return gap(`lines ${missing.toString()} to ${(from - 1).toString()} never arrived`, missing);
  }
  const before = held.hashAt(from - 1);
  if (before !== null && before !== prevHash)
    return fork(`seq ${(from - 1).toString()} was delivered with other content`);
  for (const [i, { seq }] of raw.entries()) {
    const known = held.hashAt(seq);
    if (known !== null && known !== hashes[i])
      return fork(`seq ${seq.toString()} was delivered with other content`);
  }
  return null;
}
