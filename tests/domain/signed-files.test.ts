import { describe, expect, it } from 'vitest';
import { signJsonJws, verifyJsonJws } from '../../domain/crypto/compact-jws.ts';
import { encodeBase64url } from '../../domain/encoding/base64url.ts';
import { encodeUtf8 } from '../../domain/encoding/utf8.ts';
import { composeIdList, readIdList } from '../../domain/flight-pack/id-list.ts';
import { readDeviceCertificate } from '../../domain/trust/device-certificate.ts';
import type { TrustList } from '../../domain/trust/trust-list.ts';
import { crypto, newSigner } from '../support/keys.ts';

const signer = newSigner();
const keys = [signer.publicJwk];

describe('a signed file', () => {
  const jws = signJsonJws('cpk+jws', { a: 1 }, signer, crypto);

  it('is read when type, key and signature are right', () => {
    expect(verifyJsonJws(jws, 'cpk+jws', keys, crypto)).toEqual({ ok: true, value: { a: 1 } });
  });

  it('of one kind never passes for another', () => {
    expect(verifyJsonJws(jws, 'cp-trust+jws', keys, crypto)).toMatchObject({ error: 'wrong-type' });
  });

  it('by an unknown key, or changed, is refused', () => {
    expect(verifyJsonJws(jws, 'cpk+jws', [newSigner().publicJwk], crypto)).toMatchObject({
      error: 'unknown-key',
    });
    const [head, , tail] = jws.split('.');
    const changed = `${head ?? ''}.${encodeBase64url(encodeUtf8('{"a":2}'))}.${tail ?? ''}`;
    expect(verifyJsonJws(changed, 'cpk+jws', keys, crypto)).toMatchObject({ error: 'bad-signature' });
  });

  it.each([
    ['alg none', { alg: 'none', kid: 'x', typ: 'cpk+jws' }],
    ['another alg', { alg: 'ES384', kid: 'x', typ: 'cpk+jws' }],
    ['crit', { alg: 'ES256', kid: 'x', typ: 'cpk+jws', crit: ['x'] }],
    ['a key of its own', { alg: 'ES256', kid: 'x', typ: 'cpk+jws', jwk: signer.publicJwk }],
  ])('with %s in its header is malformed', (_name, header) => {
    const [, body, tail] = jws.split('.');
    const forged = `${encodeBase64url(encodeUtf8(JSON.stringify(header)))}.${body ?? ''}.${tail ?? ''}`;
    expect(verifyJsonJws(forged, 'cpk+jws', keys, crypto)).toMatchObject({ error: 'malformed' });
  });
});

describe('a device certificate', () => {
  const ca = newSigner();
  const trust: TrustList = {
    v: 1,
    airline: '9C',
    version: 1,
    issuedAt: 0,
    expires: 9e9,
    issuers: [],
    ops: [],
    deviceCa: [{ kid: 'ca', jwk: ca.publicJwk, nbf: 0, exp: 9e9 }],
    ground: [],
    enc: [],
    revokedKids: [],
    revokedDevices: ['T-0042#3'],
  };
  const facts = {
    v: 1,
    dev: 'T-0001',
    ep: 1,
    jwk: signer.publicJwk,
    nbf: 100,
    exp: 200,
    roles: ['till'],
    airline: '9C',
  };
  const read = (changes: object, by = ca): unknown => {
    const certificate = readDeviceCertificate(
      signJsonJws('cp-dev+jws', { ...facts, ...changes }, by, crypto),
      trust,
      150,
      crypto,
    );
    return certificate.ok ? 'accepted' : certificate.error;
  };

  it.each([
    ['as issued', {}, 'accepted'],
    ['revoked', { dev: 'T-0042', ep: 3 }, 'revoked'],
    ['of another airline', { airline: 'HO' }, 'other-airline'],
    ['run out', { exp: 120 }, 'not-valid-now'],
    ['not valid yet', { nbf: 160 }, 'not-valid-now'],
    ['bringing roots of its own', { roots: [ca.publicJwk] }, 'bad-shape'],
    ['bringing an address', { url: 'https://example.org' }, 'bad-shape'],
    ['with a path for a name', { dev: '../../x' }, 'bad-shape'],
  ])('%s', (_name, changes, expected) => {
    expect(read(changes)).toBe(expected);
  });

  it('by anyone but the device authority is refused', () => {
    expect(read({}, newSigner())).toBe('unknown-key');
  });
});

describe('a list of ids', () => {
  const id = (n: number): Uint8Array => Uint8Array.of(0, 0, 0, 0, 0, 0, 0, n);

  it('finds exactly what was put in', () => {
    const list = readIdList(composeIdList(7, [id(9), id(3), id(5), id(3)]));
    if (!list.ok) throw new Error(list.error);
    expect([list.value.version, list.value.count]).toEqual([7, 3]);
    expect([1, 3, 4, 5, 9, 10].map((n) => list.value.has(id(n)))).toEqual([
      false,
      true,
      false,
      true,
      true,
      false,
    ]);
  });

  it('is refused when it is not whole, not sorted, or something else', () => {
    const bytes = composeIdList(1, [id(1), id(2)]);
    expect(readIdList(bytes.subarray(0, 20))).toMatchObject({ error: 'bad-length' });
    expect(readIdList(bytes.with(0, 0x58))).toMatchObject({ error: 'bad-magic' });
    expect(readIdList(bytes.with(19, 9))).toMatchObject({ error: 'not-sorted' });
    expect(readIdList(new Uint8Array(0))).toMatchObject({ error: 'bad-magic' });
  });
});
