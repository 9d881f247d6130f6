import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pack as createTar, type Pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { readFlightPack } from '../../domain/flight-pack/flight-pack.ts';
import { unpackTar } from '../../electron/flight-pack/unpack-tar.ts';
import { makeDemo } from '../../ground/demo/make-demo.ts';
import { crypto } from '../support/keys.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function tarOf(fill: (tar: Pack) => void): Promise<Uint8Array> {
  const tar = createTar();
  fill(tar);
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return Uint8Array.from(Buffer.concat(chunks));
}

async function whyRefused(fill: (tar: Pack) => void): Promise<string> {
  const unpacked = await unpackTar(await tarOf(fill));
  return unpacked.ok ? 'accepted' : unpacked.error.why;
}

describe('a flight pack archive', () => {
  const first = (tar: Pack): void => {
    tar.entry({ name: 'manifest.jws' }, 'x');
  };

  it.each([
    ['a path upwards', (tar: Pack) => void tar.entry({ name: '../trust.jws' }, 'x'), 'name'],
    ['an absolute path', (tar: Pack) => void tar.entry({ name: '/etc/passwd.bin' }, 'x'), 'name'],
    ['a drive', (tar: Pack) => void tar.entry({ name: 'C:\\trust.jws' }, 'x'), 'name'],
    [
      'a symbolic link',
      (tar: Pack) => void tar.entry({ name: 'trust.jws', type: 'symlink', linkname: '/etc' }),
      'not-a-regular-file',
    ],
    [
      'a device',
      (tar: Pack) => void tar.entry({ name: 'trust.jws', type: 'character-device' }),
      'not-a-regular-file',
    ],
    [
      'a folder',
      (tar: Pack) => void tar.entry({ name: 'trust.jws', type: 'directory' }),
      'not-a-regular-file',
    ],
  ])('with %s is refused', async (_name, fill, why) => {
    expect(
      await whyRefused((tar) => {
        first(tar);
        fill(tar);
      }),
    ).toBe(why);
  });

  it('with a member twice, the manifest not first, or nothing is refused', async () => {
    expect(
      await whyRefused((tar) => {
        first(tar);
        tar.entry({ name: 'deny.bin' }, 'a');
        tar.entry({ name: 'deny.bin' }, 'b');
      }),
    ).toBe('stands-twice');
    expect(await whyRefused((tar) => void tar.entry({ name: 'deny.bin' }, 'a'))).toBe('manifest-not-first');
    expect(await whyRefused(() => undefined)).toBe('empty');
    expect((await unpackTar(new TextEncoder().encode('not a tar archive'.repeat(100)))).ok).toBe(false);
  });

  it('larger than allowed is not even opened', async () => {
    const unpacked = await unpackTar(new Uint8Array(64 * 1024 * 1024 + 1));
    expect(unpacked).toEqual({ ok: false, error: { file: 'pack', why: 'too-large' } });
  });
});

describe('the members of a flight pack', () => {
  async function demoMembers(): Promise<{
    members: Map<string, Uint8Array>;
    read: (m: ReadonlyMap<string, Uint8Array>) => string;
  }> {
    const dir = temporaryFolder();
    const made = await makeDemo({ out: dir, nowMs: Date.now() });
    if (!made.ok) throw new Error(made.error);
    const { facts } = made.value;
    const unpacked = await unpackTar(await readFile(join(dir, 'packs', facts.pack)));
    if (!unpacked.ok) throw new Error(unpacked.error.why);
    return {
      members: new Map(unpacked.value),
      read: (members) => {
        const reader = { roots: facts.roots, airline: facts.airline, nowSeconds: Date.now() / 1000, crypto };
        const pack = readFlightPack(members, reader);
        return pack.ok ? 'accepted' : pack.error.file;
      },
    };
  }

  it('are taken as a whole', async () => {
    const { members, read } = await demoMembers();
    expect(read(members)).toBe('accepted');
  });

  it('are refused as a whole, naming the one that was changed, left out or slipped in', async () => {
    const { members, read } = await demoMembers();
    for (const [name, bytes] of members) {
      const middle = Math.floor(bytes.length / 2);
      const changed = new Map(members).set(name, bytes.with(middle, (bytes[middle] ?? 0) ^ 1));
      expect(read(changed)).toBe(name);
      const without = new Map(members);
      without.delete(name);
      expect(read(without)).toBe(name);
    }
    expect(read(new Map(members).set('extra.json', new Uint8Array(1)))).toBe('extra.json');
  });

  it('by somebody else’s root are refused', async () => {
    const [one, other] = [await demoMembers(), await demoMembers()];
    expect(one.read(other.members)).toBe('trust.jws');
  });
});
