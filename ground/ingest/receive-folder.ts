// Batches from a folder: a stick that was handed in, or a share a gate agent copies to.
import { mkdir, readdir, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BATCH } from '../../domain/limits.ts';
import type { Ground } from '../ground.ts';
import { receiveBatch, type Received } from './receive-batch.ts';

export type FolderEntry = {
  readonly name: string;
  readonly status: Received['status'];
  readonly why: string | null;
  readonly batchId: string | null;
};

const TAKEN = 'taken';
const REFUSED = 'refused';
const GOOD: ReadonlySet<Received['status']> = new Set(['ACCEPTED', 'PARTIAL', 'DUPLICATE']);

/**
 * Takes every `.cpb` in a folder, oldest range first, and moves each to `taken/` or `refused/` inside it. A file that
 * had to wait for another is tried once more. Rejects when the folder cannot be read or written, or the database is away;
 * files not moved yet are taken the next time.
 */
export async function receiveFolder(
  ground: Ground,
  airline: string,
  folder: string,
): Promise<readonly FolderEntry[]> {
  const names = (await readdir(folder)).filter((name) => name.toLowerCase().endsWith('.cpb')).sort(byRange);
  const entries = new Map<string, FolderEntry>();
  for (const name of names) entries.set(name, await takeFile(ground, airline, join(folder, name), name));
  for (const [name, { status }] of [...entries]) {
    if (status === 'GAP') entries.set(name, await takeFile(ground, airline, join(folder, name), name));
  }
  for (const sub of [TAKEN, REFUSED]) await mkdir(join(folder, sub), { recursive: true });
  for (const [name, { status }] of entries) {
    await moveTo(join(folder, name), join(folder, GOOD.has(status) ? TAKEN : REFUSED), name);
  }
  return [...entries.values()];
}

/** Reads a file and takes it; one that is too large is not read to its end. */
export async function takeFile(
  ground: Ground,
  airline: string,
  path: string,
  name: string,
  source: 'folder' | 'command' = 'folder',
): Promise<FolderEntry> {
  const { size } = await stat(path);
  const bytes =
    size > BATCH.maxBytes ? new Uint8Array(BATCH.maxBytes + 1) : new Uint8Array(await readFile(path));
  const { status, why, manifest } = await receiveBatch(ground, { airline, bytes, source });
  return { name, status, why, batchId: manifest?.batchId ?? null };
}

/** `CPB-T-0042-3-1001-1287-ABCD2345.cpb`: lower ranges first, so that later ones find what they follow. */
function byRange(a: string, b: string): number {
  const from = (name: string): number => Number(/-(\d+)-\d+-[A-Z2-7]{8}\.cpb$/i.exec(name)?.[1] ?? 0);
  return from(a) - from(b) || (a < b ? -1 : 1);
}

/** A name that is taken gets a number: nothing that was handed in is written over. */
async function moveTo(path: string, folder: string, name: string): Promise<void> {
  for (let n = 0; ; n++) {
    const target = join(folder, n === 0 ? name : `${n.toString()}-${name}`);
    const isTaken = await stat(target).then(
      () => true,
      () => false,
    );
    if (isTaken) continue;
    await rename(path, target);
    return;
  }
}
