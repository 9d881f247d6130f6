import { extract, pack as createTar } from 'tar-stream';
import { concatBytes } from '../../domain/encoding/bytes.ts';

/** A tar of plain files in the order given; the same files make the same bytes. */
export async function writeTar(
  files: readonly (readonly [name: string, bytes: Uint8Array])[],
  mtimeSeconds: number,
): Promise<Uint8Array> {
  const tar = createTar();
  for (const [name, bytes] of files) {
    tar.entry({ name, mtime: new Date(mtimeSeconds * 1000), mode: 0o644 }, Buffer.from(bytes));
  }
  tar.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of tar) chunks.push(chunk as Uint8Array);
  return concatBytes(...chunks);
}

/** The members of a tar that `writeTar` made. Rejects for anything that is no tar: these bytes are our own. */
export async function readTar(archive: Uint8Array): Promise<ReadonlyMap<string, Uint8Array>> {
  const members = new Map<string, Uint8Array>();
  const tar = extract();
  tar.end(Buffer.from(archive));
  for await (const entry of tar) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of entry) chunks.push(chunk as Uint8Array);
    members.set(entry.header.name, concatBytes(...chunks));
  }
  return members;
}
