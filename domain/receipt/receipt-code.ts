// The `CR1:` code of a slip (journal.md 5.5): paper that anchors the journal and that anybody can check.
import { encode } from 'cborg';
import { composeSigStructure } from '../cabin-code/cose-sign1.ts';
import { decodeStrict, isBytes, isUint } from '../cabin-code/strict-cbor.ts';
import type { Crypto, EcPublicJwk, Signer } from '../crypto/crypto.ts';
import { decodeBase45, encodeBase45 } from '../encoding/base45.ts';
import { areEqualBytes } from '../encoding/bytes.ts';
import { encodeUtf8 } from '../encoding/utf8.ts';
import type { JournalEvent } from '../journal/event.ts';
import { fail, ok, type Result } from '../result.ts';

const PREFIX = 'CR1:';
const VERSION = 1;
/** `{1: -7}`: ES256, no key id; the device is found by its hash. */
const PROTECTED = Uint8Array.of(0xa1, 0x01, 0x26);
const EXTERNAL_AAD = encodeUtf8('CP1-RCPT');
/** A genuine code is about 163 characters; longer text is not worth decoding. */
const MAX_CHARS = 300;

type Sha256 = Pick<Crypto, 'sha256'>;

/** An event a slip is printed for, and its line in the journal as ASCII text without the line end. */
export type ReceiptSubject = {
  readonly event: JournalEvent<'SALE' | 'VOID' | 'REFUND'>;
  readonly line: string;
};

/** What a checked receipt code says. */
export type ReceiptCode = {
  readonly dev: string;
  readonly seq: number;
  readonly timeSeconds: number;
  /** Negative for a void or a refund. */
  readonly totalMinor: number;
  readonly currency: string;
  /** First 8 bytes of the SHA-256 of the journal line. */
  readonly lineHash: Uint8Array;
  readonly billOpenSeq: number;
};

/** A terminal of the airline's device list; several entries may share a `dev` (one per epoch). */
export type ListedDevice = { readonly dev: string; readonly jwk: EcPublicJwk };

export type ReceiptCodeFault = 'not-a-receipt-code' | 'malformed' | 'unknown-device' | 'bad-signature';

function firstHashBytes(text: string, count: number, { sha256 }: Sha256): Uint8Array {
  return sha256(encodeUtf8(text)).subarray(0, count);
}

function toU64be(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}

function fromU64be(bytes: Uint8Array): number {
  return Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0));
}

/** Seq of the BILL_OPEN a bill id (`dev.ep.seq`) names. */
function billOpenSeqOf(bill: string): number {
  return Number(bill.slice(bill.lastIndexOf('.') + 1));
}

/** The text of the slip's QR code, about 163 characters of the alphanumeric set. */
export function composeReceiptCode({ event, line }: ReceiptSubject, signer: Signer, crypto: Sha256): string {
  const signed = [
    VERSION,
    firstHashBytes(event.dev, 4, crypto),
    event.seq,
    Math.floor(event.t / 1000),
    event.b.tot,
    event.b.ccy,
    firstHashBytes(line, 8, crypto),
    toU64be(billOpenSeqOf(event.b.bill)),
  ];
  const signature = signer.sign(composeSigStructure(PROTECTED, encode(signed), EXTERNAL_AAD));
  return PREFIX + encodeBase45(encode([...signed, signature]));
}

type Fields = {
  readonly devHash: Uint8Array;
  readonly signature: Uint8Array;
  readonly payload: Uint8Array;
} & Omit<ReceiptCode, 'dev'>;

function readFields(value: unknown): Fields | null {
  if (!Array.isArray(value) || value.length !== 9) return null;
  const [version, devHash, seq, timeSeconds, totalMinor, currency, lineHash, billOpen, signature] =
    value as unknown[];
  const areBytesRight =
    isBytes(devHash, 4) && isBytes(lineHash, 8) && isBytes(billOpen, 8) && isBytes(signature, 64);
  if (version !== VERSION || !areBytesRight || !isUint(seq) || !isUint(timeSeconds)) return null;
  if (typeof totalMinor !== 'number' || !Number.isSafeInteger(totalMinor)) return null;
  if (typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency)) return null;
  const billOpenSeq = fromU64be(billOpen);
  if (!Number.isSafeInteger(billOpenSeq)) return null;
  const payload = encode(value.slice(0, 8));
  return { devHash, seq, timeSeconds, totalMinor, currency, lineHash, billOpenSeq, signature, payload };
}

/**
 * Reads a scanned receipt code and checks its signature against the airline's device list.
 * Whether the slip matches a journal line is a second question: `isReceiptOfLine`.
 */
export function readReceiptCode(
  text: string,
  devices: readonly ListedDevice[],
  crypto: Pick<Crypto, 'sha256' | 'verifyEs256'>,
): Result<ReceiptCode, ReceiptCodeFault> {
  if (!text.startsWith(PREFIX)) return fail('not-a-receipt-code');
  if (text.length > MAX_CHARS) return fail('malformed');
  const bytes = decodeBase45(text.slice(PREFIX.length));
  if (bytes === null) return fail('malformed');
  const decoded = decodeStrict(bytes);
  const fields = decoded.ok ? readFields(decoded.value) : null;
  if (fields === null) return fail('malformed');
  const { devHash, signature, payload, ...said } = fields;
  const candidates = devices.filter(({ dev }) => areEqualBytes(firstHashBytes(dev, 4, crypto), devHash));
  if (candidates.length === 0) return fail('unknown-device');
  const signedBytes = composeSigStructure(PROTECTED, payload, EXTERNAL_AAD);
  const signer = candidates.find(({ jwk }) => crypto.verifyEs256(jwk, signedBytes, signature));
  return signer === undefined ? fail('bad-signature') : ok({ dev: signer.dev, ...said });
}

/** Whether the code was printed for exactly this journal line. */
export function isReceiptOfLine(code: ReceiptCode, line: string, crypto: Sha256): boolean {
  return areEqualBytes(code.lineHash, firstHashBytes(line, 8, crypto));
}
