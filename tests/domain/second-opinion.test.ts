// Two stacks that share no code must agree, or half of all passengers would be refused by chance.
import { p256 } from '@noble/curves/nist.js';
import { describe, expect, it } from 'vitest';
import { decodeBase64url } from '../../domain/encoding/base64url.ts';
import { concatBytes } from '../../domain/encoding/bytes.ts';
import { crypto, newSigner } from '../support/keys.ts';

const ROUNDS = 200;

function coordinates({ x, y }: { x: string; y: string }): [Uint8Array, Uint8Array] {
  return [decodeBase64url(x) ?? new Uint8Array(0), decodeBase64url(y) ?? new Uint8Array(0)];
}

describe('the cryptography in use', () => {
  it('makes signatures another library accepts, high s included', () => {
    const signer = newSigner();
    const publicKey = concatBytes(Uint8Array.of(4), ...coordinates(signer.publicJwk));
    for (let i = 0; i < ROUNDS; i++) {
      const message = Uint8Array.of(i & 0xff, i >> 8);
      expect(p256.verify(signer.sign(message), message, publicKey, { lowS: false })).toBe(true);
    }
  });

  it('accepts signatures another library made', () => {
    const secret = p256.utils.randomSecretKey();
    const point = p256.getPublicKey(secret, false);
    const jwk = {
      kty: 'EC',
      crv: 'P-256',
      x: Buffer.from(point.subarray(1, 33)).toString('base64url'),
      y: Buffer.from(point.subarray(33)).toString('base64url'),
    } as const;
    for (let i = 0; i < ROUNDS; i++) {
      const message = Uint8Array.of(i & 0xff, i >> 8, 1);
      expect(crypto.verifyEs256(jwk, message, p256.sign(message, secret, { lowS: i % 2 === 0 }))).toBe(true);
    }
  });

  it('opens compressed points as another library does, and refuses what is on no curve', () => {
    for (let i = 0; i < ROUNDS; i++) {
      const { publicJwk } = newSigner();
      const [x, y] = coordinates(publicJwk);
      expect(crypto.decompressP256(x, ((y[31] ?? 0) & 1) === 1)).toEqual(publicJwk);
    }
    for (let i = 0; i < ROUNDS; i++) {
      const x = new Uint8Array(32).fill(0).with(31, i);
      const isOnCurve = ((): boolean => {
        try {
          p256.Point.fromBytes(concatBytes(Uint8Array.of(2), x));
          return true;
        } catch {
          return false;
        }
      })();
      expect(crypto.decompressP256(x, false) !== null).toBe(isOnCurve);
    }
  });

  it('refuses the odd signatures: zero, too short, too long, r of the group order', () => {
    const signer = newSigner();
    const message = Uint8Array.of(1);
    const order = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex');
    const good = signer.sign(message);
    const odd = [
      new Uint8Array(64),
      good.subarray(0, 63),
      concatBytes(good, Uint8Array.of(0)),
      concatBytes(Uint8Array.from(order), good.subarray(32)),
    ];
    for (const signature of odd) expect(crypto.verifyEs256(signer.publicJwk, message, signature)).toBe(false);
  });
});
