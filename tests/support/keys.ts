import * as nodeCrypto from 'node:crypto';
import type { EcPrivateJwk, Signer } from '../../domain/crypto/crypto.ts';
import { cryptoFromNode, signerFromJwk } from '../../domain/crypto/node-crypto.ts';

export const crypto = cryptoFromNode(nodeCrypto);

export function newPrivateJwk(): EcPrivateJwk {
  const { privateKey } = nodeCrypto.generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ format: 'jwk' }) as unknown as EcPrivateJwk;
}

export function newSigner(): Signer {
  return signerFromJwk(nodeCrypto, newPrivateJwk());
}
