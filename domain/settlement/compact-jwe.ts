// The encryption that batches and results by stick share: compact JWE, ECDH-ES on P-256 and A256GCM, and of the many
// headers JOSE knows exactly one each. jose is runtime-neutral.
import { compactDecrypt, CompactEncrypt } from 'jose';
import * as v from 'valibot';
import type { EcPrivateJwk, EcPublicJwk } from '../crypto/crypto.ts';
import { decodeBase64url } from '../encoding/base64url.ts';
import { decodeUtf8 } from '../encoding/utf8.ts';

/** Whom it is for, by the id their key goes by in the header. */
export type EncryptionKey = { readonly kid: string; readonly jwk: EcPublicJwk };

/** What is inside: the header's `typ` and `cty`, so that one kind can never be taken for another. */
export type JweKind = { readonly typ: string; readonly cty: string };

const ALGORITHM = 'ECDH-ES';
const CONTENT_ENCRYPTION = 'A256GCM';
// The header is parsed before anything vouches for it.
const MOST_HEADER_CHARS = 4096;

// Strict: `zip` would inflate without our bound, and `crit` or keys inside the header are nobody's to choose.
const headerSchema = v.strictObject({
  alg: v.literal(ALGORITHM),
  enc: v.literal(CONTENT_ENCRYPTION),
  kid: v.pipe(v.string(), v.minLength(1), v.maxLength(60)),
  typ: v.string(),
  cty: v.string(),
  epk: v.object({ kty: v.literal('EC'), crv: v.literal('P-256'), x: v.string(), y: v.string() }),
});

/** Different each time, for the ephemeral key is new. */
export async function encryptJwe(
  content: Uint8Array,
  { kid, jwk }: EncryptionKey,
  { typ, cty }: JweKind,
): Promise<string> {
  const { kty, crv, x, y } = jwk;
  return await new CompactEncrypt(content)
    .setProtectedHeader({ alg: ALGORITHM, enc: CONTENT_ENCRYPTION, kid, typ, cty })
    .encrypt({ kty, crv, x, y });
}

/** The key id of a compact JWE whose header is exactly that of its kind; null for anything else. */
export function readJweKeyId(text: string, { typ, cty }: JweKind): string | null {
  if (text.indexOf('.') > MOST_HEADER_CHARS) return null;
  const parts = text.split('.', 6);
  if (parts.length !== 5 || parts.some((part) => decodeBase64url(part) === null)) return null;
  const json = decodeUtf8(decodeBase64url(parts[0] ?? '') ?? new Uint8Array(0));
  if (json === null) return null;
  try {
    const header = v.safeParse(headerSchema, JSON.parse(json));
    return header.success && header.output.typ === typ && header.output.cty === cty
      ? header.output.kid
      : null;
  } catch {
    return null;
  }
}

/** Null for every malformed, foreign or altered text. The header must have been read before (`readJweKeyId`). */
export async function decryptJwe(
  text: string,
  { kty, crv, x, y, d }: EcPrivateJwk,
): Promise<Uint8Array | null> {
  try {
    const { plaintext } = await compactDecrypt(
      text,
      { kty, crv, x, y, d },
      { keyManagementAlgorithms: [ALGORITHM], contentEncryptionAlgorithms: [CONTENT_ENCRYPTION] },
    );
    return plaintext;
  } catch {
    return null;
  }
}
