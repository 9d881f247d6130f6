import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { billOf } from '../../../domain/bill/bill.ts';
import { makeServerCertificate } from '../../../ground/server/authority.ts';
import { newSigner } from '../../support/keys.ts';
import type { StubFault, StubGround } from '../../support/stub-ground.ts';
import { startFresh } from '../../support/main-till.ts';
import {
  openFlownTill,
  QUICK_PACE,
  resultsIn,
  sealFlight,
  settlementOf,
  untilTold,
} from './sealed-flight.ts';

const PATIENCE = { timeout: 30_000, interval: 10 };

/** Ground says once that lines are missing from there on. */
function gapFrom(ground: StubGround, resendFrom: number): StubFault {
  const text = (id: string): string =>
    ground.sign(ground.resultOf(id, { status: 'GAP', ackSeq: 0, resendFrom }));
  return { method: 'PUT', kind: 'result', text, status: 409 };
}

describe('a sealed batch', () => {
  it('goes to ground by itself, is acknowledged, and is paid when ground says so', async () => {
    const { till, ground } = await openFlownTill();
    const { batchId, bill } = await sealFlight(till);
    const collecting = await untilTold(till, ({ bills }) => bills[bill]?.status === 'collecting');
    expect(collecting.batches).toMatchObject([{ batchId, status: 'acknowledged' }]);
    expect(collecting.unsent).toEqual({ count: 0, minor: 0 });
    ground.settle('CHARGED');
    const paid = await untilTold(till, ({ ground: at }) => at.kind === 'up-to-date');
    expect(paid.bills[bill]?.status).toBe('paid');
    expect(ground.accepted).toEqual([batchId]);
    expect(resultsIn(till)).toBe(2);
  });

  it('is known as unsent before, with count and amount, and after a restart without a network', async () => {
    const { till, ground } = await openFlownTill();
    await ground.close();
    const { bill } = await sealFlight(till);
    const before = await untilTold(till, ({ ground: at }) => at.kind === 'unreachable');
    expect(before.ground).toMatchObject({ why: 'no-network' });
    expect(before.bills[bill]?.status).toBe('sealed');
    expect(before.unsent).toEqual({ count: 1, minor: before.bills[bill]?.amountMinor });
    const again = await till.reopen({ uplinkPace: QUICK_PACE });
    const { settlement } = await startFresh(again);
    expect(settlement.unsent).toEqual(before.unsent);
    expect(settlement.bills).toEqual(before.bills);
  });

  it('stays where no address of ground is known', async () => {
    const { till, ground } = await openFlownTill(undefined, false);
    const { bill } = await sealFlight(till);
    const state = await untilTold(till, ({ bills }) => bills[bill]?.status === 'sealed');
    expect(state.ground).toEqual({ kind: 'none' });
    expect(ground.calls).toEqual([]);
  });

  it('holds nobody up: the till answers while ground does not', async () => {
    const { till, ground } = await openFlownTill((stub) => {
      stub.misbehave({ method: 'HEAD', kind: 'hang' });
    });
    await sealFlight(till);
    await expect.poll(() => ground.calls.map(({ method }) => method), PATIENCE).toEqual(['HEAD']);
    expect((await till.call.linesFrom({ from: 1 })).ok).toBe(true);
    expect(ground.calls).toHaveLength(1);
    await untilTold(till, ({ unsent }) => unsent.count === 0);
  });

  it('cut off in the middle goes on where ground stands, also after a restart', async () => {
    const { till, ground } = await openFlownTill((stub) => {
      stub.misbehave({ method: 'PUT', kind: 'cut', afterBytes: 500 }, { method: 'PUT', kind: 'hang' });
    });
    const { batchId } = await sealFlight(till);
    const putsSoFar = (): number => ground.calls.filter(({ method }) => method === 'PUT').length;
    await expect.poll(putsSoFar, PATIENCE).toBe(2);
    const again = await till.reopen({ uplinkPace: QUICK_PACE });
    await startFresh(again);
    await untilTold(again, ({ unsent }) => unsent.count === 0);
    const puts = ground.calls.filter(({ method }) => method === 'PUT');
    expect(puts.at(-1)?.range).toMatch(/^bytes 500-\d+\/\d+$/);
    expect(ground.accepted).toEqual([batchId]);
  });

  it('is tried again after every trouble of ground, and says which', async () => {
    const { till, ground } = await openFlownTill((stub) => {
      stub.misbehave(
        { method: 'PUT', kind: 'status', status: 500 },
        { method: 'PUT', kind: 'status', status: 503, json: { problem: { kind: 'out-of-order' } } },
        { method: 'PUT', kind: 'status', status: 200, json: { hello: 'world' } },
        {
          method: 'PUT',
          kind: 'status',
          status: 401,
          json: { problem: { kind: 'token-refused', why: 'not-now' } },
        },
        { method: 'PUT', kind: 'status', status: 429, headers: { 'retry-after': '0' } },
        { method: 'PUT', kind: 'result', text: (id) => stub.sign(stub.resultOf(id, { dev: 'T-0099' })) },
        { method: 'PUT', kind: 'result', text: () => stub.sign(stub.resultOf('c'.repeat(26))) },
        { method: 'PUT', kind: 'result', text: 'no result at all' },
      );
    });
    const { batchId } = await sealFlight(till);
    await untilTold(till, ({ unsent }) => unsent.count === 0);
    expect(ground.accepted).toEqual([batchId]);
    expect(resultsIn(till)).toBe(1);
    const troubles = till.pushed.settlement.flatMap(({ ground: at }) =>
      at.kind === 'unreachable' ? [at.why] : [],
    );
    for (const why of troubles) {
      expect(['out-of-order', 'strange-answer', 'clock-differs', 'too-many-requests']).toContain(why);
    }
  });

  it('is sent again whole when it arrived damaged, and not without end', async () => {
    const { till, ground } = await openFlownTill();
    const text = (id: string): string => ground.sign(ground.resultOf(id, { status: 'DAMAGED', ackSeq: 0 }));
    const damaged = { method: 'PUT', kind: 'result', text, status: 422 } as const;
    ground.misbehave(damaged, damaged, damaged);
    const { batchId, bill } = await sealFlight(till);
    const stopped = await untilTold(till, ({ ground: at }) => at.kind === 'stopped');
    expect(stopped.ground).toEqual({ kind: 'stopped', why: 'batch-damaged' });
    expect(stopped.bills[bill]?.status).toBe('sent');
    const now = await till.call.sendNow({});
    expect(now.ok).toBe(true);
    await untilTold(till, ({ unsent }) => unsent.count === 0);
    expect(ground.accepted).toEqual([batchId]);
  });

  it.each([
    ['FORGED', 'batch-forged'],
    ['TOTALS', 'batch-totals'],
    ['FORK', 'batch-fork'],
    ['UNKNOWN_DEVICE', 'device-unknown'],
  ] as const)(
    'that ground calls %s is not sent again by itself, also not after a restart',
    async (status, why) => {
      const { till, ground } = await openFlownTill();
      const text = (id: string): string => ground.sign(ground.resultOf(id, { status, ackSeq: 0 }));
      ground.misbehave({ method: 'PUT', kind: 'result', text, status: 422 });
      await sealFlight(till);
      const stopped = await untilTold(till, ({ ground: at }) => at.kind === 'stopped');
      expect(stopped.ground).toEqual({ kind: 'stopped', why });
      expect(stopped.batches).toMatchObject([{ status: 'refused' }]);
      const callsBefore = ground.calls.length;
      const again = await till.reopen({ uplinkPace: QUICK_PACE });
      await startFresh(again);
      await untilTold(again, ({ ground: at }) => at.kind === 'stopped');
      expect(ground.calls).toHaveLength(callsBefore);
      await again.call.sendNow({});
      await untilTold(again, ({ unsent }) => unsent.count === 0);
    },
  );

  it('begins after what ground holds, and again from where ground wants it', async () => {
    const earlier = 'e'.repeat(26);
    const { till, ground } = await openFlownTill(undefined, true, [
      { ty: 'EXPORT', b: { batchId: earlier, from: 1, to: 1, sink: 'outbox' } },
      { ty: 'RESULT', b: { batchId: earlier, ackSeq: 1, hash: 'h' } },
    ]);
    ground.misbehave(gapFrom(ground, 1));
    const { batchId } = await sealFlight(till);
    const state = await untilTold(till, ({ unsent }) => unsent.count === 0);
    expect(state.batches.at(-2)).toMatchObject({ batchId, from: 2 });
    const again = state.batches.at(-1);
    expect(again).toMatchObject({ from: 1, to: state.batches.at(-2)?.to, status: 'acknowledged' });
    expect(ground.accepted).toEqual([again?.batchId]);
    const exported = till.events().filter(({ ty }) => ty === 'EXPORT');
    expect(exported).toHaveLength(3);
  });

  it('is not exported again without end where ground wants lines it has been given', async () => {
    const { till, ground } = await openFlownTill();
    // The batch begins at line 1: nothing lies before it, and asking for that leads nowhere.
    ground.misbehave(gapFrom(ground, 1));
    await sealFlight(till);
    const stopped = await untilTold(till, ({ ground: at }) => at.kind === 'stopped');
    expect(stopped.ground).toEqual({ kind: 'stopped', why: 'batch-gap' });
    expect(stopped.batches).toHaveLength(1);
  });
});

describe('who answers', () => {
  it('must be vouched for by the pinned authority: another one is not spoken to', async () => {
    const { till, ground } = await openFlownTill(undefined, false);
    const other = await makeServerCertificate(['127.0.0.1'], Date.now());
    ground.introduceTo(till.dir);
    writeFileSync(join(till.dir, 'ground-ca.pem'), other.authority);
    await sealFlight(till);
    const again = await till.reopen({ uplinkPace: QUICK_PACE });
    await startFresh(again);
    const state = await untilTold(again, ({ ground: at }) => at.kind === 'unreachable');
    expect(state.ground).toMatchObject({ why: 'wrong-certificate' });
    expect(ground.calls).toEqual([]);
  });

  it('is spoken to over HTTPS and nothing else', async () => {
    const { till, ground } = await openFlownTill(undefined, false);
    ground.introduceTo(till.dir);
    const { address } = ground;
    writeFileSync(
      join(till.dir, 'ground.json'),
      JSON.stringify({ address: address.replace('https', 'http') }),
    );
    const again = await till.reopen({ uplinkPace: QUICK_PACE });
    expect((await startFresh(again)).settlement.ground).toEqual({ kind: 'none' });
  });

  it('by a result that ground has not signed changes nothing', async () => {
    const { till, ground } = await openFlownTill();
    const forger = newSigner();
    const text = (id: string): string => {
      const bills = till.events().flatMap((event) => billOf(event) ?? []);
      const paid = bills.map((bill) => ({ bill, status: 'CHARGED' as const, amt: 1, ref: '4200', code: '' }));
      return ground.sign(ground.resultOf(id, { ackSeq: till.events().length, bills: paid }), forger);
    };
    ground.misbehave({ method: 'PUT', kind: 'result', text });
    const { bill } = await sealFlight(till);
    const stopped = await untilTold(till, ({ ground: at }) => at.kind === 'stopped');
    expect(stopped.ground).toEqual({ kind: 'stopped', why: 'result-forged' });
    expect(stopped.bills[bill]?.status).toBe('sent');
    expect(resultsIn(till)).toBe(0);
    expect(existsSync(join(till.dir, 'till', 'results'))).toBe(false);
  });

  it('that it holds more than this journal stops: the journal was rolled back', async () => {
    const { till, ground } = await openFlownTill();
    const text = (id: string): string => ground.sign(ground.resultOf(id, { ackSeq: 1_000_000 }));
    ground.misbehave({ method: 'PUT', kind: 'result', text });
    await sealFlight(till);
    const stopped = await untilTold(till, ({ ground: at }) => at.kind === 'stopped');
    expect(stopped.ground).toEqual({ kind: 'stopped', why: 'result-beyond-head' });
    expect(resultsIn(till)).toBe(0);
  });
});

describe('a result', () => {
  it('is on the disk, verbatim, before the journal speaks of it, and is read again at start', async () => {
    const { till, ground } = await openFlownTill();
    const { bill } = await sealFlight(till);
    await untilTold(till, ({ bills }) => bills[bill]?.status === 'collecting');
    ground.settle('FAILED');
    await untilTold(till, ({ bills }) => bills[bill]?.status === 'must-act');
    await ground.close();
    const again = await till.reopen({ uplinkPace: QUICK_PACE });
    expect((await startFresh(again)).settlement.bills[bill]?.status).toBe('must-act');
    const dir = join(till.dir, 'till', 'results');
    expect(readdirSync(dir).filter((name) => name.endsWith('.cpr'))).toHaveLength(resultsIn(again));
  });

  it('never takes a bill back: a later result that says less changes nothing', async () => {
    const { till, ground } = await openFlownTill();
    const { bill } = await sealFlight(till);
    await untilTold(till, ({ bills }) => bills[bill]?.status === 'collecting');
    ground.settle('LOWERED');
    await untilTold(till, ({ bills }) => bills[bill]?.status === 'lowered');
    ground.settle('PENDING');
    const before = resultsIn(till);
    await expect.poll(() => resultsIn(till), PATIENCE).toBeGreaterThan(before);
    expect(settlementOf(till).bills[bill]?.status).toBe('lowered');
  });

  it('that is damaged on the disk is as good as lost, and is fetched again', async () => {
    const { till, ground } = await openFlownTill();
    const { bill } = await sealFlight(till);
    await untilTold(till, ({ bills }) => bills[bill]?.status === 'collecting');
    await till.till.stop();
    const dir = join(till.dir, 'till', 'results');
    for (const name of readdirSync(dir)) {
      const path = join(dir, name);
      writeFileSync(path, readFileSync(path, 'utf8').slice(0, 200));
    }
    ground.settle('CHARGED');
    const again = await till.reopen({ uplinkPace: QUICK_PACE });
    expect((await startFresh(again)).settlement.bills[bill]?.status).toBe('acknowledged');
    await untilTold(again, ({ bills }) => bills[bill]?.status === 'paid');
  });
});
