// Journal and state move together: an event exists once the journal has synced it, and the state is its replay.
import type { LedgerLine } from '../../bridge/contract.ts';
import type { TerminalProblem } from '../../domain/problem.ts';
import { ok, type Result } from '../../domain/result.ts';
import { applyEvent, type EventDraft, type TillState } from '../../domain/till/till-state.ts';
import type { Journal, Recorded, Stamp } from '../journal/journal.ts';

export type Recorder = {
  readonly state: TillState;
  readonly journal: Journal;
  readonly record: (drafts: readonly EventDraft[]) => Result<readonly LedgerLine[], TerminalProblem>;
  readonly adopt: Journal['adopt'];
};

export function createRecorder(
  journal: Journal,
  state: TillState,
  stamp: () => Stamp,
  afterRecord: () => void,
): Recorder {
  const take = (recorded: readonly Recorded[]): void => {
    for (const { event } of recorded) applyEvent(state, event);
  };
  return {
    state,
    journal,
    record: (drafts) => {
      if (drafts.length === 0) return ok([]);
      const recorded = journal.record(drafts, stamp());
      if (!recorded.ok) return recorded;
      take(recorded.value);
      afterRecord();
      return ok(recorded.value.map(({ seq, line }) => ({ seq, line })));
    },
    adopt: (lines) => {
      const adopted = journal.adopt(lines);
      if (adopted.ok) take(adopted.value);
      return adopted;
    },
  };
}

/** Verbatim lines with their numbers, as the ledger keeps them. */
export function numberedLines(lines: readonly string[], from: number): readonly LedgerLine[] {
  return lines.map((line, i) => ({ seq: from + i, line }));
}
