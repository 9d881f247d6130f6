import { encode } from 'cborg';
import { decodeBase64url, encodeBase64url } from '../encoding/base64url.ts';
import { encodeHex } from '../encoding/hex.ts';
import type { Crypto, EcPublicJwk } from './crypto.ts';

/** First 8 bytes of the RFC 9679 COSE_Key thumbprint (trust.md 3.2). Throws on a JWK without coordinates. */
export function thumbprint8(jwk: EcPublicJwk, crypto: Pick<Crypto, 'sha256'>): Uint8Array {
  return crypto.sha256(composeCoseKey(jwk)).subarray(0, 8);
}

/** What a thumbprint is the hash of: the COSE_Key with its required members only (RFC 9679 4). */
export function composeCoseKey(jwk: EcPublicJwk): Uint8Array {
  const x = decodeBase64url(jwk.x);
  const y = decodeBase64url(jwk.y);
  if (x === null || y === null) throw new Error('JWK coordinates are not base64url');
  const coseKey = new Map<number, number | Uint8Array>([
    [1, 2],
    [-1, 1],
    [-2, x],
    [-3, y],
  ]);
  return encode(coseKey);
}

/** An issuer key's id in a trust list: 16 hexadecimal digits. */
export function issuerKid(jwk: EcPublicJwk, crypto: Pick<Crypto, 'sha256'>): string {
  return encodeHex(thumbprint8(jwk, crypto));
}

/** The key id in a JWS header: 11 base64url characters. */
export function jwsKid(jwk: EcPublicJwk, crypto: Pick<Crypto, 'sha256'>): string {
  return encodeBase64url(thumbprint8(jwk, crypto));
}
