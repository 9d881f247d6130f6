import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evolveBill, billOf, describeBills, type Bill } from '../../../domain/bill/bill.ts';
import { readLine } from '../../../domain/journal/line.ts';
import { applyLines } from '../../../renderer/ledger/apply-lines.ts';
import { keepDraft, listDrafts } from '../../../renderer/ledger/basket-drafts.ts';
import { readHeadSeq, readLedgerHead } from '../../../renderer/ledger/ledger-head.ts';
import { cardFor, flyShortFlight, openTestLedger, type Flown } from '../support/ledger-scene.ts';

const flown = flyShortFlight();

/** The bills straight from the events, without a ledger. */
function billsOf({ lines }: Flown): readonly Bill[] {
  const bills = new Map<string, Bill>();
  for (const { line } of lines) {
    const event = readLine(line);
    const id = event === null ? null : billOf(event);
    const bill = event === null || id === null ? null : evolveBill(bills.get(id) ?? null, event);
    if (bill !== null) bills.set(bill.bill, bill);
  }
  return [...bills.values()];
}

describe('applying lines', () => {
  it('leaves the bills the events describe, and every line verbatim', async () => {
    const ledger = await openTestLedger();
    const outcome = await applyLines(ledger, flown.lines);
    const events = await ledger.tables.events.orderBy('seq').toArray();
    expect(outcome).toEqual({ kind: 'applied', head: flown.lines.length });
    expect(events.map((row) => row.line)).toEqual(flown.lines.map((line) => line.line));
    expect(describeBills(await ledger.tables.bills.toArray())).toBe(describeBills(billsOf(flown)));
  });

  it('comes to the same ledger however often and in whatever portions lines arrive', async () => {
    const portions = fc.array(fc.tuple(fc.nat(flown.lines.length), fc.nat(flown.lines.length)), {
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(portions, async (cuts) => {
        const ledger = await openTestLedger();
        for (const [a, b] of cuts) {
          const head = await readHeadSeq(ledger);
          const portion = flown.lines.slice(Math.min(a, b, head), Math.max(a, b));
          await applyLines(ledger, portion.toReversed());
        }
        await applyLines(ledger, flown.lines);
        expect(describeBills(await ledger.tables.bills.toArray())).toBe(describeBills(billsOf(flown)));
        expect(await ledger.tables.events.count()).toBe(flown.lines.length);
      }),
      { numRuns: 25 },
    );
  });

  it('stops at a gap and says from which number on lines are missing', async () => {
    const ledger = await openTestLedger();
    const outcome = await applyLines(
      ledger,
      flown.lines.filter((line) => line.seq !== 3),
    );
    expect(outcome).toEqual({ kind: 'gap', from: 3 });
    expect(await readHeadSeq(ledger)).toBe(2);
  });

  it('takes nothing of a delivery in which a line differs from the one it holds', async () => {
    const ledger = await openTestLedger();
    const other = flyShortFlight();
    await applyLines(ledger, flown.lines.slice(0, 4));
    const outcome = await applyLines(ledger, [...other.lines.slice(3, 4), ...flown.lines.slice(4)]);
    expect(outcome).toEqual({ kind: 'conflict', seq: 4 });
    expect(await readHeadSeq(ledger)).toBe(4);
  });

  it('takes nothing that is no journal line, or one of another number', async () => {
    const ledger = await openTestLedger();
    const [first, second] = flown.lines;
    if (first === undefined || second === undefined) throw new Error('the flight is too short');
    expect(await applyLines(ledger, [{ seq: 1, line: 'not.a.line' }])).toEqual({ kind: 'conflict', seq: 1 });
    expect(await applyLines(ledger, [{ seq: 1, line: second.line }])).toEqual({ kind: 'conflict', seq: 1 });
    expect(await readLedgerHead(ledger)).toBeNull();
  });

  it('ends the draft a sale was made of together with the sale', async () => {
    const ledger = await openTestLedger();
    const leg = flown.scene.flight.legId;
    const draft = { leg, card: cardFor(flown.bill), items: [{ sku: 'AL-001', q: 2 }], changedAtMs: 1 };
    await keepDraft(ledger, { ...draft, id: flown.basket });
    await keepDraft(ledger, { ...draft, id: 'somebody-else' });
    await applyLines(ledger, flown.lines);
    expect((await listDrafts(ledger, leg)).map((one) => one.id)).toEqual(['somebody-else']);
  });
});
