import { randomBytes } from 'node:crypto';
import { chmod, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMasterKey } from '../../../ground/secrets/master-key.ts';
import { createSeal } from '../../../ground/secrets/seal.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text));

describe('a seal', () => {
  const seal = createSeal(randomBytes(32));

  it('opens what it sealed, for the same purpose only', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (content) => {
        const sealed = seal.seal('passenger-name', content);
        expect(seal.open('passenger-name', sealed)).toEqual(content);
        expect(seal.open('passenger-account', sealed)).toBeNull();
      }),
    );
  });

  it('opens nothing that was altered or cut, at any byte', () => {
    const sealed = seal.seal('x', bytes('WANG/JIAN'));
    for (let i = 0; i < sealed.length; i++) {
      const altered = Uint8Array.from(sealed);
      altered[i] = (altered[i] ?? 0) ^ 1;
      expect(seal.open('x', altered)).toBeNull();
      expect(seal.open('x', sealed.subarray(0, i))).toBeNull();
    }
  });

  it('opens nothing sealed under another master key', () => {
    const other = createSeal(randomBytes(32));
    expect(other.open('x', seal.seal('x', bytes('secret')))).toBeNull();
  });

  it('makes of a text the same hash each time, and another for another purpose, text or master key', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, other) => {
        fc.pre(text !== other);
        const hash = seal.keyedHash('x', text);
        expect(hash).toMatch(/^[A-Za-z0-9_-]{43}$/);
        expect(seal.keyedHash('x', text)).toBe(hash);
        expect(seal.keyedHash('y', text)).not.toBe(hash);
        expect(seal.keyedHash('x', other)).not.toBe(hash);
        expect(createSeal(randomBytes(32)).keyedHash('x', text)).not.toBe(hash);
      }),
    );
  });

  it('never seals the same text the same way twice', () => {
    expect(seal.seal('x', bytes('a'))).not.toEqual(seal.seal('x', bytes('a')));
  });

  it('knows an account again within one airline and wallet, and nowhere else', () => {
    const hash = seal.hashAccount('9C', 1, 'openid-1');
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(seal.hashAccount('9C', 1, 'openid-1')).toBe(hash);
    expect(seal.hashAccount('9C', 2, 'openid-1')).not.toBe(hash);
    expect(seal.hashAccount('HO', 1, 'openid-1')).not.toBe(hash);
    expect(createSeal(randomBytes(32)).hashAccount('9C', 1, 'openid-1')).not.toBe(hash);
  });
});

describe('the master key', () => {
  it('is made once, for its owner only, also when several start at once', async () => {
    const folder = join(temporaryFolder(), 'data');
    const keys = await Promise.all(Array.from({ length: 5 }, () => readMasterKey(folder, {})));
    const [first] = keys;
    expect(first?.ok).toBe(true);
    for (const key of keys) expect(key).toEqual(first);
    expect(await readMasterKey(folder, {})).toEqual(first);
    expect(await readdir(folder)).toEqual(['ground.key']);
    expect((await stat(join(folder, 'ground.key'))).mode & 0o777).toBe(0o600);
  });

  it('comes from the environment where it is given there, and no file is made', async () => {
    const folder = temporaryFolder();
    const hex = randomBytes(32).toString('hex');
    expect(await readMasterKey(folder, { CABINTILL_GROUND_KEY: hex })).toEqual({
      ok: true,
      value: Uint8Array.from(Buffer.from(hex, 'hex')),
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it('is refused when others can read it or when it is no key', async () => {
    const folder = temporaryFolder();
    await readMasterKey(folder, {});
    await chmod(join(folder, 'ground.key'), 0o640);
    expect(await readMasterKey(folder, {})).toMatchObject({ error: { kind: 'key-readable-by-others' } });
    await chmod(join(folder, 'ground.key'), 0o600);
    await writeFile(join(folder, 'ground.key'), 'short\n');
    expect(await readMasterKey(folder, {})).toMatchObject({ error: { kind: 'key-malformed' } });
    expect(await readMasterKey(folder, { CABINTILL_GROUND_KEY: 'xyz' })).toMatchObject({
      error: { kind: 'key-malformed', where: 'CABINTILL_GROUND_KEY' },
    });
  });
});
