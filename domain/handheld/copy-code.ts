// `CB1:` (journal.md 5.5): the passenger's own copy of a sale, void or refund: the verbatim journal line, deflated, and
// which terminal signed it, as one or more QR frames. Deflate is handed in: Node's and the browser's differ.
import { encode } from 'cborg';
import { decodeStrict, isBytes, isUint } from '../cabin-code/strict-cbor.ts';
import { decodeBase45, encodeBase45 } from '../encoding/base45.ts';
import { areEqualBytes, concatBytes } from '../encoding/bytes.ts';
import { COPY_CODE } from '../limits.ts';
import { fail, ok, type Result } from '../result.ts';

export type CopyFrame = {
  readonly index: number;
  readonly count: number;
  /** Which copy the frame belongs to. */
  readonly id: Uint8Array;
  readonly chunk: Uint8Array;
};

export type CopyCodeFault = 'not-a-copy' | 'malformed';

const PREFIX = 'CB1:';
const VERSION = 1;
const THUMBPRINT_BYTES = 8;

export function isCopyCode(text: string): boolean {
  return text.startsWith(PREFIX);
}

/**
 * The frames of a copy. `content` = 8 bytes of the terminal key's thumbprint, then the deflated line; `id` is the
 * first 4 bytes of the line's hash.
 */
export function composeCopyFrames(
  content: { readonly deviceThumbprint: Uint8Array; readonly deflatedLine: Uint8Array },
  id: Uint8Array,
): readonly string[] {
  const bytes = concatBytes(content.deviceThumbprint, content.deflatedLine);
  const count = Math.max(1, Math.ceil(bytes.length / COPY_CODE.chunkBytes));
  // Frames of one size: the picture does not jump.
  const size = Math.ceil(bytes.length / count);
  return Array.from({ length: count }, (_, index) => {
    const chunk = bytes.subarray(index * size, (index + 1) * size);
    return PREFIX + encodeBase45(encode([VERSION, index, count, id, chunk]));
  });
}

export function readCopyFrame(text: string): Result<CopyFrame, CopyCodeFault> {
  if (!isCopyCode(text)) return fail('not-a-copy');
  if (text.length > COPY_CODE.maxChars) return fail('malformed');
  const bytes = decodeBase45(text.slice(PREFIX.length));
  const decoded = bytes === null ? null : decodeStrict(bytes);
  if (decoded === null || !decoded.ok || !Array.isArray(decoded.value) || decoded.value.length !== 5) {
    return fail('malformed');
  }
  const [version, index, count, id, chunk] = decoded.value as unknown[];
  if (version !== VERSION || !isUint(index) || !isUint(count) || !isBytes(id, 4) || !isBytes(chunk)) {
    return fail('malformed');
  }
  return count < 1 || count > COPY_CODE.maxFrames || index >= count
    ? fail('malformed')
    : ok({ index, count, id, chunk });
}

/** What a phone has seen of one copy so far; frames come in any order and more than once. */
export type CopyProgress = { readonly id: Uint8Array; readonly chunks: readonly (Uint8Array | null)[] };

/** The progress with one more frame; a frame of another copy begins anew. */
export function addCopyFrame(progress: CopyProgress | null, frame: CopyFrame): CopyProgress {
  const isSame =
    progress !== null && areEqualBytes(progress.id, frame.id) && progress.chunks.length === frame.count;
  const known = isSame ? progress.chunks : Array.from({ length: frame.count }, () => null);
  return { id: frame.id, chunks: known.map((chunk, i) => (i === frame.index ? frame.chunk : chunk)) };
}

/** The content once every frame has been seen, else null. */
export function copyContent(
  progress: CopyProgress,
): { readonly deviceThumbprint: Uint8Array; readonly deflatedLine: Uint8Array } | null {
  const chunks = progress.chunks.filter((chunk): chunk is Uint8Array => chunk !== null);
  if (chunks.length < progress.chunks.length) return null;
  const bytes = concatBytes(...chunks);
  if (bytes.length <= THUMBPRINT_BYTES) return null;
  return {
    deviceThumbprint: bytes.subarray(0, THUMBPRINT_BYTES),
    deflatedLine: bytes.subarray(THUMBPRINT_BYTES),
  };
}
