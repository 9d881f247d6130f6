import { encode } from 'cborg';
import { encodeBase45 } from '../encoding/base45.ts';
import { decodeBase64url } from '../encoding/base64url.ts';
import { decodeHex } from '../encoding/hex.ts';
import type { Crypto, EcPublicJwk, Signer } from '../crypto/crypto.ts';
import { thumbprint8 } from '../crypto/thumbprint.ts';
import type { AmountBinding, Credential, HolderProof } from './cabin-code.ts';
import { composeCoseSign1, composeProtectedHeader, composeSigStructure } from './cose-sign1.ts';
import { composeBinding, composeProofMessage } from './holder-proof.ts';

/** The claims an issuer signs; the holder key comes apart because the phone makes it. */
export type CredentialClaims = Omit<Credential, 'holderKey' | 'version'>;

/** Signs a credential (the `cred` bytes of cabin-code.md 2.1). Throws on a malformed cti or holder key: a bug. */
export function issueCredential(
  claims: CredentialClaims,
  holderKey: EcPublicJwk | null,
  issuer: Signer,
  crypto: Crypto,
): Uint8Array {
  const cti = decodeHex(claims.cti);
  if (cti?.length !== 8) throw new Error('a cti is 8 bytes');
  const map = new Map<number, unknown>([
    [1, claims.iss],
    [4, claims.exp],
    [5, claims.nbf],
    [6, claims.iat],
    [7, cti],
  ]);
  if (holderKey !== null) map.set(8, new Map([[1, composeHolderKey(holderKey)]]));
  map.set(-65_537, composeCabinClaims(claims));
  const protectedBytes = composeProtectedHeader(thumbprint8(issuer.publicJwk, crypto));
  const payload = encode(map);
  const signature = issuer.sign(composeSigStructure(protectedBytes, payload));
  return composeCoseSign1({ protectedBytes, payload, signature });
}

function composeHolderKey(jwk: EcPublicJwk): Map<number, number | Uint8Array | boolean> {
  const x = decodeBase64url(jwk.x);
  const y = decodeBase64url(jwk.y);
  if (x?.length !== 32 || y?.length !== 32) throw new Error('a holder key is a P-256 key');
  return new Map<number, number | Uint8Array | boolean>([
    [1, 2],
    [-1, 1],
    [-2, x],
    [-3, ((y[31] ?? 0) & 1) === 1],
  ]);
}

function composeCabinClaims(claims: CredentialClaims): Map<number, unknown> {
  const { flight, limits } = claims;
  const map = new Map<number, unknown>([
    [1, 1],
    [2, claims.wallet],
    [3, [flight.carrier, flight.number, flight.departureDay, flight.origin, flight.destination]],
    [4, claims.seat],
    [5, claims.sequence],
    [6, [limits.currencyNumeric, limits.cumMinor, limits.perSaleMinor, limits.maxSales]],
    [7, claims.staticCumMinor],
    [8, claims.tier],
    [9, claims.gate],
    [10, claims.holderClass],
  ]);
  if (claims.maskedName !== null) map.set(11, claims.maskedName);
  return map;
}

/** The code as a picture without a proof: paper, or a phone that cannot sign. */
export function composeStaticCode(cred: Uint8Array): string {
  return `CP1:${encodeBase45(encode([cred]))}`;
}

/** The code as a phone shows it: a fresh proof by the holder key, over an amount where the till asked for one. */
export function composeDynamicCode(
  cred: Uint8Array,
  proof: { readonly at: number; readonly nonce: Uint8Array; readonly binding?: AmountBinding },
  holder: Signer,
  crypto: Crypto,
): string {
  const binding = proof.binding ?? null;
  const signature = holder.sign(composeProofMessage(cred, { ...proof, binding }, crypto));
  return assembleDynamicCode(cred, { ...proof, binding, signature });
}

/** The code of a proof signed elsewhere: `signature` is over `composeProofMessage`. */
export function assembleDynamicCode(
  cred: Uint8Array,
  { at, nonce, signature, binding }: HolderProof,
): string {
  const items: unknown[] = [cred, at, nonce, signature];
  if (binding !== null) items.push(composeBinding(binding));
  return `CP1:${encodeBase45(encode(items))}`;
}
