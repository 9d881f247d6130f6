import { describe, expect, it } from 'vitest';
import type { Answers, CallName, Request, TillBridge } from '../../../bridge/contract.ts';
import { describeBills } from '../../../domain/bill/bill.ts';
import { applyLines } from '../../../renderer/ledger/apply-lines.ts';
import { keepDraft, listDrafts } from '../../../renderer/ledger/basket-drafts.ts';
import { catchUp } from '../../../renderer/ledger/catch-up.ts';
import { readHeadSeq } from '../../../renderer/ledger/ledger-head.ts';
import type { Ledger } from '../../../renderer/ledger/open-ledger.ts';
import { ordinaryPassenger, showCode } from '../../support/demo-passengers.ts';
import { openMainTill, scanCode, startFresh, type MainTill } from '../../support/main-till.ts';
import { openTestLedger } from '../support/ledger-scene.ts';

/** Main without a window: the same handlers, with structured clones in between as IPC makes them. */
function bridgeTo(till: MainTill): Pick<TillBridge, 'call'> {
  return {
    call: async <Name extends CallName>(name: Name, request: Request<Name>) => {
      const handle = till.call[name] as (request: unknown) => unknown;
      return structuredClone((await handle(structuredClone(request))) as Answers[Name]);
    },
  };
}

/** Scans one passenger and charges one item; returns what main recorded. */
async function sellOne(till: MainTill, basket: string): Promise<void> {
  till.clock.nowMs += 2000;
  const passenger = ordinaryPassenger(till.people);
  const scanned = await scanCode(till, showCode(passenger, Math.floor(till.clock.nowMs / 1000)));
  if (!scanned.ok) throw new Error(scanned.error.problem.kind);
  const sold = await till.call.confirmSale({
    bill: scanned.value.card.bill,
    basket,
    items: [{ sku: 'DR-001', q: 1 }],
  });
  if (!sold.ok) throw new Error(sold.error.problem.kind);
}

async function expectSame(ledger: Ledger, till: MainTill): Promise<void> {
  const events = till.events();
  expect(await readHeadSeq(ledger)).toBe(events.length);
  const rows = await ledger.tables.events.orderBy('seq').toArray();
  expect(rows.map((row) => row.ty)).toEqual(events.map((event) => event.ty));
}

describe('catching up at start', () => {
  it('fills an empty ledger', async () => {
    const [till, ledger] = [await openMainTill(), await openTestLedger()];
    const answer = await catchUp(ledger, bridgeTo(till));
    expect(answer.ok).toBe(true);
    await expectSame(ledger, till);
  });

  it('brings a ledger that missed the last sale to the journal’s head and ends its draft', async () => {
    const [till, ledger] = [await openMainTill(), await openTestLedger()];
    const first = await catchUp(ledger, bridgeTo(till));
    if (!first.ok) throw new Error(first.error.kind);
    const leg = first.value.flight.legId;
    const items = [{ sku: 'DR-001', q: 1 }];
    await keepDraft(ledger, { id: 'killed-between', leg, card: null, items, changedAtMs: 1 });
    await sellOne(till, 'killed-between');
    const again = await till.reopen();
    await catchUp(ledger, bridgeTo(again));
    await expectSame(ledger, again);
    expect(await listDrafts(ledger, leg)).toEqual([]);
  });

  it('rebuilds a ledger whose bills were changed behind the till’s back, and keeps the drafts', async () => {
    const [till, ledger] = [await openMainTill(), await openTestLedger()];
    await catchUp(ledger, bridgeTo(till));
    await sellOne(till, 'basket-000001');
    const again = await till.reopen();
    const caught = await catchUp(ledger, bridgeTo(again));
    if (!caught.ok) throw new Error(caught.error.kind);
    const right = describeBills(await ledger.tables.bills.toArray());
    await ledger.tables.bills.toCollection().modify({ spentMinor: 1 });
    const { legId: leg } = caught.value.flight;
    const items = [{ sku: 'DR-001', q: 1 }];
    await keepDraft(ledger, { id: 'not-confirmed', leg, card: null, items, changedAtMs: 1 });
    const third = await again.reopen();
    const rebuilt = await catchUp(ledger, bridgeTo(third));
    expect(rebuilt).toMatchObject({ ok: true, value: { ledger: { kind: 'rebuild' } } });
    expect(describeBills(await ledger.tables.bills.toArray())).toBe(right);
    expect(await listDrafts(ledger, leg)).toHaveLength(1);
    await expectSame(ledger, third);
  });

  it('rebuilds a ledger with a hole in it', async () => {
    const [till, ledger] = [await openMainTill(), await openTestLedger()];
    await catchUp(ledger, bridgeTo(till));
    await sellOne(till, 'basket-000001');
    await sellOne(till, 'basket-000002');
    const again = await till.reopen();
    await catchUp(ledger, bridgeTo(again));
    await ledger.tables.events.delete(5);
    const third = await again.reopen();
    expect((await catchUp(ledger, bridgeTo(third))).ok).toBe(true);
    await expectSame(ledger, third);
  });

  it('keeps asking when main takes no more calls this second', async () => {
    const [till, ledger] = [await openMainTill(), await openTestLedger()];
    const real = bridgeTo(till);
    let refusals = 2;
    const call = async <Name extends CallName>(name: Name, request: Request<Name>): Promise<unknown> => {
      const answer = await real.call(name, request);
      if (name === 'start' && 'ledger' in answer)
        return { ...answer, ledger: { ...answer.ledger, lines: [] } };
      if (name !== 'linesFrom' || refusals === 0) return answer;
      refusals -= 1;
      return { ok: false, error: { problem: { kind: 'too-fast' }, lines: [] } };
    };
    const bridge: unknown = { call };
    expect((await catchUp(ledger, bridge as Pick<TillBridge, 'call'>)).ok).toBe(true);
    expect(refusals).toBe(0);
    await expectSame(ledger, till);
  });

  it('hands main’s refusal on when the till cannot open', async () => {
    const ledger = await openTestLedger();
    const blocked: Pick<TillBridge, 'call'> = {
      call: () => Promise.resolve({ kind: 'blocked', problem: { kind: 'pack-missing' } } as never),
    };
    expect(await catchUp(ledger, blocked)).toEqual({
      ok: false,
      error: { kind: 'refused', problem: { kind: 'pack-missing' } },
    });
  });

  it('stops when the ledger’s own lines belong to another journal', async () => {
    const [till, ledger] = [await openMainTill(), await openTestLedger()];
    const other = await openMainTill();
    await catchUp(ledger, bridgeTo(other));
    const { ledger: own } = await startFresh(till);
    expect((await applyLines(ledger, own.lines)).kind).toBe('conflict');
  });
});
