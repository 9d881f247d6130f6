// Main and ground both run on Node's crypto; it is handed in here so that the two share one adapter
// and this room still imports no runtime.
import { concatBytes } from '../encoding/bytes.ts';
import { decodeBase64url, encodeBase64url } from '../encoding/base64url.ts';
import type { Crypto, EcPrivateJwk, EcPublicJwk, Signer } from './crypto.ts';

/** The part of `node:crypto` that is used. */
export type NodeCrypto<Key> = {
  createHash(algorithm: 'sha256'): { update(bytes: Uint8Array): { digest(): Uint8Array } };
  createPublicKey(input: { key: Record<string, unknown>; format: 'jwk' }): Key;
  createPrivateKey(input: { key: Record<string, unknown>; format: 'jwk' }): Key;
  sign(algorithm: 'sha256', data: Uint8Array, key: { key: Key; dsaEncoding: 'ieee-p1363' }): Uint8Array;
  verify(
    algorithm: 'sha256',
    data: Uint8Array,
    key: { key: Key; dsaEncoding: 'ieee-p1363' },
    signature: Uint8Array,
  ): boolean;
  ECDH: {
    convertKey(
      key: Uint8Array,
      curve: 'prime256v1',
      inputEncoding: undefined,
      outputEncoding: undefined,
      format: 'uncompressed',
    ): Uint8Array | string;
  };
};

const KEPT_KEYS = 64;

/** The rules' cryptography on `node:crypto`, which in Electron is BoringSSL's and not OpenSSL's. */
export function cryptoFromNode<Key>(node: NodeCrypto<Key>): Crypto {
  const keys = new Map<string, Key>();
  const importKey = (jwk: EcPublicJwk): Key => {
    const name = `${jwk.x}.${jwk.y}`;
    const known = keys.get(name);
    if (known !== undefined) return known;
    const { kty, crv, x, y } = jwk;
    const key = node.createPublicKey({ key: { kty, crv, x, y }, format: 'jwk' });
    if (keys.size >= KEPT_KEYS) keys.clear();
    keys.set(name, key);
    return key;
  };
  return {
    sha256: (bytes) => Uint8Array.from(node.createHash('sha256').update(bytes).digest()),
    verifyEs256: (jwk, data, signature) => {
      if (signature.length !== 64) return false;
      try {
        return node.verify('sha256', data, { key: importKey(jwk), dsaEncoding: 'ieee-p1363' }, signature);
      } catch {
        // Off-curve points and zero or over-long r and s are thrown by some backends and answered by others.
        return false;
      }
    },
    decompressP256: (x, isYOdd) => decompressP256(node, x, isYOdd),
  };
}

function decompressP256<Key>(node: NodeCrypto<Key>, x: Uint8Array, isYOdd: boolean): EcPublicJwk | null {
  if (x.length !== 32) return null;
  try {
    const point = concatBytes(Uint8Array.of(isYOdd ? 3 : 2), x);
    const full = node.ECDH.convertKey(point, 'prime256v1', undefined, undefined, 'uncompressed');
    if (typeof full === 'string') return null;
    return {
      kty: 'EC',
      crv: 'P-256',
      x: encodeBase64url(full.subarray(1, 33)),
      y: encodeBase64url(full.subarray(33, 65)),
    };
  } catch {
    // No point of the curve has this x.
    return null;
  }
}

/** What makes a P-256 key pair in `node:crypto`. */
export type NodeKeyMaker = {
  createECDH(curve: 'prime256v1'): {
    generateKeys(): Uint8Array;
    getPrivateKey(): Uint8Array;
  };
};

/**
 * A new key pair as JWK. Not `generateKeyPairSync` with an export as JWK: Node 20 dead-locks when garbage collection
 * comes between the two (the export holds the key's lock while it allocates, the finished job's destructor wants it).
 */
export function generatePrivateJwk(node: NodeKeyMaker): EcPrivateJwk {
  const pair = node.createECDH('prime256v1');
  const point = pair.generateKeys();
  const secret = new Uint8Array(32);
  const shortest = pair.getPrivateKey();
  secret.set(shortest, 32 - shortest.length);
  return {
    kty: 'EC',
    crv: 'P-256',
    x: encodeBase64url(point.subarray(1, 33)),
    y: encodeBase64url(point.subarray(33, 65)),
    d: encodeBase64url(secret),
  };
}

/** A signer over a private JWK held in memory. Throws when the key is not a P-256 key: a bug or a damaged file. */
export function signerFromJwk<Key>(node: NodeCrypto<Key>, jwk: EcPrivateJwk): Signer {
  const { kty, crv, x, y, d } = jwk;
  const key = node.createPrivateKey({ key: { kty, crv, x, y, d }, format: 'jwk' });
  if (decodeBase64url(x)?.length !== 32 || decodeBase64url(y)?.length !== 32)
    throw new Error('not a P-256 key');
  return {
    publicJwk: { kty, crv, x, y },
    sign: (data) => Uint8Array.from(node.sign('sha256', data, { key, dsaEncoding: 'ieee-p1363' })),
  };
}
