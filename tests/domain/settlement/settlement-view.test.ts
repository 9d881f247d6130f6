import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BILL_STATUSES, type ResultFile } from '../../../domain/settlement/result-file.ts';
import {
  isSettled,
  settlementView,
  type SettlementView,
  type TakenResults,
} from '../../../domain/settlement/settlement-view.ts';
import { applyEvent, createTillState, type TillState } from '../../../domain/till/till-state.ts';
import { DEMO_TERMINAL } from '../../../ground/demo/demo-keys.ts';
import { createScene, flyOrdinaryFlight, type SceneJournal } from './journal-scene.ts';

const scene = createScene();
const { dev, epoch } = DEMO_TERMINAL;
const BATCH = 'a'.repeat(26);
const NOWHERE: ReadonlySet<string> = new Set();

function stateAfter(journal: SceneJournal): TillState {
  const state = createTillState();
  for (const event of journal.events()) applyEvent(state, event);
  return state;
}

function sealedFlight(sink = 'outbox'): { journal: SceneJournal; to: number; bills: readonly string[] } {
  const journal = flyOrdinaryFlight(scene);
  const to = journal.lines.length;
  journal.add('EXPORT', { batchId: BATCH, from: 1, to, sink });
  return { journal, to, bills: [...stateAfter(journal).bills.keys()] };
}

function result(change: Partial<ResultFile> = {}): ResultFile {
  return {
    ...{ v: 1, batchId: BATCH, dev, ep: epoch, status: 'ACCEPTED', ackSeq: 0, resendFrom: null, at: 1 },
    ...{ bills: [], deny: { version: 0, add: [] }, trustVersion: 1 },
    ...change,
  };
}

/** The view once these results have been taken, in this order. */
function viewAfter(results: readonly ResultFile[], arrived = NOWHERE): SettlementView {
  const { journal } = sealedFlight();
  const taken = new Map<string, ResultFile>();
  for (const one of results) {
    const hash = JSON.stringify(one);
    if (!taken.has(hash)) journal.add('RESULT', { batchId: one.batchId, ackSeq: one.ackSeq, hash: 'h' });
    taken.set(hash, one);
  }
  return settlementView(stateAfter(journal), taken, arrived);
}

describe('where a bill stands', () => {
  it('is open until its flight is sealed, and its amount is unsent', () => {
    const journal = flyOrdinaryFlight(scene);
    const view = settlementView(stateAfter(journal), new Map(), NOWHERE);
    expect(Object.values(view.bills).map(({ status }) => status)).toEqual(['open', 'open']);
    expect(view.unsent).toEqual({ count: 2, minor: 4750 + 3800 });
    expect(view.batches).toEqual([]);
  });

  it('is sealed while the batch is here, and sent once it was given away or has arrived', () => {
    const { journal } = sealedFlight();
    const state = stateAfter(journal);
    const statuses = (view: SettlementView): Set<string> =>
      new Set(Object.values(view.bills).map(({ status }) => status));
    expect(statuses(settlementView(state, new Map(), NOWHERE))).toEqual(new Set(['sealed']));
    expect(statuses(settlementView(state, new Map(), new Set([BATCH])))).toEqual(new Set(['sent']));
    const onStick = stateAfter(sealedFlight('volume-0123456789ab').journal);
    const view = settlementView(onStick, new Map(), NOWHERE);
    expect(statuses(view)).toEqual(new Set(['sent']));
    expect(view.unsent.count).toBe(2);
  });

  it('is acknowledged when ground holds every line of it, also where the result file was lost', () => {
    const { journal, to } = sealedFlight();
    journal.add('RESULT', { batchId: BATCH, ackSeq: to, hash: 'lost' });
    const view = settlementView(stateAfter(journal), new Map(), NOWHERE);
    expect(view.batches).toMatchObject([{ status: 'acknowledged', answeredAtMs: null }]);
    expect(Object.values(view.bills).every(({ status }) => status === 'acknowledged')).toBe(true);
    expect(view.unsent).toEqual({ count: 0, minor: 0 });
  });

  it('of an earlier flight is not unsent again because another one is open', () => {
    const { journal, to } = sealedFlight();
    journal.add('RESULT', { batchId: BATCH, ackSeq: to, hash: 'h' });
    journal.add('DUTY_ON', { role: 'purser' });
    expect(settlementView(stateAfter(journal), new Map(), NOWHERE).unsent.count).toBe(0);
  });

  it.each([
    ['PENDING', 'collecting'],
    ['CHARGED', 'paid'],
    ['LOWERED', 'lowered'],
    ['FAILED', 'must-act'],
    ['EXCESS', 'with-ground'],
    ['MANUAL', 'with-ground'],
  ] as const)('is what ground says: %s is %s', (status, expected) => {
    const [bill = ''] = sealedFlight().bills;
    const outcome = { bill, status, amt: 4000, ref: '4200', code: status === 'FAILED' ? 'NO_BALANCE' : '' };
    const view = viewAfter([result({ ackSeq: 20, bills: [outcome] })]);
    expect(view.bills[bill]).toEqual({
      status: expected,
      amountMinor: 4000,
      currency: 'CNY',
      code: outcome.code,
    });
  });

  it('is settled when it is paid, or when there is nothing to pay', () => {
    const settlement = { amountMinor: 100, currency: 'CNY', code: '' };
    expect(isSettled({ ...settlement, status: 'paid' })).toBe(true);
    expect(isSettled({ ...settlement, status: 'lowered' })).toBe(false);
    expect(isSettled({ ...settlement, status: 'acknowledged', amountMinor: 0 })).toBe(true);
    expect(isSettled({ ...settlement, status: 'sealed', amountMinor: 0 })).toBe(false);
  });
});

describe('results', () => {
  const { bills, to } = sealedFlight();
  const outcome = fc.record({
    bill: fc.constantFrom(...bills),
    status: fc.constantFrom(...BILL_STATUSES),
    amt: fc.integer({ min: 0, max: 5000 }),
    ref: fc.constant(''),
    code: fc.constantFrom('', 'NO_BALANCE'),
  });
  const file = fc
    .record({
      at: fc.integer({ min: 1, max: 4 }),
      ackSeq: fc.integer({ min: 0, max: to }),
      bills: fc.array(outcome, { maxLength: 3 }),
    })
    .map(result);

  it('in any order and any number of times give the same state', () => {
    fc.assert(
      fc.property(
        fc
          .array(file, { minLength: 1, maxLength: 6 })
          .chain((files) =>
            fc.tuple(
              fc.constant(files),
              fc.shuffledSubarray([...files, ...files], { minLength: files.length * 2 }),
            ),
          ),
        ([once, again]) => {
          expect(viewAfter(again)).toEqual(viewAfter(once));
        },
      ),
    );
  });

  it('only ever move a bill forward', () => {
    const rank = ['acknowledged', 'collecting', 'with-ground', 'must-act', 'lowered', 'paid'];
    fc.assert(
      fc.property(fc.array(file, { minLength: 2, maxLength: 6 }), (files) => {
        const steps = files.map((_, i) => viewAfter([result({ ackSeq: to }), ...files.slice(0, i + 1)]));
        for (const bill of bills) {
          const ranks = steps.map((view) => rank.indexOf(view.bills[bill]?.status ?? ''));
          expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
        }
      }),
    );
  });

  it('of equal rank are told apart by their time, and the newest amount counts', () => {
    const [bill = ''] = bills;
    const said = (at: number, amt: number): ResultFile =>
      result({ at, ackSeq: to, bills: [{ bill, status: 'LOWERED', amt, ref: '', code: '' }] });
    expect(viewAfter([said(2, 4000), said(1, 4500)]).bills[bill]?.amountMinor).toBe(4000);
  });

  it('about bills this terminal never had change nothing', () => {
    const stranger = { bill: 'T-0099.1.7', status: 'CHARGED' as const, amt: 1, ref: '', code: '' };
    const taken: TakenResults = new Map([['h', result({ bills: [stranger] })]]);
    const view = settlementView(stateAfter(sealedFlight().journal), taken, NOWHERE);
    expect(Object.keys(view.bills)).toEqual(bills);
  });
});
