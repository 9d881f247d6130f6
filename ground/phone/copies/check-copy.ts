// Whether what a phone has read off a till's screen is a genuine line of this flight about this passenger.
import { areEqualBytes } from '../../../domain/encoding/bytes.ts';
import { decodeBase64url, encodeBase64url } from '../../../domain/encoding/base64url.ts';
import { decodeUtf8, encodeUtf8 } from '../../../domain/encoding/utf8.ts';
import type { copyContent } from '../../../domain/handheld/copy-code.ts';
import { lineHeaderFor, readLine } from '../../../domain/journal/line.ts';
import { COPY_CODE } from '../../../domain/limits.ts';
import { fail, ok, type Result } from '../../../domain/result.ts';
import type { KnownTerminal } from '../../web/phone-api.ts';
import { sha256, thumbprint8, verifyEs256, type WebCrypto } from '../web-crypto/web-crypto.ts';
import { inflate } from './inflate.ts';
import { isPurchase, purchaseOf, type Purchase } from './purchase.ts';

export type CopyFault =
  /** Not what the frames announced: frames of two copies, or a line changed on its way. */
  | 'damaged'
  | 'unknown-terminal'
  | 'not-genuine'
  | 'practice'
  | 'not-a-purchase'
  | 'other-flight'
  | 'not-mine';

/** Whose phone this is and which terminals serve the flight. */
export type CopyContext = {
  readonly cti: string;
  readonly leg: string;
  readonly terminals: readonly KnownTerminal[];
  readonly crypto: WebCrypto;
};

export type CheckedCopy = { readonly line: string; readonly purchase: Purchase };

/** `id` is the first 4 bytes of the line's hash, as every frame said. */
export async function checkCopy(
  content: NonNullable<ReturnType<typeof copyContent>>,
  id: Uint8Array,
  context: CopyContext,
): Promise<Result<CheckedCopy, CopyFault>> {
  const bytes = await inflate(content.deflatedLine, COPY_CODE.maxLineBytes);
  const line = bytes === null ? null : decodeUtf8(bytes);
  if (bytes === null || line === null) return fail('damaged');
  const hash = await sha256(bytes, context.crypto);
  if (!areEqualBytes(hash.subarray(0, 4), id)) return fail('damaged');
  const terminal = await findTerminal(content.deviceThumbprint, context);
  if (terminal === null) return fail('unknown-terminal');
  if (!(await isSignedBy(line, terminal, content.deviceThumbprint, context.crypto))) {
    return fail('not-genuine');
  }
  return readCopy(line, terminal, context);
}

async function findTerminal(
  thumbprint: Uint8Array,
  { terminals, crypto }: CopyContext,
): Promise<KnownTerminal | null> {
  for (const terminal of terminals) {
    if (areEqualBytes(await thumbprint8(terminal.jwk, crypto), thumbprint)) return terminal;
  }
  return null;
}

/** As `isLineSigned` in domain/journal/line.ts, with a verifier that answers later. */
async function isSignedBy(
  line: string,
  terminal: KnownTerminal,
  thumbprint: Uint8Array,
  crypto: WebCrypto,
): Promise<boolean> {
  const header = lineHeaderFor(encodeBase64url(thumbprint));
  const lastDot = line.lastIndexOf('.');
  if (!line.startsWith(`${header}.`) || lastDot <= header.length) return false;
  const signature = decodeBase64url(line.slice(lastDot + 1));
  if (signature === null) return false;
  return verifyEs256(terminal.jwk, encodeUtf8(line.slice(0, lastDot)), signature, crypto);
}

function readCopy(
  line: string,
  terminal: KnownTerminal,
  { cti, leg }: CopyContext,
): Result<CheckedCopy, CopyFault> {
  const event = readLine(line);
  if (event === null || !isPurchase(event)) return fail('not-a-purchase');
  if (event.dev !== terminal.dev || event.ep !== terminal.ep) return fail('not-genuine');
  if (event.tr !== undefined) return fail('practice');
  if (event.leg !== leg) return fail('other-flight');
  return event.b.cti === cti ? ok({ line, purchase: purchaseOf(event) }) : fail('not-mine');
}
