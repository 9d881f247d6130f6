import fc from 'fast-check';
import { CompactEncrypt } from 'jose';
import { describe, expect, it } from 'vitest';
import { jwsKid } from '../../../domain/crypto/thumbprint.ts';
import { encodeUtf8 } from '../../../domain/encoding/utf8.ts';
import {
  isSealedResult,
  openSealedResult,
  resultFileName,
  sealResult,
} from '../../../domain/settlement/sealed-result.ts';
import { publicPart } from '../../../ground/demo/demo-keys.ts';
import { crypto, newPrivateJwk } from '../../support/keys.ts';

const key = newPrivateJwk();
const jws = 'a.signed.result';
const seal = (content = jws) => sealResult(content, publicPart(key), crypto);
const open = (text: string, by = key) => openSealedResult(text, by, crypto);

/** A JWE by anyone who knows the terminal's public key, with a header of their choice. */
async function sealAs(change: Record<string, unknown>): Promise<string> {
  const kid = jwsKid(key, crypto);
  const header = { alg: 'ECDH-ES', enc: 'A256GCM', kid, typ: 'cpr+jwe', cty: 'cpr+jws', ...change };
  return await new CompactEncrypt(encodeUtf8(jws)).setProtectedHeader(header).encrypt({ ...publicPart(key) });
}

describe('a result sealed for a stick', () => {
  it('gives back exactly what was sealed, also with a line feed behind it', async () => {
    const sealed = await seal();
    expect(await open(sealed)).toEqual({ ok: true, value: jws });
    expect(await open(`${sealed}\r\n`)).toEqual({ ok: true, value: jws });
    expect(isSealedResult(sealed)).toBe(true);
    expect(isSealedResult(jws)).toBe(false);
  });

  it('has the header other tools expect, and nothing more', async () => {
    const [header = ''] = (await seal()).split('.');
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({
      alg: 'ECDH-ES',
      enc: 'A256GCM',
      kid: jwsKid(key, crypto),
      typ: 'cpr+jwe',
      cty: 'cpr+jws',
      epk: { kty: 'EC', crv: 'P-256', x: expect.any(String) as string, y: expect.any(String) as string },
    });
  });

  it('says nothing of its content to who finds the stick', async () => {
    const sealed = await seal('T-0042.3.1280');
    expect(Buffer.from(sealed.split('.')[3] ?? '', 'base64url').includes('T-0042')).toBe(false);
  });

  it('is foreign to another terminal, and damaged where its key id alone is made ours', async () => {
    const other = newPrivateJwk();
    const sealed = await sealResult(jws, publicPart(other), crypto);
    expect(await open(sealed)).toEqual({ ok: false, error: 'foreign' });
    const [, ...rest] = sealed.split('.');
    const [ours = ''] = (await seal()).split('.');
    expect(await open([ours, ...rest].join('.'))).toEqual({ ok: false, error: 'damaged' });
  });

  it.each([
    ['zip', { zip: 'DEF' }],
    ['crit', { crit: ['b64'], b64: true }],
    ['the typ of a batch', { typ: 'cpb+jwe' }],
    ['the cty of a batch', { cty: 'cpb+gzip' }],
    ['no cty', { cty: undefined }],
    ['another enc', { enc: 'A128GCM' }],
    ['an enclosed key', { jwk: publicPart(key) }],
    ['a member nobody knows', { hello: 'world' }],
  ])('is refused with %s in its header', async (_what, change) => {
    const sealed = await sealAs(change).catch(() => 'jose.will.not.even.make-it');
    expect(await open(sealed)).toEqual({ ok: false, error: 'damaged' });
  });

  it('is refused with any character of it altered', async () => {
    const sealed = await seal();
    await fc.assert(
      fc.asyncProperty(fc.nat(sealed.length - 1), fc.constantFrom('A', 'z', '.', '*'), async (at, char) => {
        const bent = sealed.slice(0, at) + char + sealed.slice(at + 1);
        const opened = await open(bent);
        // The last character of a part carries bits that count for nothing.
        expect(!opened.ok || opened.value === jws).toBe(true);
        if (char === '*') expect(opened.ok).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  it('that is any text at all is refused and never throws', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 200 }), async (text) => {
        expect((await open(text)).ok).toBe(false);
      }),
    );
  });

  it('is named after its terminal and batch', () => {
    expect(resultFileName('T-0042', 3, 'abcd2345efghijklmnopqrstuv')).toBe('CPR-T-0042-3-ABCD2345.cpr');
  });
});
