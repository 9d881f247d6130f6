import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { RESULT_FILES } from '../../../domain/limits.ts';
import { resultHash } from '../../../domain/settlement/decide-result.ts';
import type { ResultFile } from '../../../domain/settlement/result-file.ts';
import { applyEvent, createTillState } from '../../../domain/till/till-state.ts';
import { nextTask } from '../../../electron/uplink/next-task.ts';
import { createScene, flyOrdinaryFlight } from '../../domain/settlement/journal-scene.ts';
import { crypto } from '../../support/keys.ts';
import { openMainTill, startFresh, type MainTill } from '../../support/main-till.ts';
import { openStubGround } from '../../support/stub-ground.ts';
import { beginJournal, QUICK_PACE, resultsIn } from './sealed-flight.ts';

const DAY_MS = 86_400_000;

type Kept = { readonly till: MainTill; readonly names: () => readonly string[] };

/** A till whose journal speaks of one result, which lies on the disk. */
async function withResult(ageMs: number, change: Partial<ResultFile> = {}): Promise<Kept> {
  const till = await openMainTill({ uplinkPace: QUICK_PACE });
  const ground = await openStubGround(till.dir);
  onTestFinished(ground.close);
  const batchId = 'd'.repeat(26);
  const at = till.clock.nowMs - ageMs;
  const text = ground.sign(ground.resultOf(batchId, { ackSeq: 1, at, ...change }));
  const { ackSeq } = { ackSeq: 1, ...change };
  await beginJournal(till, [
    { ty: 'EXPORT', b: { batchId, from: 1, to: 1, sink: 'outbox' } },
    { ty: 'RESULT', b: { batchId, ackSeq, hash: resultHash(text, crypto) } },
  ]);
  const dir = join(till.dir, 'till', 'results');
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'one.cpr'), text);
  return { till, names: () => (existsSync(dir) ? readdirSync(dir) : []) };
}

describe('a result file on the terminal', () => {
  it('is gone after 90 days when it has nothing more to say, and the journal still speaks of it', async () => {
    const { till, names } = await withResult(RESULT_FILES.keepMs + DAY_MS);
    await startFresh(till);
    expect(names()).toEqual([]);
    expect(resultsIn(till)).toBe(1);
    const again = await till.reopen({ uplinkPace: QUICK_PACE });
    const { settlement } = await startFresh(again);
    expect(settlement.batches).toMatchObject([{ status: 'acknowledged' }]);
    expect(resultsIn(again)).toBe(1);
  });

  it.each<[string, number, Partial<ResultFile>]>([
    ['it is younger', RESULT_FILES.keepMs - DAY_MS, {}],
    ['ground does not hold the batch', RESULT_FILES.keepMs + DAY_MS, { ackSeq: 0 }],
    [
      'a bill in it is not final',
      RESULT_FILES.keepMs + DAY_MS,
      { bills: [{ bill: 'T-0001.1.7', status: 'FAILED', amt: 800, ref: '', code: 'NO_BALANCE' }] },
    ],
  ])('stays while %s', async (_what, ageMs, change) => {
    const { till, names } = await withResult(ageMs, change);
    await startFresh(till);
    expect(names()).toEqual(['one.cpr']);
  });

  it('does not grow old by a clock that is set ahead: the till does not start', async () => {
    const { till, names } = await withResult(DAY_MS);
    till.clock.setByMs = 200 * DAY_MS;
    expect(await till.call.start({ ledger: null })).toMatchObject({ kind: 'blocked' });
    expect(names()).toEqual(['one.cpr']);
  });
});

it('ground is not asked for ever about a bill whose result was removed', () => {
  const journal = flyOrdinaryFlight(createScene());
  const to = journal.lines.length;
  journal.add('EXPORT', { batchId: 'a'.repeat(26), from: 1, to, sink: 'outbox' });
  journal.add('RESULT', { batchId: 'a'.repeat(26), ackSeq: to, hash: 'removed' });
  const state = createTillState();
  for (const event of journal.events()) applyEvent(state, event);
  const taskAt = (nowMs: number): unknown => nextTask({ state, results: new Map(), nowMs }, () => null);
  expect(taskAt(state.lastEventMs)).toEqual({ kind: 'poll', afterMs: 0 });
  expect(taskAt(state.lastEventMs + RESULT_FILES.keepMs + 1)).toBeNull();
});
