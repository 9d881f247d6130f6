// The journal's segment files: names, reading, appending with fdatasync, cutting a torn tail off (journal.md 5.2, 5.3).
import { constants } from 'node:fs';
import type * as fs from 'node:fs';
import { join } from 'node:path';

/** The calls on the file system the journal makes; tests pass one that fails where they want. */
export type JournalFs = Pick<
  typeof fs,
  | 'mkdirSync'
  | 'readdirSync'
  | 'readFileSync'
  | 'openSync'
  | 'closeSync'
  | 'fdatasyncSync'
  | 'fsyncSync'
  | 'ftruncateSync'
  | 'fstatSync'
  | 'writeFileSync'
  | 'unlinkSync'
> & {
  readonly writeSync: (fd: number, bytes: Uint8Array, offset: number, length: number) => number;
};

export type Segment = { readonly path: string; readonly firstSeq: number };

/** An append-only file that is open; `bytes` is how much of it is known to be good. */
export type OpenSegment = { readonly fd: number; readonly firstSeq: number; bytes: number };

export function segmentName(dev: string, epoch: number, firstSeq: number): string {
  return `${dev}-${epoch.toString()}-${firstSeq.toString().padStart(10, '0')}.cpj`;
}

export function listSegments(files: JournalFs, dir: string, dev: string, epoch: number): readonly Segment[] {
  const prefix = `${dev}-${epoch.toString()}-`;
  return files
    .readdirSync(dir)
    .filter((name) => name.startsWith(prefix) && /^\d{10}\.cpj$/.test(name.slice(prefix.length)))
    .sort()
    .map((name) => ({
      path: join(dir, name),
      firstSeq: Number(name.slice(prefix.length, prefix.length + 10)),
    }));
}

export function openSegment(
  files: JournalFs,
  dir: string,
  dev: string,
  epoch: number,
  firstSeq: number,
): OpenSegment {
  const path = join(dir, segmentName(dev, epoch, firstSeq));
  const fd = files.openSync(path, constants.O_CREAT | constants.O_RDWR | constants.O_APPEND, 0o600);
  syncDirectory(files, dir);
  return { fd, firstSeq, bytes: files.fstatSync(fd).size };
}

/** A new name in a directory is only there after a power cut if the directory was synced too (POSIX). */
export function syncDirectory(
  files: Pick<JournalFs, 'openSync' | 'fsyncSync' | 'closeSync'>,
  dir: string,
): void {
  // Windows has no directory handles for fsync; its file system journals the entry itself.
  if (process.platform === 'win32') return;
  const fd = files.openSync(dir, constants.O_RDONLY);
  try {
    files.fsyncSync(fd);
  } finally {
    files.closeSync(fd);
  }
}

/**
 * Appends lines, each synced before the next, or leaves the file as it was and throws the system's error. One sync a
 * line and not one a batch: so a power cut can tear the last line only, and whatever is broken before it was changed
 * later and must not be cut away.
 */
export function appendSynced(files: JournalFs, segment: OpenSegment, lines: readonly string[]): void {
  let appended = 0;
  try {
    for (const line of lines) {
      const bytes = Buffer.from(`${line}\n`, 'latin1');
      let written = 0;
      while (written < bytes.length)
        written += files.writeSync(segment.fd, bytes, written, bytes.length - written);
      files.fdatasyncSync(segment.fd);
      appended += bytes.length;
    }
  } catch (error) {
    cutBack(files, segment);
    throw error;
  }
  segment.bytes += appended;
}

function cutBack(files: JournalFs, segment: OpenSegment): void {
  files.ftruncateSync(segment.fd, segment.bytes);
  files.fdatasyncSync(segment.fd);
}

/** The complete lines of a segment, and the bytes after the last LF. */
export function readSegment(
  files: JournalFs,
  path: string,
): { readonly lines: readonly string[]; readonly bytes: Buffer } {
  const bytes = files.readFileSync(path);
  const text = bytes.toString('latin1');
  const end = text.lastIndexOf('\n');
  return { lines: end < 0 ? [] : text.slice(0, end).split('\n'), bytes };
}

/** Moves everything after `keepBytes` into a file of its own beside the journal, then cuts the segment. */
export function setTornTailAside(
  files: JournalFs,
  dir: string,
  segment: Segment,
  keepBytes: number,
  nowMs: number,
): number {
  const all = files.readFileSync(segment.path);
  const torn = all.subarray(keepBytes);
  if (torn.length === 0) return 0;
  files.writeFileSync(join(dir, `torn-${nowMs.toString()}-${segment.firstSeq.toString()}.bin`), torn, {
    flush: true,
  });
  const fd = files.openSync(segment.path, constants.O_RDWR);
  try {
    files.ftruncateSync(fd, keepBytes);
    files.fsyncSync(fd);
  } finally {
    files.closeSync(fd);
  }
  // An empty segment would be taken for the place of lines that are written elsewhere from now on.
  if (keepBytes === 0 && segment.firstSeq > 1) files.unlinkSync(segment.path);
  syncDirectory(files, dir);
  return torn.length;
}
