// Takes a `.cpk` apart in memory: regular files with allowed names only, each once, manifest first, all within the
// size cap (trust.md 3.3; threats.md 23, 36). Nothing is written anywhere.
import { Readable } from 'node:stream';
import { extract } from 'tar-stream';
import type { PackFault } from '../../domain/flight-pack/flight-pack.ts';
import { MEMBER_NAME } from '../../domain/flight-pack/manifest.ts';
import { FLIGHT_PACK } from '../../domain/limits.ts';
import { fail, ok, type Result } from '../../domain/result.ts';

export async function unpackTar(
  archive: Uint8Array,
): Promise<Result<ReadonlyMap<string, Uint8Array>, PackFault>> {
  if (archive.length > FLIGHT_PACK.maxBytes) return fail({ file: 'pack', why: 'too-large' });
  const members = new Map<string, Uint8Array>();
  const tar = extract();
  Readable.from([Buffer.from(archive)]).pipe(tar);
  try {
    for await (const entry of tar) {
      const { name, type } = entry.header;
      const fault = findEntryFault(name, type, members);
      if (fault !== null) return fail(fault);
      const chunks: Buffer[] = [];
      for await (const chunk of entry) chunks.push(chunk as Buffer);
      members.set(name, Uint8Array.from(Buffer.concat(chunks)));
    }
  } catch {
    return fail({ file: 'pack', why: 'not-a-tar-archive' });
  } finally {
    tar.destroy();
  }
  return members.size === 0 ? fail({ file: 'pack', why: 'empty' }) : ok(members);
}

function findEntryFault(
  name: string,
  type: string | null | undefined,
  members: ReadonlyMap<string, Uint8Array>,
): PackFault | null {
  const shown = name.slice(0, 60);
  if (type !== 'file') return { file: shown, why: 'not-a-regular-file' };
  if (!MEMBER_NAME.test(name)) return { file: shown, why: 'name' };
  if (members.has(name)) return { file: shown, why: 'stands-twice' };
  if (members.size === 0 && name !== 'manifest.jws') return { file: shown, why: 'manifest-not-first' };
  return members.size > FLIGHT_PACK.maxFiles ? { file: 'pack', why: 'too-many-files' } : null;
}
