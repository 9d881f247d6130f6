import type { Pushes } from '../../bridge/contract.ts';
import type { Crypto } from '../../domain/crypto/crypto.ts';
import type { StartProblem } from '../../domain/problem.ts';
import type { Result } from '../../domain/result.ts';
import type { JournalFs } from '../journal/journal-files.ts';
import type { UplinkPace } from '../uplink/back-off.ts';
import type { Terminal } from '../provisioning/terminal.ts';

export type Clock = { readonly nowMs: () => number; readonly monotonicMs: () => number };

export type Log = (what: string, detail?: Readonly<Record<string, string | number | boolean>>) => void;

/** The parts of the terminal the till works with; `compose` makes the real ones. */
export type TillPorts = {
  readonly dataDir: string;
  readonly appVersion: string;
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly files: JournalFs;
  readonly boot: string;
  readonly readTerminal: () => Promise<Result<Terminal, StartProblem>>;
  readonly mountRoots: readonly string[];
  readonly uplinkPace: UplinkPace;
  /** A text that differs between the networks this machine comes onto; empty without one. */
  readonly networkSign: () => string;
  /** For how long nobody has touched the terminal, in ms. */
  readonly untouchedMs: () => number;
  readonly freeBytes: (dir: string) => number;
  readonly push: <Name extends keyof Pushes>(name: Name, value: Pushes[Name]) => void;
  readonly log: Log;
  /**
   * Called between the journal's sync and the answer to the renderer. Nothing in the product; the fault campaign
   * kills the process here.
   */
  readonly afterRecord: () => void;
};
