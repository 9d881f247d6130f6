import { encode } from 'cborg';
import { concatBytes } from '../encoding/bytes.ts';
import { encodeUtf8 } from '../encoding/utf8.ts';
import type { Crypto } from '../crypto/crypto.ts';
import type { HolderProof } from './cabin-code.ts';
import { composeSigStructure } from './cose-sign1.ts';

// {1: -7} as bytes: the implied protected header of every holder signature (cabin-code.md 2.1).
export const IMPLIED_ES256_HEADER = Uint8Array.of(0xa1, 0x01, 0x26);
const CONTEXT = encodeUtf8('CP1-HP');

/** The bytes the phone signs: bound to one credential by its hash, so that a proof cannot be moved to another. */
export function composeProofMessage(
  cred: Uint8Array,
  proof: Pick<HolderProof, 'at' | 'nonce' | 'binding'>,
  crypto: Pick<Crypto, 'sha256'>,
): Uint8Array {
  return composeProofMessageFor(crypto.sha256(cred), proof);
}

/** The same where the SHA-256 of the credential is known already: WebCrypto only hashes asynchronously. */
export function composeProofMessageFor(
  credHash: Uint8Array,
  proof: Pick<HolderProof, 'at' | 'nonce' | 'binding'>,
): Uint8Array {
  const payload = encode(
    proof.binding === null ? [proof.at, proof.nonce] : [proof.at, proof.nonce, composeBinding(proof.binding)],
  );
  return composeSigStructure(IMPLIED_ES256_HEADER, payload, concatBytes(CONTEXT, credHash));
}

export function composeBinding(
  binding: NonNullable<HolderProof['binding']>,
): Map<number, number | Uint8Array> {
  return new Map<number, number | Uint8Array>([
    [1, binding.amountMinor],
    [2, binding.currencyNumeric],
    [3, binding.challenge],
  ]);
}
