import * as nodeCrypto from 'node:crypto';
import type { EcPrivateJwk, Signer } from '../../domain/crypto/crypto.ts';
import { cryptoFromNode, generatePrivateJwk, signerFromJwk } from '../../domain/crypto/node-crypto.ts';

export const crypto = cryptoFromNode(nodeCrypto);

export function newPrivateJwk(): EcPrivateJwk {
  return generatePrivateJwk(nodeCrypto);
}

export function newSigner(): Signer {
  return signerFromJwk(nodeCrypto, newPrivateJwk());
}
