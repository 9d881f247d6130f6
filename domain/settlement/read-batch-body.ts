import type { Crypto } from '../crypto/crypto.ts';
import { encodeHex } from '../encoding/hex.ts';
import { decodeUtf8, encodeUtf8 } from '../encoding/utf8.ts';
import { fail, ok, type Result } from '../result.ts';

/** The text lines of a body whose END line has been checked; nothing is known about what they say. */
export type BatchBody = { readonly manifestLine: string; readonly lines: readonly string[] };

/** Less than any signed line can have; a body of millions of tiny ones is never split. */
const LEAST_LINE_BYTES = 100;
const LF = 10;
const END_LINE = /^END (\d{1,9}) ([0-9a-f]{64})$/;

/**
 * Splits a body into its lines once the END line has proved that all of it is there (settlement.md 6.1: the count is
 * of manifest and journal lines, the hash over every byte before the END line). The error says what is wrong.
 */
export function readBatchBody(body: Uint8Array, crypto: Pick<Crypto, 'sha256'>): Result<BatchBody, string> {
  let lineCount = 0;
  for (const byte of body) if (byte === LF) lineCount += 1;
  if (lineCount * LEAST_LINE_BYTES > body.length + 2 * LEAST_LINE_BYTES)
    return fail('content is not journal lines');
  const text = decodeUtf8(body);
  if (text === null) return fail('content is not text');
  if (!text.endsWith('\n')) return fail('content does not end with a whole line: it was cut short');
  const endAt = text.lastIndexOf('\n', text.length - 2) + 1;
  const end = END_LINE.exec(text.slice(endAt, -1));
  if (end === null) return fail('there is no END line: content was cut short');
  const before = text.slice(0, endAt);
  if (encodeHex(crypto.sha256(encodeUtf8(before))) !== end[2]) {
    return fail('the END line belongs to other content');
  }
  const [manifestLine, ...lines] = before.split('\n').slice(0, -1);
  const count = lines.length + (manifestLine === undefined ? 0 : 1);
  if (count.toString() !== end[1]) {
    return fail(`the END line counts ${end[1] ?? ''} lines, there are ${count.toString()}`);
  }
  return manifestLine === undefined ? fail('there is no manifest') : ok({ manifestLine, lines });
}
