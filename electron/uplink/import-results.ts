// Result files from a stick, encrypted to this terminal or bare: those of other terminals on it are passed over, and one
// bad file stops no other.
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImportAnswer, LedgerLine } from '../../bridge/contract.ts';
import { RESULT_FILES } from '../../domain/limits.ts';
import type { Problem, ResultProblem } from '../../domain/problem.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import type { SealedResultFault } from '../../domain/settlement/sealed-result.ts';
import type { TakenResult } from './take-result.ts';

export type Imported = Omit<ImportAnswer, 'settlement'>;

export type ResultTaking = {
  /** The terminal's key store opens what was encrypted to it; the key stays there. */
  readonly openSealed: (text: string) => Promise<Result<string, SealedResultFault>>;
  readonly take: (text: string) => Result<TakenResult, ResultProblem>;
};

/** Fails where the folder holds nothing for this terminal, and with the reason where nothing of it could be taken. */
export async function importResults(dir: string, taking: ResultTaking): Promise<Result<Imported, Problem>> {
  const lines: LedgerLine[] = [];
  const refused: { readonly fileName: string; readonly problem: Problem }[] = [];
  let taken = 0;
  let known = 0;
  let foreign = 0;
  for (const fileName of await listResults(dir)) {
    const text = await readWhole(join(dir, fileName));
    const result = await openAndTake(text, taking);
    if (result.ok) {
      lines.push(...result.value.lines);
      if (result.value.isNew) taken += 1;
      else known += 1;
    } else if (result.error.kind === 'result-not-ours') foreign += 1;
    else refused.push({ fileName, problem: result.error });
  }
  if (taken + known > 0) return ok({ taken, known, refused, lines });
  const [first] = refused;
  if (first !== undefined) return fail(first.problem);
  return fail({ kind: foreign > 0 ? 'result-not-ours' : 'results-not-found' });
}

async function openAndTake(
  text: string | null,
  { openSealed, take }: ResultTaking,
): Promise<Result<TakenResult, ResultProblem>> {
  if (text === null) return fail({ kind: 'result-unreadable' });
  const { isSealedResult } = await import('../../domain/settlement/sealed-result.ts');
  if (!isSealedResult(text)) return take(text);
  const opened = await openSealed(text);
  if (opened.ok) return take(opened.value);
  return fail({ kind: opened.error === 'foreign' ? 'result-not-ours' : 'result-unreadable' });
}

async function listResults(dir: string): Promise<readonly string[]> {
  const names = await readdir(dir).catch(() => []);
  return names
    .filter((name) => name.toLowerCase().endsWith('.cpr') && !name.startsWith('.'))
    .toSorted()
    .slice(0, RESULT_FILES.maxFiles);
}

/** Null for anything that is no plain file of a sensible size. */
async function readWhole(path: string): Promise<string | null> {
  try {
    const { size } = await lstat(path).then((found) => (found.isFile() ? found : { size: Infinity }));
    return size > RESULT_FILES.maxBytes ? null : await readFile(path, 'utf8');
  } catch {
    return null;
  }
}
