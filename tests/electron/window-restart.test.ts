// The window may die while main lives: its ledger is then behind, and main tells it what it has missed.
import { appendFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Request } from '../../bridge/contract.ts';
import { describeBills } from '../../domain/bill/bill.ts';
import { encodeBase64url } from '../../domain/encoding/base64url.ts';
import { encodeUtf8 } from '../../domain/encoding/utf8.ts';
import { applyEvent, createTillState } from '../../domain/till/till-state.ts';
import { ordinaryPassenger, showCode } from '../support/demo-passengers.ts';
import { crypto } from '../support/keys.ts';
import { openMainTill, scanCode, startFresh, type MainTill } from '../support/main-till.ts';

/** Where a ledger stands that has every line so far, as the window reports it. */
async function ledgerNow(till: MainTill): Promise<NonNullable<Request<'start'>['ledger']>> {
  const events = till.events();
  const seq = events.length;
  const answer = await till.call.linesFrom({ from: seq });
  const line = answer.ok ? (answer.value.lines[0]?.line ?? '') : '';
  const state = createTillState();
  for (const event of events) applyEvent(state, event);
  const digest = crypto.sha256(encodeUtf8(describeBills(state.bills.values())));
  return { seq, line, billsDigest: encodeBase64url(digest) };
}

async function sellOne(till: MainTill, basket = 'basket-0001'): Promise<number> {
  const { flight } = await startFresh(till);
  const passenger = ordinaryPassenger(till.people);
  const scanned = await scanCode(till, showCode(passenger, Math.floor(till.clock.nowMs / 1000)));
  if (!scanned.ok) throw new Error(scanned.error.problem.kind);
  const [item] = flight.catalogue.items.toSorted((a, b) => a.priceMinor - b.priceMinor);
  const sale = await till.call.confirmSale({
    bill: scanned.value.card.bill,
    basket,
    items: [{ sku: item?.sku ?? '', q: 1 }],
  });
  if (!sale.ok) throw new Error(sale.error.problem.kind);
  return sale.value.seq;
}

describe('a window that comes back to a living till', () => {
  it('goes on where its ledger stands, and hears of the sale it missed', async () => {
    const till = await openMainTill();
    await sellOne(till);
    const before = await ledgerNow(till);
    till.clock.nowMs += 1000;
    const seq = await sellOne(till, 'basket-0002');
    const answer = await till.call.start({ ledger: before });
    expect(answer).toMatchObject({
      kind: 'ready',
      ledger: { kind: 'continue', head: seq },
      notices: [{ kind: 'sale-before-restart', seq }],
    });
  });

  it('with a ledger of an older day hears that it was rebuilt, and is asked about no single sale', async () => {
    const till = await openMainTill();
    await startFresh(till);
    const before = await ledgerNow(till);
    await sellOne(till, 'basket-0001');
    till.clock.nowMs += 1000;
    await sellOne(till, 'basket-0002');
    const answer = await till.call.start({ ledger: before });
    expect(answer).toMatchObject({ kind: 'ready', notices: [{ kind: 'ledger-rebuilt' }] });
  });

  it('keeps a ledger that has every line recorded since the start', async () => {
    const till = await openMainTill();
    await sellOne(till);
    const answer = await till.call.start({ ledger: await ledgerNow(till) });
    expect(answer).toMatchObject({ kind: 'ready', ledger: { kind: 'continue', lines: [] }, notices: [] });
  });

  it('is not told a second time what happened before the till was started', async () => {
    const first = await openMainTill();
    await startFresh(first);
    await first.till.stop();
    const journal = join(first.dir, 'till', 'journal');
    const [segment = ''] = readdirSync(journal);
    appendFileSync(join(journal, segment), 'eyJhbGciOiJFUzI1NiIs');
    const till = await first.reopen();
    expect((await startFresh(till)).notices).toContainEqual({ kind: 'torn-tail', bytes: 20 });
    const answer = await till.call.start({ ledger: await ledgerNow(till) });
    expect(answer).toMatchObject({ kind: 'ready', notices: [] });
  });
});
