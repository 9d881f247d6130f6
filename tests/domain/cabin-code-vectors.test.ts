import * as nodeCrypto from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { verifyCabinCode } from '../../domain/cabin-code/verify-cabin-code.ts';
import { cryptoFromNode } from '../../domain/crypto/node-crypto.ts';
import type { EcPublicJwk } from '../../domain/crypto/crypto.ts';
import vectors from '../fixtures/cabin-code.json' with { type: 'json' };

const crypto = cryptoFromNode(nodeCrypto);
const [carrier, number, departureDay, origin, destination] = vectors.flight as [
  string,
  number,
  number,
  string,
  string,
];
const issuers = vectors.trust.map((entry) => ({
  ...entry,
  jwk: entry.jwk as EcPublicJwk,
  maxCum: { 156: entry.maxCum },
}));

type VectorCase = {
  name: string;
  qr: string;
  expect: string;
  denied?: string[];
  lastTs?: Record<string, number>;
};

describe('the shared cabin code cases', () => {
  it.each(vectors.cases as VectorCase[])('$name -> $expect', ({ qr, expect: expected, denied, lastTs }) => {
    const verdict = verifyCabinCode(qr, {
      nowSeconds: vectors.now,
      flight: { carrier, number, departureDay, origin, destination },
      issuers,
      isDenied: (cti) => denied?.includes(cti) ?? false,
      lastProofAt: (cti) => lastTs?.[cti] ?? null,
      openChallenge: 'any',
      crypto,
    });
    expect(verdict.ok ? verdict.value.mode : verdict.error.code).toBe(expected);
  });
});
