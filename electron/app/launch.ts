// What the command line may say. A packaged till takes no demo folder: its roots are pinned.
import { accessSync, constants, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

export type Launch = {
  /** Folder of a demo world, or null for a provisioned terminal. */
  readonly demoDir: string | null;
  /** Journal, settings, ledger and logs. */
  readonly dataDir: string;
  readonly isDataDirWritable: boolean;
  readonly size: { readonly width: number; readonly height: number };
};

const LANDSCAPE = { width: 1280, height: 800 } as const;

export function readLaunch(argv: readonly string[], isPackaged: boolean, userData: string): Launch {
  const demo = isPackaged ? null : readFlag(argv, 'demo');
  const demoDir = demo === null ? null : resolve(demo);
  // A demo has a profile of its own, so that it can never meet live data.
  const dataDir = demoDir === null ? userData : join(demoDir, 'till');
  return {
    demoDir,
    dataDir,
    isDataDirWritable: makeWritable(dataDir),
    size: readSize(readFlag(argv, 'size')),
  };
}

/** Makes the folder where there is none; a full disk counts as writable, it is only full. */
function makeWritable(dir: string): boolean {
  try {
    mkdirSync(dir, { recursive: true });
    accessSync(dir, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function readFlag(argv: readonly string[], name: string): string | null {
  const prefix = `--${name}=`;
  const found = argv.find((argument) => argument.startsWith(prefix));
  return found === undefined ? null : found.slice(prefix.length);
}

/** `1280x800`; anything else is landscape. */
function readSize(text: string | null): Launch['size'] {
  const match = /^(\d{3,4})x(\d{3,4})$/.exec(text ?? '');
  return match === null ? LANDSCAPE : { width: Number(match[1]), height: Number(match[2]) };
}
