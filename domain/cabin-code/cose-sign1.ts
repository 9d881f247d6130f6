import { encode } from 'cborg';
import { fail, ok, type Result } from '../result.ts';
import { decodeStrict, hasExactly, isBytes } from './strict-cbor.ts';

/** An untagged COSE_Sign1 (RFC 9052 4.2) whose signature has not been checked yet. */
export type CoseSign1 = {
  readonly protectedBytes: Uint8Array;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
};

const ES256 = -7;
const NOTHING = new Uint8Array(0);

export function readCoseSign1(bytes: Uint8Array): Result<CoseSign1, 'malformed'> {
  const decoded = decodeStrict(bytes);
  if (!decoded.ok) return decoded;
  const value = decoded.value;
  if (!Array.isArray(value) || value.length !== 4) return fail('malformed');
  const [protectedBytes, unprotected, payload, signature] = value as unknown[];
  const isWellFormed =
    isBytes(protectedBytes) && hasExactly(unprotected, []) && isBytes(payload) && isBytes(signature, 64);
  return isWellFormed ? ok({ protectedBytes, payload, signature }) : fail('malformed');
}

/** The key id of a protected header that is exactly `{1: -7, 4: bstr(8)}`, otherwise null. */
export function readKeyId(protectedBytes: Uint8Array): Uint8Array | null {
  const header = decodeStrict(protectedBytes);
  if (!header.ok || !hasExactly(header.value, [1, 4])) return null;
  const kid = header.value.get(4);
  return header.value.get(1) === ES256 && isBytes(kid, 8) ? kid : null;
}

export function composeProtectedHeader(kid: Uint8Array): Uint8Array {
  return encode(
    new Map<number, number | Uint8Array>([
      [1, ES256],
      [4, kid],
    ]),
  );
}

/** What a COSE_Sign1 signs: `["Signature1", protected, external_aad, payload]` (RFC 9052 4.4). */
export function composeSigStructure(
  protectedBytes: Uint8Array,
  payload: Uint8Array,
  externalAad: Uint8Array = NOTHING,
): Uint8Array {
  return encode(['Signature1', protectedBytes, externalAad, payload]);
}

export function composeCoseSign1({ protectedBytes, payload, signature }: CoseSign1): Uint8Array {
  return encode([protectedBytes, new Map(), payload, signature]);
}
