import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RESULT_FILES } from '../../../domain/limits.ts';
import { prunableResults } from '../../../domain/settlement/prunable-results.ts';
import { BILL_STATUSES, type ResultFile } from '../../../domain/settlement/result-file.ts';
import { isSettled, settlementView } from '../../../domain/settlement/settlement-view.ts';
import { applyEvent, createTillState, type TillState } from '../../../domain/till/till-state.ts';
import { DEMO_TERMINAL } from '../../../ground/demo/demo-keys.ts';
import { createScene, flyOrdinaryFlight } from './journal-scene.ts';

const scene = createScene();
const { dev, epoch } = DEMO_TERMINAL;
const BATCH = 'a'.repeat(26);
const NOW_MS = Date.parse('2027-06-01T00:00:00Z');
const OLD_MS = NOW_MS - RESULT_FILES.keepMs - 1;
const NOWHERE: ReadonlySet<string> = new Set();

/** A sealed flight of which ground holds everything, or only the first lines. */
function flown(ackSeq?: number): TillState {
  const journal = flyOrdinaryFlight(scene);
  const to = journal.lines.length;
  journal.add('EXPORT', { batchId: BATCH, from: 1, to, sink: 'outbox' });
  journal.add('RESULT', { batchId: BATCH, ackSeq: ackSeq ?? to, hash: 'h' });
  const state = createTillState();
  for (const event of journal.events()) applyEvent(state, event);
  return state;
}

const state = flown();
const [first = '', second = ''] = [...state.bills.keys()];

function file(change: Partial<ResultFile> = {}): ResultFile {
  return {
    ...{ v: 1, batchId: BATCH, dev, ep: epoch, status: 'ACCEPTED', ackSeq: state.ackSeq, resendFrom: null },
    ...{ at: OLD_MS, bills: [paid(first), paid(second)], deny: { version: 0, add: [] }, trustVersion: 1 },
    ...change,
  };
}

function outcome(bill: string, status: ResultFile['bills'][number]['status']): ResultFile['bills'][number] {
  return { bill, status, amt: 4000, ref: '', code: '' };
}

function paid(bill: string): ResultFile['bills'][number] {
  return outcome(bill, 'CHARGED');
}

function pruned(files: readonly ResultFile[], of = state, packDenyVersion = 1): readonly string[] {
  const results = new Map(files.map((one, i) => [i.toString(), one]));
  return [...prunableResults(of, results, { nowMs: NOW_MS, packDenyVersion })];
}

describe('a result file is of no use any more', () => {
  it('after 90 days, with every bill in it final and its batch held by ground', () => {
    expect(pruned([file()])).toEqual(['0']);
    expect(pruned([file({ bills: [] })])).toEqual(['0']);
  });

  it.each<[string, Partial<ResultFile>]>([
    ['is younger', { at: OLD_MS + 1 }],
    ['names a bill that is being collected', { bills: [paid(first), outcome(second, 'PENDING')] }],
    ['names a bill whose passenger must act', { bills: [paid(first), outcome(second, 'FAILED')] }],
    ['names a bill a person looks into', { bills: [outcome(first, 'MANUAL')] }],
    ['names a bill this journal does not have', { bills: [paid(first), paid('T-0001.1.9999')] }],
    ['is of a batch this journal does not have', { batchId: 'b'.repeat(26) }],
    ['denies somebody the pack’s list does not have yet', { deny: { version: 2, add: ['ab'.repeat(8)] } }],
  ])('but not while it %s', (_what, change) => {
    expect(pruned([file(change)])).toEqual([]);
  });

  it('but never before ground holds the batch', () => {
    expect(pruned([file()], flown(3))).toEqual([]);
  });

  it('but not while a file that must stay names one of its bills', () => {
    const young = file({ at: OLD_MS + 1, bills: [outcome(first, 'PENDING')] });
    const between = file({ bills: [paid(first), paid(second)] });
    expect(pruned([young, between, file({ bills: [paid(second)] })])).toEqual([]);
    expect(pruned([young, file({ bills: [paid(second)] })])).toEqual(['1']);
  });
});

it('without the files that are of no use only settled bills are spoken of less', () => {
  const bills = fc.uniqueArray(
    fc.record({ bill: fc.constantFrom(first, second), status: fc.constantFrom(...BILL_STATUSES) }),
    { selector: ({ bill }) => bill, maxLength: 2 },
  );
  const files = fc.array(fc.record({ at: fc.integer({ min: OLD_MS - 3, max: OLD_MS + 3 }), bills }), {
    maxLength: 6,
  });
  fc.assert(
    fc.property(files, (some) => {
      const all = new Map(
        some.map(({ at, bills: of }, i) => [
          i.toString(),
          file({ at, bills: of.map(({ bill, status }) => outcome(bill, status)) }),
        ]),
      );
      const gone = prunableResults(state, all, { nowMs: NOW_MS, packDenyVersion: 1 });
      const left = new Map([...all].filter(([hash]) => !gone.has(hash)));
      const before = settlementView(state, all, NOWHERE);
      const after = settlementView(state, left, NOWHERE);
      expect(after.unsent).toEqual(before.unsent);
      expect(after.batches.map(({ status }) => status)).toEqual(before.batches.map(({ status }) => status));
      for (const [bill, was] of Object.entries(before.bills)) {
        const is = after.bills[bill];
        const isSame = JSON.stringify(is) === JSON.stringify(was);
        expect(isSame || (isSettled(was) && is?.status === 'acknowledged')).toBe(true);
      }
      // Done once, there is nothing left to do.
      expect(prunableResults(state, left, { nowMs: NOW_MS, packDenyVersion: 1 }).size).toBe(0);
    }),
  );
});
