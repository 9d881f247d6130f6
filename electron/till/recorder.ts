// Journal and state move together: an event exists once the journal has synced it, and the state is its replay.
import type { LedgerLine } from '../../bridge/contract.ts';
import type { JournalEvent } from '../../domain/journal/event.ts';
import type { TerminalProblem } from '../../domain/problem.ts';
import { ok, type Result } from '../../domain/result.ts';
import {
  applyEvent,
  createTillState,
  type EventDraft,
  type TillState,
} from '../../domain/till/till-state.ts';
import type { Journal, Stamp } from '../journal/journal.ts';

export type Recorder = {
  readonly state: TillState;
  /** Every event of the journal so far, oldest first; grows with each record. */
  readonly events: readonly JournalEvent[];
  readonly journal: Journal;
  readonly record: (drafts: readonly EventDraft[]) => Result<readonly LedgerLine[], TerminalProblem>;
  readonly adopt: Journal['adopt'];
};

/** @param past what the journal holds already */
export function createRecorder(
  journal: Journal,
  past: readonly JournalEvent[],
  stamp: () => Stamp,
  afterRecord: () => void,
): Recorder {
  const state = createTillState();
  const events: JournalEvent[] = [];
  const take = (event: JournalEvent): void => {
    applyEvent(state, event);
    events.push(event);
  };
  past.forEach(take);
  return {
    state,
    events,
    journal,
    record: (drafts) => {
      if (drafts.length === 0) return ok([]);
      const recorded = journal.record(drafts, stamp());
      if (!recorded.ok) return recorded;
      for (const { event } of recorded.value) take(event);
      afterRecord();
      return ok(recorded.value.map(({ seq, line }) => ({ seq, line })));
    },
    adopt: (lines) => {
      const adopted = journal.adopt(lines);
      if (adopted.ok) for (const { event } of adopted.value) take(event);
      return adopted;
    },
  };
}

/** Verbatim lines with their numbers, as the ledger keeps them. */
export function numberedLines(lines: readonly string[], from: number): readonly LedgerLine[] {
  return lines.map((line, i) => ({ seq: from + i, line }));
}
