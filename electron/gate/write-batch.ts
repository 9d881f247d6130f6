import * as fs from 'node:fs';
import { join } from 'node:path';
import { syncDirectory } from '../journal/journal-files.ts';
import { fail, ok, type Result } from '../../domain/result.ts';

export type WriteFault = 'disk-full' | 'read-only' | 'not-readable-back' | 'other';

/**
 * Puts a sealed batch into a folder: `*.part`, fsync, rename, fsync of the folder, then read back and compared
 * (settlement.md 6.1). An existing batch of the same name is the same content under another encryption and is replaced
 * whole; a copy cut short never carries the final name.
 */
export function writeBatch(
  dir: string,
  name: string,
  bytes: Uint8Array,
): Result<{ path: string }, WriteFault> {
  const path = join(dir, name);
  const part = `${path}.part`;
  try {
    fs.mkdirSync(dir, { recursive: true });
    fs.rmSync(part, { force: true });
    const fd = fs.openSync(part, 'wx', 0o600);
    try {
      fs.writeFileSync(fd, bytes);
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
    fs.renameSync(part, path);
    syncDirectory(fs, dir);
    return fs.readFileSync(path).equals(bytes) ? ok({ path }) : fail('not-readable-back');
  } catch (error) {
    return fail(describeFault(error));
  }
}

function describeFault(error: unknown): WriteFault {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'disk-full';
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') return 'read-only';
  return 'other';
}
