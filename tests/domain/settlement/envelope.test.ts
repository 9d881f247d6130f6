import * as nodeCrypto from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { CompactEncrypt } from 'jose';
import { describe, expect, it } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '../../../domain/encoding/utf8.ts';
import { BATCH } from '../../../domain/limits.ts';
import { openEnvelope, sealEnvelope } from '../../../domain/settlement/envelope.ts';
import { newPrivateJwk, publicPart } from '../../../ground/demo/demo-keys.ts';
import { gunzip, gzip } from '../../../ground/gzip.ts';

const kid = '9c-enc-2026q4';
const key = newPrivateJwk();
const privateKeys = new Map([[kid, key]]);
const body = encodeUtf8('a batch, for all the envelope knows\n'.repeat(20));

const seal = (content = body) => sealEnvelope(content, { kid, jwk: publicPart(key) }, { gzip });
const open = (bytes: Uint8Array, keys: ReadonlyMap<string, typeof key> = privateKeys) =>
  openEnvelope(bytes, keys, { gunzip });
const headerOf = (text: string): unknown =>
  JSON.parse(Buffer.from(text.split('.')[0] ?? '', 'base64url').toString());

/** A JWE by anyone who knows the public key, with a header of their choice. */
async function sealAs(packed: Uint8Array, change: Record<string, unknown> = {}): Promise<Uint8Array> {
  const header = { alg: 'ECDH-ES', enc: 'A256GCM', kid, typ: 'cpb+jwe', cty: 'cpb+gzip', ...change };
  const jwe = await new CompactEncrypt(packed).setProtectedHeader(header).encrypt({ ...publicPart(key) });
  return encodeUtf8(jwe);
}

describe('the envelope of a batch', () => {
  it('gives back exactly what was sealed', async () => {
    expect(await open(await seal())).toEqual({ ok: true, value: body });
  });

  it('has the header other tools expect, and nothing more', async () => {
    const header = headerOf(decodeUtf8(await seal()) ?? '');
    expect(header).toEqual({
      alg: 'ECDH-ES',
      enc: 'A256GCM',
      kid,
      typ: 'cpb+jwe',
      cty: 'cpb+gzip',
      epk: { kty: 'EC', crv: 'P-256', x: expect.any(String) as string, y: expect.any(String) as string },
    });
  });

  it('is another each time around the same body', async () => {
    expect(await seal()).not.toEqual(await seal());
  });

  it('opens for no key but its own', async () => {
    const sealed = await seal();
    expect(await open(sealed, new Map([[kid, newPrivateJwk()]]))).toMatchObject({ ok: false });
    expect(await open(sealed, new Map())).toEqual({
      ok: false,
      error: { why: `encrypted for the key '${kid}', which is not held here` },
    });
  });

  it.each([
    ['zip', { zip: 'DEF' }],
    ['crit', { crit: ['b64'], b64: true }],
    ['another typ', { typ: 'JWT' }],
    ['no cty', { cty: undefined }],
    ['another enc', { enc: 'A128GCM' }],
    ['an enclosed key', { jwk: publicPart(key) }],
  ])('is refused with %s in its header', async (_what, change) => {
    const sealed = await sealAs(gzip(body), change).catch(() => encodeUtf8('jose will not even make it'));
    expect((await open(sealed)).ok).toBe(false);
  });

  it('is refused with any one character changed', async () => {
    const text = decodeUtf8(await seal()) ?? '';
    await fc.assert(
      fc.asyncProperty(
        fc.nat(text.length - 1),
        fc.constantFrom(...'ABCxyz019-_.=\n'),
        async (at, character) => {
          fc.pre(text[at] !== character);
          const changed = `${text.slice(0, at)}${character}${text.slice(at + 1)}`;
          expect((await open(encodeUtf8(changed))).ok).toBe(false);
        },
      ),
    );
  });

  it('is refused cut anywhere or with anything after it', async () => {
    const sealed = await seal();
    for (let size = 0; size < sealed.length; size++)
      expect((await open(sealed.slice(0, size))).ok).toBe(false);
    expect((await open(Uint8Array.of(...sealed, 10))).ok).toBe(false);
  });

  it('survives any bytes inside: no gzip, half a gzip', async () => {
    expect((await open(await sealAs(encodeUtf8('not gzip')))).ok).toBe(false);
    expect((await open(await sealAs(gzip(body).slice(0, -9)))).ok).toBe(false);
    expect((await open(await sealAs(new Uint8Array(0)))).ok).toBe(false);
  });

  it('never inflates a bomb of 200 MiB beyond its bound', async () => {
    const bomb = gzipSync(new Uint8Array(200 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(256 * 1024);
    const sealed = await sealAs(bomb);
    const asked: number[] = [];
    const opened = await openEnvelope(sealed, privateKeys, {
      gunzip: (bytes, maxBytes) => {
        asked.push(maxBytes);
        return gunzip(bytes, maxBytes);
      },
    });
    expect(opened).toMatchObject({
      ok: false,
      error: { why: expect.stringContaining('inflates to more') as string },
    });
    expect(asked).toEqual([Math.min(BATCH.maxInflatedBytes, bomb.length * BATCH.maxRatio)]);
  });

  it('holds to the absolute bound where the ratio would allow more', async () => {
    const noisy = nodeCrypto.randomBytes(1024 * 1024);
    const packed = gzipSync(Buffer.concat([noisy, Buffer.alloc(BATCH.maxInflatedBytes)]));
    expect(packed.length * BATCH.maxRatio).toBeGreaterThan(BATCH.maxInflatedBytes);
    expect((await open(await sealAs(packed))).ok).toBe(false);
  });

  it('is refused for a header made to exhaust the reader', async () => {
    const header = Buffer.from('['.repeat(5_000_000)).toString('base64url');
    expect((await open(encodeUtf8(`${header}....`))).ok).toBe(false);
    expect((await open(encodeUtf8('.'.repeat(5_000_000)))).ok).toBe(false);
  });

  it('is refused by its size before anything is read', async () => {
    const opened = await open(new Uint8Array(BATCH.maxBytes + 1));
    expect(opened).toMatchObject({ error: { why: expect.stringContaining('larger than') as string } });
  });
});
