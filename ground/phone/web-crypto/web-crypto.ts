// The phone's cryptography: WebCrypto, in a browser and in Node alike. Everything is asynchronous here, unlike the
// `Crypto` of domain/crypto, and the private key never leaves it.
import type { EcPublicJwk } from '../../../domain/crypto/crypto.ts';
import { composeCoseKey } from '../../../domain/crypto/thumbprint.ts';

/** The part of `globalThis.crypto` that is used. */
export type WebCrypto = Pick<Crypto, 'subtle' | 'getRandomValues'>;

/** The phone's own key for one flight: the private half can sign and nothing else, not even be read. */
export type HolderKey = { readonly privateKey: CryptoKey; readonly publicJwk: EcPublicJwk };

const P256 = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const ES256 = { name: 'ECDSA', hash: 'SHA-256' } as const;

export async function sha256(bytes: Uint8Array, { subtle }: WebCrypto): Promise<Uint8Array> {
  return new Uint8Array(await subtle.digest('SHA-256', Uint8Array.from(bytes)));
}

/** First 8 bytes of the RFC 9679 thumbprint (trust.md 3.2). */
export async function thumbprint8(jwk: EcPublicJwk, crypto: WebCrypto): Promise<Uint8Array> {
  return (await sha256(composeCoseKey(jwk), crypto)).subarray(0, 8);
}

/** A new key pair whose private half is not extractable. Throws where the browser makes none. */
export async function newHolderKey({ subtle }: WebCrypto): Promise<HolderKey> {
  const pair = await subtle.generateKey(P256, false, ['sign', 'verify']);
  const { x, y } = await subtle.exportKey('jwk', pair.publicKey);
  if (x === undefined || y === undefined) throw new Error('a P-256 key has two coordinates');
  return { privateKey: pair.privateKey, publicJwk: { kty: 'EC', crv: 'P-256', x, y } };
}

/** ES256 as r || s, which is what WebCrypto makes. */
export async function signEs256(
  { privateKey }: HolderKey,
  message: Uint8Array,
  { subtle }: WebCrypto,
): Promise<Uint8Array> {
  return new Uint8Array(await subtle.sign(ES256, privateKey, Uint8Array.from(message)));
}

/** False, never a throw, for anything malformed. */
export async function verifyEs256(
  key: EcPublicJwk,
  message: Uint8Array,
  signature: Uint8Array,
  { subtle }: WebCrypto,
): Promise<boolean> {
  if (signature.length !== 64) return false;
  try {
    const { kty, crv, x, y } = key;
    const imported = await subtle.importKey('jwk', { kty, crv, x, y }, P256, false, ['verify']);
    return await subtle.verify(ES256, imported, Uint8Array.from(signature), Uint8Array.from(message));
  } catch {
    // A point off the curve, or coordinates that are not base64url.
    return false;
  }
}
