import type { Crypto, Signer } from '../crypto/crypto.ts';
import { signJsonJws } from '../crypto/compact-jws.ts';
import { concatBytes } from '../encoding/bytes.ts';
import { encodeHex } from '../encoding/hex.ts';
import { encodeUtf8 } from '../encoding/utf8.ts';
import type { JournalEvent } from '../journal/event.ts';
import { lineHash, readEnvelope, readEvent, type RawEvent } from '../journal/line.ts';
import { batchFileName, batchIdOf } from './batch-id.ts';
import { legsInRange, loadedPacks, type BatchManifest, type LoadedPack } from './batch-manifest.ts';
import { legTotals } from './totals.ts';

export type BatchContents = {
  /** Journal lines `from`..`to`, byte for byte, without their LF; at least one. */
  readonly lines: readonly string[];
  readonly airline: string;
  /** The terminal's certificate exactly as the genesis hash has it. */
  readonly deviceCertificate: string;
  /** Packs of legs whose PACK_LOAD stands before the range; those inside it are found in the lines. */
  readonly earlierPacks?: ReadonlyMap<string, LoadedPack>;
  /** Epoch ms. */
  readonly exportedAtMs: number;
  readonly appVersion: string;
  readonly signer: Signer;
  readonly crypto: Crypto;
};

export type ComposedBatch = {
  readonly batchId: string;
  readonly fileName: string;
  readonly manifest: BatchManifest;
  /** Manifest, lines and END line: what is compressed and then encrypted. */
  readonly body: Uint8Array;
};

/**
 * The plain text of a batch (settlement.md 6.1). Everything the manifest states about the lines is derived from them.
 * Throws when `lines` is empty or no journal of one terminal: a bug, the journal verifies its lines when it reads them.
 */
export function composeBatchBody(contents: BatchContents): ComposedBatch {
  const { lines, signer, crypto } = contents;
  const manifest = composeManifest(contents, lines.map(mustReadEnvelope));
  const manifestLine = signJsonJws('cpb+jws', manifest, signer, crypto);
  const { batchId } = manifest;
  return {
    batchId,
    fileName: batchFileName(manifest, batchId),
    manifest,
    body: sealBody([manifestLine, ...lines], crypto),
  };
}

/** The lines, each ended by LF, and the END line over them. */
export function sealBody(lines: readonly string[], crypto: Pick<Crypto, 'sha256'>): Uint8Array {
  const bytes = encodeUtf8(lines.map((line) => `${line}\n`).join(''));
  const end = `END ${lines.length.toString()} ${encodeHex(crypto.sha256(bytes))}\n`;
  return concatBytes(bytes, encodeUtf8(end));
}

function composeManifest(contents: BatchContents, raw: readonly RawEvent[]): BatchManifest {
  const { lines, airline, deviceCertificate, earlierPacks, exportedAtMs, appVersion, crypto } = contents;
  const first = raw[0];
  const last = raw[raw.length - 1];
  if (first === undefined || last === undefined) throw new Error('a batch has at least one line');
  const events = raw.map(readEvent).filter((event): event is JournalEvent => event !== null);
  const packs = loadedPacks(events);
  const { dev, ep } = first;
  const range = { dev, ep, from: first.seq, to: last.seq, headHash: lineHash(lines.at(-1) ?? '', crypto) };
  return {
    v: 1,
    batchId: batchIdOf(range, crypto),
    airline,
    dev,
    ep,
    devCert: deviceCertificate,
    from: range.from,
    to: range.to,
    prevHash: first.prev,
    headHash: range.headHash,
    count: lines.length,
    legs: legsInRange(events).map(({ leg, closed }) => ({
      leg,
      closed,
      ...(packs.get(leg) ?? earlierPacks?.get(leg) ?? { packId: '', trustVer: 0, denyVer: 0 }),
    })),
    totals: legTotals(events),
    exportedAt: exportedAtMs,
    appVer: appVersion,
  };
}

function mustReadEnvelope(line: string): RawEvent {
  const raw = readEnvelope(line);
  if (raw === null) throw new Error('a batch carries journal lines only');
  return raw;
}
