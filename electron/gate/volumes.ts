// Where a batch may go: the till's own outbox, or a removable volume the system has mounted. The renderer names a
// volume by id and never by path (settlement.md 6.1).
import { createHash } from 'node:crypto';
import { readdirSync, statfsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Volume } from '../../bridge/contract.ts';

export type MountedVolume = Volume & { readonly dir: string };

export const OUTBOX = 'outbox';

/** The outbox first, then what is mounted below the usual places for sticks and cards. */
export function listVolumes(outboxDir: string, mountRoots: readonly string[]): readonly MountedVolume[] {
  const outbox: MountedVolume = {
    id: OUTBOX,
    name: basename(outboxDir),
    isRemovable: false,
    freeBytes: freeBytesOf(outboxDir),
    dir: outboxDir,
  };
  const removable = mountRoots.flatMap(listMounts).map((dir) => ({
    id: `volume-${createHash('sha256').update(dir).digest('hex').slice(0, 12)}`,
    name: basename(dir),
    isRemovable: true,
    freeBytes: freeBytesOf(dir),
    dir,
  }));
  return [outbox, ...removable];
}

/** Linux desktops mount sticks at /media/USER/NAME or /run/media/USER/NAME. */
export const LINUX_MOUNT_ROOTS = ['/media', '/run/media'] as const;

function listMounts(root: string): readonly string[] {
  return listFolders(root).flatMap((dir) => [dir, ...listFolders(dir)].filter(isMountPoint));
}

function listFolders(dir: string): readonly string[] {
  try {
    return readdirSync(dir, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(dir, entry.name));
  } catch {
    return [];
  }
}

function isMountPoint(dir: string): boolean {
  try {
    const own = statfsSync(dir);
    const parent = statfsSync(dirname(dir));
    return own.blocks !== parent.blocks || own.type !== parent.type || own.files !== parent.files;
  } catch {
    return false;
  }
}

/** Zero when the folder is not there yet or cannot be asked. */
export function freeBytesOf(dir: string): number {
  for (const candidate of [dir, dirname(dir)]) {
    try {
      const { bavail, bsize } = statfsSync(candidate);
      return bavail * bsize;
    } catch {
      continue;
    }
  }
  return 0;
}
