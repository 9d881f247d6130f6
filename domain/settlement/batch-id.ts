// Names of a settlement batch: they depend on its content only, so that exporting a range again names it the same.
import type { Crypto } from '../crypto/crypto.ts';
import { encodeBase32 } from '../encoding/base32.ts';
import { encodeUtf8 } from '../encoding/utf8.ts';

/** The lines of one journal a batch carries, both ends included, and the hash of the last. */
export type BatchRange = {
  readonly dev: string;
  readonly ep: number;
  readonly from: number;
  readonly to: number;
  readonly headHash: string;
};

/** 26 characters of lower-case base32 (settlement.md 6.1). */
export function batchIdOf(range: BatchRange, crypto: Pick<Crypto, 'sha256'>): string {
  const { dev, ep, from, to, headHash } = range;
  const text = `CPB1|${dev}|${ep.toString()}|${from.toString()}|${to.toString()}|${headHash}`;
  return encodeBase32(crypto.sha256(encodeUtf8(text))).slice(0, 26);
}

/** `CPB-T-0042-3-1001-1287-ABCD2345.cpb` */
export function batchFileName({ dev, ep, from, to }: Omit<BatchRange, 'headHash'>, batchId: string): string {
  const numbers = [ep, from, to].map((n) => n.toString()).join('-');
  return `CPB-${dev}-${numbers}-${batchId.slice(0, 8).toUpperCase()}.cpb`;
}
