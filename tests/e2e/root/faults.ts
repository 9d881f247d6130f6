import { readFileSync } from 'node:fs';
import type { EventType } from '../../../domain/journal/event.ts';

/** `tree`: every process of the app, the window's first and main last. */
export type Victim = 'main' | 'renderer' | 'tree';

/** Points of one record: half the line written; all of it written but not synced; synced, nobody answered. */
export type RecordPoint = 'mid-write' | 'before-sync' | 'after-record';

/** SIGKILL at an exact point of the next record that holds an event of that type; each wish strikes once. */
export type PreciseKill = {
  readonly victim: Victim;
  readonly at: RecordPoint;
  readonly ty: EventType;
};

/** Faults a test can switch on while the till runs, by writing `faults.json` into its data folder. */
export type Faults = {
  /** SIGKILL right after the n-th record of this run: journal synced, renderer not answered. */
  readonly killAfterRecord: number | null;
  readonly kill: PreciseKill | null;
  /** The error code every write to the journal fails with. */
  readonly journalError: string | null;
  /** The error code every sync of the journal fails with. */
  readonly syncError: string | null;
  /** What the till's wall clock shows beside the real one; the monotonic clock stays right. */
  readonly clockOffsetMs: number;
  /** For how long nobody has touched the terminal; the truth if null. */
  readonly untouchedMs: number | null;
  /** Which network the machine seems to be on; the truth if null. */
  readonly networkSign: string | null;
};

export const NO_FAULTS: Faults = {
  killAfterRecord: null,
  kill: null,
  journalError: null,
  syncError: null,
  clockOffsetMs: 0,
  untouchedMs: null,
  networkSign: null,
};

export function readFaults(path: string): Faults {
  try {
    return { ...NO_FAULTS, ...(JSON.parse(readFileSync(path, 'utf8')) as Partial<Faults>) };
  } catch {
    return NO_FAULTS;
  }
}
