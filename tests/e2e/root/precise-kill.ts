// Kills processes of the running till at exact points of a record (journal.md 5.2, between its steps).
import { app, webContents } from 'electron';
import * as fs from 'node:fs';
import type { JournalFs } from '../../../electron/journal/journal-files.ts';
import { readLine } from '../../../domain/journal/line.ts';
import type { PreciseKill, RecordPoint, Victim } from './faults.ts';

export type Killer = {
  /** The journal's file system, with death in it. */
  readonly files: JournalFs;
  readonly afterRecord: () => void;
};

export function createKiller(wanted: () => PreciseKill | null): Killer {
  let struck: string | null = null;
  let isLineWanted = false;
  let isRecordWanted = false;

  const isDue = (at: RecordPoint): boolean => {
    const wish = wanted();
    return wish?.at === at && JSON.stringify(wish) !== struck;
  };
  const strike = (): void => {
    const wish = wanted();
    struck = JSON.stringify(wish);
    kill(wish?.victim ?? 'main');
  };

  return {
    files: {
      ...fs,
      writeSync: (fd: number, bytes: Uint8Array, offset: number, length: number) => {
        const ty = readLine(Buffer.from(bytes).toString('latin1').trimEnd())?.ty;
        isLineWanted = ty !== undefined && ty === wanted()?.ty;
        isRecordWanted ||= isLineWanted;
        if (isLineWanted && isDue('mid-write')) {
          fs.writeSync(fd, bytes, offset, Math.floor(length / 2));
          strike();
        }
        return fs.writeSync(fd, bytes, offset, length);
      },
      fdatasyncSync: (fd: number) => {
        if (isLineWanted && isDue('before-sync')) strike();
        fs.fdatasyncSync(fd);
      },
    },
    afterRecord: () => {
      if (isRecordWanted && isDue('after-record')) strike();
      isRecordWanted = false;
    },
  };
}

function kill(victim: Victim): void {
  const windows = webContents.getAllWebContents().map((contents) => contents.getOSProcessId());
  if (victim === 'tree') for (const { pid } of app.getAppMetrics()) if (pid !== process.pid) end(pid);
  if (victim === 'renderer') for (const pid of windows) end(pid);
  else end(process.pid);
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}
