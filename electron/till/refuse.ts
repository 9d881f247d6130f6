import type { LedgerLine, Refusal } from '../../bridge/contract.ts';
import type { Problem } from '../../domain/problem.ts';
import { fail, type Result } from '../../domain/result.ts';

/** The answer to an intent that is not carried out; `lines` where the attempt itself was recorded. */
export function refuse(problem: Problem, lines: readonly LedgerLine[] = []): Result<never, Refusal> {
  return fail({ problem, lines });
}
