// A result file comes in, by answer or from a stick: verified, kept, recorded, in that order.
import type { LedgerLine } from '../../bridge/contract.ts';
import type { Crypto } from '../../domain/crypto/crypto.ts';
import type { ResultProblem } from '../../domain/problem.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { decideResult } from '../../domain/settlement/decide-result.ts';
import type { ResultFile } from '../../domain/settlement/result-file.ts';
import type { Terminal } from '../provisioning/terminal.ts';
import type { Recorder } from '../till/recorder.ts';
import type { ResultStore } from './result-store.ts';

export type TakenResult = {
  readonly file: ResultFile;
  /** False for one the journal knew. */
  readonly isNew: boolean;
  readonly lines: readonly LedgerLine[];
};

/** Synchronous: nothing comes between file and record but the end of the program, and the next start goes on there. */
export function takeResult(
  text: string,
  at: {
    readonly recorder: Recorder;
    readonly terminal: Terminal;
    readonly results: ResultStore;
    readonly crypto: Crypto;
  },
): Result<TakenResult, ResultProblem> {
  const { recorder, terminal, results, crypto } = at;
  const { dev, epoch, pack } = terminal;
  const decided = decideResult(recorder.state, text, { dev, epoch, trust: pack.trust, crypto });
  if (!decided.ok) return decided;
  const { file, hash, draft } = decided.value;
  if (!results.has(hash) && !results.keep(text, hash, file)) return fail({ kind: 'result-not-kept' });
  const recorded = recorder.record(draft === null ? [] : [draft]);
  if (!recorded.ok) return fail({ kind: 'result-not-kept' });
  return ok({ file, isNew: draft !== null, lines: recorded.value });
}
