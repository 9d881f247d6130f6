import { readFileSync } from 'node:fs';

/** Faults a test can switch on while the till runs, by writing `faults.json` into its data folder. */
export type Faults = {
  /** SIGKILL right after the n-th record of this run: journal synced, renderer not answered. */
  readonly killAfterRecord: number | null;
  /** The error code every write to the journal fails with. */
  readonly journalError: string | null;
  readonly clockOffsetMs: number;
};

export const NO_FAULTS: Faults = { killAfterRecord: null, journalError: null, clockOffsetMs: 0 };

export function readFaults(path: string): Faults {
  try {
    return { ...NO_FAULTS, ...(JSON.parse(readFileSync(path, 'utf8')) as Partial<Faults>) };
  } catch {
    return NO_FAULTS;
  }
}
