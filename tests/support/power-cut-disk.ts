// A disk that loses power. What was synced is there afterwards; of the rest, each 512-byte sector is there, zeroed or
// rubbish, as chance has it (journal.md 5.6, item 4). Names count as written once their folder was synced.
import { constants } from 'node:fs';
import type { JournalFs } from '../../electron/journal/journal-files.ts';

const SECTOR_BYTES = 512;

/** Thrown by every call from the moment the power is gone; carries no system code, for no system said it. */
export class PowerCut extends Error {}

type DiskFile = { bytes: Buffer; synced: Buffer };

type Choice = {
  /** 0 <= x < 1 */
  readonly fraction: () => number;
  readonly below: (limit: number) => number;
};

export type PowerCutDisk = {
  readonly files: JournalFs;
  /** The power goes before the n-th call from now on has its effect, counting from 1. */
  readonly cutAtCall: (n: number) => void;
  readonly isCut: () => boolean;
  /** Power is back: what chance left is on the disk now. */
  readonly restore: () => void;
};

export function createPowerCutDisk(choice: Choice): PowerCutDisk {
  let files = new Map<string, DiskFile>();
  let syncedNames = new Map<string, DiskFile>();
  let open = new Map<number, { path: string; file: DiskFile | null; isAppending: boolean }>();
  let nextFd = 3;
  let callsLeft = Infinity;

  /** False: the call has no effect any more, or only part of one. */
  const step = (): boolean => {
    callsLeft -= 1;
    return callsLeft > 0;
  };
  const call = (): void => {
    if (!step()) throw new PowerCut();
  };
  const fileOf = (fd: number): DiskFile => {
    const file = open.get(fd)?.file ?? null;
    if (file === null) throw new Error('not a file');
    return file;
  };
  const missing = (path: string): Error => Object.assign(new Error(path), { code: 'ENOENT' });

  const simulated = {
    mkdirSync: () => undefined,
    readdirSync: (dir: string) =>
      [...files.keys()]
        .filter((path) => path.startsWith(`${dir}/`))
        .map((path) => path.slice(dir.length + 1)),
    readFileSync: (path: string) => {
      const file = files.get(path);
      if (file === undefined) throw missing(path);
      return Buffer.from(file.bytes);
    },
    openSync: (path: string, flags: number) => {
      call();
      const isFolder = flags === constants.O_RDONLY;
      let file = files.get(path) ?? null;
      if (!isFolder && file === null) {
        if ((flags & constants.O_CREAT) === 0) throw missing(path);
        file = { bytes: Buffer.alloc(0), synced: Buffer.alloc(0) };
        files.set(path, file);
      }
      open.set(nextFd, {
        path,
        file: isFolder ? null : file,
        isAppending: (flags & constants.O_APPEND) !== 0,
      });
      nextFd += 1;
      return nextFd - 1;
    },
    closeSync: (fd: number) => open.delete(fd),
    fstatSync: (fd: number) => ({ size: fileOf(fd).bytes.length }),
    writeSync: (fd: number, bytes: Uint8Array, offset: number, length: number) => {
      const isWhole = step();
      const file = fileOf(fd);
      const written = isWhole ? length : choice.below(length + 1);
      file.bytes = Buffer.concat([file.bytes, bytes.subarray(offset, offset + written)]);
      if (!isWhole) throw new PowerCut();
      return written;
    },
    fdatasyncSync: (fd: number) => {
      call();
      const file = fileOf(fd);
      file.synced = Buffer.from(file.bytes);
    },
    fsyncSync: (fd: number) => {
      call();
      const file = open.get(fd)?.file ?? null;
      if (file === null) syncedNames = new Map(files);
      else file.synced = Buffer.from(file.bytes);
    },
    ftruncateSync: (fd: number, length: number) => {
      call();
      const file = fileOf(fd);
      file.bytes = Buffer.from(file.bytes.subarray(0, length));
    },
    /** As the journal uses it: a new file, flushed. */
    writeFileSync: (path: string, bytes: Uint8Array) => {
      call();
      files.set(path, { bytes: Buffer.from(bytes), synced: Buffer.from(bytes) });
    },
    unlinkSync: (path: string) => {
      call();
      files.delete(path);
    },
  };

  return {
    files: simulated as unknown as JournalFs,
    cutAtCall: (n) => {
      callsLeft = n;
    },
    isCut: () => callsLeft <= 0,
    restore: () => {
      callsLeft = Infinity;
      const names = new Map(syncedNames);
      // A name made or removed since the last sync of the folder may have reached the disk or not.
      for (const [path, file] of files)
        if (!names.has(path) && choice.fraction() < 0.5) names.set(path, file);
      for (const path of syncedNames.keys())
        if (!files.has(path) && choice.fraction() < 0.5) names.delete(path);
      files = new Map([...names].map(([path, file]) => [path, surviving(file, choice)]));
      syncedNames = new Map(files);
      open = new Map();
    },
  };
}

function surviving({ bytes, synced }: DiskFile, choice: Choice): DiskFile {
  // A file that shrank without a sync has its old length or its new one.
  const isShrunk = bytes.length < synced.length;
  const kept = isShrunk && choice.fraction() < 0.5 ? bytes : synced;
  const left = isShrunk ? Buffer.from(kept) : withUnsyncedTail(bytes, synced, choice);
  return { bytes: left, synced: left };
}

function withUnsyncedTail(bytes: Buffer, synced: Buffer, choice: Choice): Buffer {
  const length = synced.length + choice.below(bytes.length - synced.length + 1);
  const left = Buffer.from(bytes.subarray(0, length));
  for (let at = synced.length; at < length;) {
    const end = Math.min(length, (Math.floor(at / SECTOR_BYTES) + 1) * SECTOR_BYTES);
    const fate = choice.below(3);
    if (fate === 1) left.fill(0, at, end);
    if (fate === 2) for (let i = at; i < end; i++) left[i] = choice.below(256);
    at = end;
  }
  return left;
}
