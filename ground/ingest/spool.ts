// What was received, beside the embedded database, which does not sync to disk: batch files (`.cpb`) and passengers'
// copies (`.cpy`). Each is synced here before it is acknowledged, and taken in again at the next start where the database
// has lost it.
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** As long as the airline's key that opens them is kept. */
const KEPT_MS = 400 * 86_400_000;
export type SpoolKind = 'cpb' | 'cpy';

const NAME = /^([A-Z0-9]{2,3})-([0-9a-f]{64})\.(cpb|cpy)$/;

export type SpooledFile = {
  readonly airline: string;
  readonly hash: string;
  readonly kind: SpoolKind;
  readonly path: string;
};

/** Synced to disk, folder included, when this resolves. */
export async function spoolFile(
  folder: string,
  {
    airline,
    hash,
    bytes,
    kind = 'cpb',
  }: {
    readonly airline: string;
    readonly hash: string;
    readonly bytes: Uint8Array;
    readonly kind?: SpoolKind;
  },
): Promise<void> {
  const path = join(folder, `${airline}-${hash}.${kind}`);
  const isThere = await stat(path).then(
    ({ size }) => size === bytes.length,
    () => false,
  );
  if (isThere) return;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const part = `${path}.part`;
  const file = await open(part, 'w', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(part, path);
  await syncFolder(folder);
}

export async function removeSpooled(
  folder: string,
  { airline, hash }: Pick<SpooledFile, 'airline' | 'hash'>,
): Promise<void> {
  await rm(join(folder, `${airline}-${hash}.cpb`), { force: true });
}

/** Oldest first: a terminal's batches follow each other. */
export async function listSpool(folder: string, kind: SpoolKind): Promise<readonly SpooledFile[]> {
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(
    names.map(async (name) => {
      const [, airline, hash, end] = NAME.exec(name) ?? [];
      if (airline === undefined || hash === undefined || end !== kind) return [];
      const path = join(folder, name);
      const { mtimeMs } = await stat(path);
      return [{ airline, hash, kind, path, mtimeMs }];
    }),
  );
  return found.flat().sort((a, b) => a.mtimeMs - b.mtimeMs);
}

export async function readSpooled({ path }: Pick<SpooledFile, 'path'>): Promise<Uint8Array> {
  return new Uint8Array(await readFile(path));
}

/** Takes away what is older than any key that could open it. */
export async function tidySpool(folder: string, nowMs: number): Promise<void> {
  const files = [...(await listSpool(folder, 'cpb')), ...(await listSpool(folder, 'cpy'))];
  for (const { path } of files) {
    const { mtimeMs } = await stat(path);
    if (nowMs - mtimeMs > KEPT_MS) await rm(path, { force: true });
  }
}

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open folders; there a rename is on disk with the file system's own journal.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
