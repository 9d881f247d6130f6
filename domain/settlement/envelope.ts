// The encrypted wrapping of a batch: gzip inside a compact JWE (settlement.md 6.1, 6.3). jose is runtime-neutral; gzip
// is handed in.
import { compactDecrypt, CompactEncrypt } from 'jose';
import * as v from 'valibot';
import type { EcPrivateJwk, EcPublicJwk } from '../crypto/crypto.ts';
import { decodeBase64url } from '../encoding/base64url.ts';
import { decodeUtf8, encodeUtf8 } from '../encoding/utf8.ts';
import { BATCH } from '../limits.ts';
import { fail, ok, type Result } from '../result.ts';

/** The airline's batch encryption key, as the trust list names it. */
export type EncryptionKey = { readonly kid: string; readonly jwk: EcPublicJwk };

export type Gzip = (bytes: Uint8Array) => Uint8Array;
/** Inflates to at most `maxBytes`; null when that is not enough or the bytes are no gzip. */
export type BoundedGunzip = (bytes: Uint8Array, maxBytes: number) => Uint8Array | null;

/** What a damaged envelope is, in words for a person. */
export type EnvelopeFault = { readonly why: string };

const ALGORITHM = 'ECDH-ES';
const CONTENT_ENCRYPTION = 'A256GCM';
// The header is parsed before anything vouches for it.
const MOST_HEADER_CHARS = 4096;

// Strict: `zip` would inflate without our bound, and `crit` or keys inside the header are nobody's to choose.
const headerSchema = v.strictObject({
  alg: v.literal(ALGORITHM),
  enc: v.literal(CONTENT_ENCRYPTION),
  kid: v.pipe(v.string(), v.minLength(1), v.maxLength(60)),
  typ: v.literal('cpb+jwe'),
  cty: v.literal('cpb+gzip'),
  epk: v.object({ kty: v.literal('EC'), crv: v.literal('P-256'), x: v.string(), y: v.string() }),
});

/** The bytes of a `.cpb` file: different each time, the body inside the same. */
export async function sealEnvelope(
  body: Uint8Array,
  { kid, jwk }: EncryptionKey,
  { gzip }: { readonly gzip: Gzip },
): Promise<Uint8Array> {
  const { kty, crv, x, y } = jwk;
  const text = await new CompactEncrypt(gzip(body))
    .setProtectedHeader({
      alg: ALGORITHM,
      enc: CONTENT_ENCRYPTION,
      kid,
      typ: 'cpb+jwe',
      cty: 'cpb+gzip',
    })
    .encrypt({ kty, crv, x, y });
  return encodeUtf8(text);
}

/**
 * The body of a `.cpb` file (settlement.md 6.4, step 1), never more than `BATCH` allows. Takes any bytes and never
 * throws. `privateKeys` by key id.
 */
export async function openEnvelope(
  bytes: Uint8Array,
  privateKeys: ReadonlyMap<string, EcPrivateJwk>,
  { gunzip }: { readonly gunzip: BoundedGunzip },
): Promise<Result<Uint8Array, EnvelopeFault>> {
  if (bytes.length > BATCH.maxBytes)
    return fail({ why: `file is larger than ${BATCH.maxBytes.toString()} bytes` });
  const text = decodeUtf8(bytes);
  const kid = text === null ? null : readKeyId(text);
  if (text === null || kid === null) return fail({ why: 'file is not an encrypted batch, or was cut short' });
  const key = privateKeys.get(kid);
  if (key === undefined) return fail({ why: `encrypted for the key '${kid}', which is not held here` });
  const packed = await decrypt(text, key);
  if (packed === null) return fail({ why: 'encryption check failed: file is damaged or was cut short' });
  const maxBytes = Math.min(BATCH.maxInflatedBytes, packed.length * BATCH.maxRatio);
  const body = gunzip(packed, maxBytes);
  return body === null || body.length > maxBytes
    ? fail({ why: `compressed content is damaged or inflates to more than ${maxBytes.toString()} bytes` })
    : ok(body);
}

/** The key id of a compact JWE whose header is exactly ours; null for anything else. */
function readKeyId(text: string): string | null {
  if (text.indexOf('.') > MOST_HEADER_CHARS) return null;
  const parts = text.split('.', 6);
  if (parts.length !== 5 || parts.some((part) => decodeBase64url(part) === null)) return null;
  const json = decodeUtf8(decodeBase64url(parts[0] ?? '') ?? new Uint8Array(0));
  if (json === null) return null;
  try {
    const header = v.safeParse(headerSchema, JSON.parse(json));
    return header.success ? header.output.kid : null;
  } catch {
    return null;
  }
}

async function decrypt(text: string, { kty, crv, x, y, d }: EcPrivateJwk): Promise<Uint8Array | null> {
  try {
    const { plaintext } = await compactDecrypt(
      text,
      { kty, crv, x, y, d },
      { keyManagementAlgorithms: [ALGORITHM], contentEncryptionAlgorithms: [CONTENT_ENCRYPTION] },
    );
    return plaintext;
  } catch {
    // jose throws for every malformed, foreign or altered text.
    return null;
  }
}
