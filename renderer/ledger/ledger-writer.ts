import type { LedgerLine } from '../../bridge/contract.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { applyLines } from './apply-lines.ts';
import type { Ledger } from './open-ledger.ts';

/** `conflict`: journal and ledger disagree at a number. `not-written`: IndexedDB or the way to main failed. */
export type LedgerFault =
  { readonly kind: 'conflict'; readonly seq: number } | { readonly kind: 'not-written' };

export type LedgerWriter = {
  /** Resolves when the lines, and any that were missing before them, are on the disk. */
  readonly apply: (lines: readonly LedgerLine[]) => Promise<Result<null, LedgerFault>>;
};

type WriterParts = {
  readonly ledger: Ledger;
  /** Lines of the journal from a number on; null when main cannot say. */
  readonly fetchLines: (from: number) => Promise<readonly LedgerLine[] | null>;
};

/** Answers and pushes arrive side by side; the writer puts them in a row, so no two transactions race for the head. */
export function createLedgerWriter({ ledger, fetchLines }: WriterParts): LedgerWriter {
  let tail: Promise<unknown> = Promise.resolve();

  async function write(lines: readonly LedgerLine[]): Promise<Result<null, LedgerFault>> {
    try {
      return await fillAndApply(lines);
    } catch (error) {
      console.error('the ledger could not be written', error);
      return fail({ kind: 'not-written' });
    }
  }

  async function fillAndApply(lines: readonly LedgerLine[]): Promise<Result<null, LedgerFault>> {
    let wanted = lines;
    let lastGap = 0;
    for (;;) {
      const outcome = await applyLines(ledger, wanted);
      if (outcome.kind === 'applied') return ok(null);
      if (outcome.kind === 'conflict') return fail(outcome);
      const missing = outcome.from === lastGap ? null : await fetchLines(outcome.from);
      if (missing === null) return fail({ kind: 'not-written' });
      lastGap = outcome.from;
      wanted = joinLines(missing, wanted);
    }
  }

  return {
    apply: (lines) => {
      if (lines.length === 0) return Promise.resolve(ok(null));
      const done = tail.then(() => write(lines));
      tail = done;
      return done;
    },
  };
}

function joinLines(fetched: readonly LedgerLine[], wanted: readonly LedgerLine[]): readonly LedgerLine[] {
  const known = new Set(fetched.map((line) => line.seq));
  return [...fetched, ...wanted.filter((line) => !known.has(line.seq))];
}
