// threats.md 22 and 24: whatever a scanner reads is judged, never thrown about, and nothing in it is ever unpacked.
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifyCabinCode } from '../../domain/cabin-code/verify-cabin-code.ts';
import { decodeBase45, encodeBase45 } from '../../domain/encoding/base45.ts';
import type { EcPublicJwk } from '../../domain/crypto/crypto.ts';
import vectors from '../fixtures/cabin-code.json' with { type: 'json' };
import { crypto } from '../support/keys.ts';

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

function judge(text: string): string {
  const verdict = verifyCabinCode(text, {
    nowSeconds: vectors.now,
    flight: { carrier, number, departureDay, origin, destination },
    issuers,
    isDenied: () => false,
    lastProofAt: () => null,
    openChallenge: 'any',
    crypto,
  });
  return verdict.ok ? 'accepted' : verdict.error.code;
}

const genuine = vectors.cases
  .filter(({ expect: expected }) => ['dynamic', 'static', 'confirmed'].includes(expected))
  .map(({ qr }) => decodeBase45(qr.slice(4)) ?? new Uint8Array(0));

describe('whatever is scanned', () => {
  it('is refused with one of the codes, or accepted, and never throws', () => {
    const CODED = /^[A-Z_]{2,20}$|^accepted$/;
    const text = fc.oneof(
      fc.string({ maxLength: 900 }),
      fc.string({ maxLength: 900 }).map((rest) => `CP1:${rest}`),
      fc.uint8Array({ maxLength: 520 }).map((bytes) => `CP1:${encodeBase45(bytes)}`),
    );
    fc.assert(
      fc.property(text, (scanned) => {
        expect(judge(scanned)).toMatch(CODED);
      }),
      { numRuns: 20_000 },
    );
  });

  it('is not accepted with one byte of the credential changed, put in or left out', () => {
    const place = fc.record({
      of: fc.constantFrom(...genuine),
      // Before the holder's proof begins: an ECDSA signature has more than one valid form, a credential has one.
      at: fc.integer({ min: 0, max: 150 }),
      byte: fc.integer({ min: 0, max: 255 }),
      how: fc.constantFrom('change', 'put in', 'leave out'),
    });
    fc.assert(
      fc.property(place, ({ of, at, byte, how }) => {
        fc.pre(at < of.length && (how !== 'change' || of[at] !== byte));
        const middle = how === 'leave out' ? [] : [byte];
        const changed = Uint8Array.of(
          ...of.slice(0, at),
          ...middle,
          ...of.slice(how === 'put in' ? at : at + 1),
        );
        fc.pre(Buffer.compare(changed, of) !== 0);
        expect(judge(`CP1:${encodeBase45(changed)}`)).not.toBe('accepted');
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the path of a scanned text', () => {
  it('reaches no program that unpacks anything', () => {
    const seen = new Set<string>();
    const outside = new Set<string>();
    const visit = (path: string): void => {
      if (seen.has(path)) return;
      seen.add(path);
      for (const [, from = ''] of readFileSync(path, 'utf8').matchAll(
        /^(?:import|export) .*?from '([^']+)'/gms,
      )) {
        if (from.startsWith('.')) visit(resolve(dirname(path), from));
        else outside.add(from);
      }
    };
    visit(resolve('domain/till/decide-scan.ts'));
    expect(seen.size).toBeGreaterThan(10);
    expect([...outside].filter((name) => /zlib|inflate|pako|fflate|gzip|compress/i.test(name))).toEqual([]);
    const sources = [...seen].map((path) => readFileSync(path, 'utf8')).join('\n');
    expect(sources).not.toMatch(/DecompressionStream|\bgunzip|\binflate/);
  });
});
