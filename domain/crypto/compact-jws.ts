// Compact JWS (RFC 7515) with ES256 only and a `typ` that is always checked, so that one kind of signed file can
// never pass for another (trust.md 3.2). jose is asynchronous; the journal's commit and the scan path are not.
import { decodeBase64url, encodeBase64url } from '../encoding/base64url.ts';
import { decodeUtf8, encodeUtf8 } from '../encoding/utf8.ts';
import { fail, ok, type Result } from '../result.ts';
import type { Crypto, EcPublicJwk, Signer } from './crypto.ts';
import { jwsKid } from './thumbprint.ts';

export type JwsType =
  | 'cp-trust+jws'
  | 'cpk+jws'
  | 'cp-dev+jws'
  | 'cp-csr+jws'
  | 'cp-profile+jws'
  | 'cpj+jws'
  | 'cpb+jws'
  | 'cpr+jws'
  | 'cp-token+jws'
  | 'cp-revoke+jws';

export type JwsFault = 'malformed' | 'wrong-type' | 'unknown-key' | 'bad-signature';

type ParsedJws = {
  readonly kid: string;
  readonly typ: string;
  readonly payload: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
};

export function signJws(
  typ: JwsType,
  payload: Uint8Array,
  signer: Signer,
  crypto: Pick<Crypto, 'sha256'>,
): string {
  const header = JSON.stringify({ alg: 'ES256', kid: jwsKid(signer.publicJwk, crypto), typ });
  const message = `${encodeBase64url(encodeUtf8(header))}.${encodeBase64url(payload)}`;
  return `${message}.${encodeBase64url(signer.sign(encodeUtf8(message)))}`;
}

export function signJsonJws(
  typ: JwsType,
  payload: unknown,
  signer: Signer,
  crypto: Pick<Crypto, 'sha256'>,
): string {
  return signJws(typ, encodeUtf8(JSON.stringify(payload)), signer, crypto);
}

/**
 * The payload of a JWS of type `typ` signed by one of `keys`. Header members beyond alg, kid and typ are refused,
 * which also refuses `crit` and any key carried in the file itself.
 */
export function verifyJws(
  text: string,
  typ: JwsType,
  keys: readonly EcPublicJwk[],
  crypto: Crypto,
): Result<Uint8Array, JwsFault> {
  const parsed = parseJws(text);
  if (parsed === null) return fail('malformed');
  if (parsed.typ !== typ) return fail('wrong-type');
  const candidates = keys.filter((key) => jwsKid(key, crypto) === parsed.kid);
  if (candidates.length === 0) return fail('unknown-key');
  const isGenuine = candidates.some((key) => crypto.verifyEs256(key, parsed.message, parsed.signature));
  return isGenuine ? ok(parsed.payload) : fail('bad-signature');
}

/** The JSON of a verified JWS; its shape is still to be checked. */
export function verifyJsonJws(
  text: string,
  typ: JwsType,
  keys: readonly EcPublicJwk[],
  crypto: Crypto,
): Result<unknown, JwsFault> {
  const verified = verifyJws(text, typ, keys, crypto);
  if (!verified.ok) return verified;
  return readJson(verified.value);
}

/** The JSON payload of a JWS nobody has verified: for finding out which key to verify with, and nothing else. */
export function peekJsonJws(text: string): Result<unknown, JwsFault> {
  const parsed = parseJws(text);
  return parsed === null ? fail('malformed') : readJson(parsed.payload);
}

function readJson(bytes: Uint8Array): Result<unknown, 'malformed'> {
  const json = decodeUtf8(bytes);
  if (json === null) return fail('malformed');
  try {
    return ok(JSON.parse(json) as unknown);
  } catch {
    return fail('malformed');
  }
}

function parseJws(text: string): ParsedJws | null {
  const [head, body, tail, ...rest] = text.split('.');
  if (head === undefined || body === undefined || tail === undefined || rest.length > 0) return null;
  const headBytes = decodeBase64url(head);
  const payload = decodeBase64url(body);
  const signature = decodeBase64url(tail);
  if (headBytes === null || payload === null || signature === null) return null;
  const header = readJson(headBytes);
  if (!header.ok || typeof header.value !== 'object' || header.value === null) return null;
  const { alg, kid, typ, ...others } = header.value as Record<string, unknown>;
  if (alg !== 'ES256' || typeof kid !== 'string' || typeof typ !== 'string') return null;
  if (Object.keys(others).length > 0) return null;
  return { kid, typ, payload, signature, message: encodeUtf8(`${head}.${body}`) };
}
