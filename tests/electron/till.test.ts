import * as fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Answers, Refusal, ScanAnswer } from '../../bridge/contract.ts';
import { formatMinor } from '../../domain/currency.ts';
import type { Result } from '../../domain/result.ts';
import type { JournalFs } from '../../electron/journal/journal-files.ts';
import {
  ordinaryPassenger,
  pickPassenger,
  showCode,
  type DemoPassenger,
} from '../support/demo-passengers.ts';
import { openMainTill, scanCode, startFresh, type MainTill } from '../support/main-till.ts';

const BASKET = 'basket-0001';

function seconds(till: MainTill): number {
  return Math.floor(till.clock.nowMs / 1000);
}

async function scan(till: MainTill, passenger: DemoPassenger): Promise<Result<ScanAnswer, Refusal>> {
  till.clock.nowMs += 1000;
  return scanCode(till, showCode(passenger, seconds(till)));
}

async function scanned(till: MainTill, passenger: DemoPassenger): Promise<string> {
  const answer = await scan(till, passenger);
  if (!answer.ok) throw new Error(answer.error.problem.kind);
  return answer.value.card.bill;
}

/** Item numbers of the demo's catalogue, cheapest first, without restricted ones. */
async function cheapItems(till: MainTill): Promise<readonly { sku: string; priceMinor: number }[]> {
  const { flight } = await startFresh(till);
  return flight.catalogue.items.toSorted((a, b) => a.priceMinor - b.priceMinor);
}

function problemOf(answer: { ok: boolean; error?: { problem: { kind: string } } }): string {
  return answer.ok ? 'none' : (answer.error?.problem.kind ?? 'unknown');
}

describe('a scan', () => {
  it('opens the bill of the passenger once, and later scans come back to it', async () => {
    const till = await openMainTill();
    await startFresh(till);
    const passenger = ordinaryPassenger(till.people);
    const first = await scan(till, passenger);
    const second = await scan(till, passenger);
    expect(first).toMatchObject({ ok: true, value: { card: { seat: passenger.seat, spentMinor: 0 } } });
    expect(second.ok && first.ok && second.value.card.bill === first.value.card.bill).toBe(true);
    expect(till.events().filter((event) => event.ty === 'BILL_OPEN')).toHaveLength(1);
  });

  it('refuses the same code shown twice, also after a restart', async () => {
    const till = await openMainTill();
    await startFresh(till);
    const text = showCode(ordinaryPassenger(till.people), seconds(till));
    expect((await till.call.scan({ text })).ok).toBe(true);
    expect(problemOf(await till.call.scan({ text }))).toBe('code-replay');
    const again = await till.reopen();
    await startFresh(again);
    expect(problemOf(await again.call.scan({ text }))).toBe('code-replay');
  });

  it('keeps the whole text of a genuine code as evidence, and only length and hash of anything else', async () => {
    const till = await openMainTill();
    await startFresh(till);
    const payment = '134567890123456789';
    expect(problemOf(await till.call.scan({ text: payment }))).toBe('code-is-payment-code');
    expect(problemOf(await till.call.scan({ text: 'M1WANG/JING EABC123 SHACTU9C 8835 326Y012C0045' }))).toBe(
      'code-is-boarding-pass',
    );
    await scanned(till, ordinaryPassenger(till.people));
    const seen = till.events().filter((event) => event.ty === 'CRED_SEEN');
    expect(JSON.stringify(seen.slice(0, 2))).not.toContain(payment);
    expect(seen[0]?.b).toMatchObject({ len: 18, code: 'FORMAT' });
    expect(seen[2]?.b).toMatchObject({ mode: 'dynamic' });
  });

  it('refuses a passenger on the deny-list', async () => {
    const till = await openMainTill();
    await startFresh(till);
    const denied = pickPassenger(till.people, (one) => one.denied && one.holder !== null);
    expect(problemOf(await scan(till, denied))).toBe('code-denied');
  });

  it('of a printed code asks for the boarding pass before the first sale', async () => {
    const till = await openMainTill();
    const [item] = await cheapItems(till);
    const printed = pickPassenger(till.people, (one) => one.holder === null && one.listed && !one.denied);
    const answer = await scanCode(till, printed.staticCode);
    if (!answer.ok) throw new Error(answer.error.problem.kind);
    const { bill, seatCheck } = answer.value.card;
    expect(seatCheck).toBe('needed');
    const sale = { bill, basket: BASKET, items: [{ sku: item?.sku ?? '', q: 1 }] };
    expect(problemOf(await till.call.confirmSale(sale))).toBe('seat-check-needed');
    expect(await till.call.confirmSeat({ bill })).toMatchObject({
      ok: true,
      value: { card: { seatCheck: 'done' } },
    });
    expect((await till.call.confirmSale(sale)).ok).toBe(true);
  });
});

describe('a sale', () => {
  it('is priced from the signed pack, with the member deal of the passenger’s tier', async () => {
    const till = await openMainTill();
    const { flight } = await startFresh(till);
    const member = ordinaryPassenger(till.people, 1);
    const deal = flight.promotions.find((promotion) => promotion.tiers.includes(1));
    const item = flight.catalogue.items.find((one) => !deal?.excludedCategories.includes(one.category));
    if (deal === undefined || item === undefined) throw new Error('the demo has no member deal');
    const bill = await scanned(till, member);
    const answer = await till.call.confirmSale({ bill, basket: BASKET, items: [{ sku: item.sku, q: 2 }] });
    const offMinor = Math.floor((2 * item.priceMinor * deal.offBasisPoints + 5000) / 10_000);
    const sale = till.events().find((event) => event.ty === 'SALE');
    expect(answer).toMatchObject({ ok: true, value: { again: false } });
    expect(sale?.b).toMatchObject({
      tot: 2 * item.priceMinor - offMinor,
      disc: [{ id: deal.id, amt: offMinor }],
      lines: [{ sku: item.sku, q: 2, p: item.priceMinor, n: item.walletText }],
      basket: BASKET,
    });
  });

  it('confirmed again is answered and not recorded again, also after a restart; with other items it is refused', async () => {
    const till = await openMainTill();
    const [item, other] = await cheapItems(till);
    const bill = await scanned(till, ordinaryPassenger(till.people));
    const intent = { bill, basket: BASKET, items: [{ sku: item?.sku ?? '', q: 1 }] };
    const first = await till.call.confirmSale(intent);
    const again = await till.reopen();
    await startFresh(again);
    const second = await again.call.confirmSale(intent);
    expect(first.ok && second.ok && second.value.again && second.value.seq === first.value.seq).toBe(true);
    expect(second.ok && first.ok && second.value.lines).toEqual(
      first.ok ? first.value.lines.filter(({ seq }) => seq === first.value.seq) : null,
    );
    expect(again.events().filter((event) => event.ty === 'SALE')).toHaveLength(1);
    const changed = { ...intent, items: [{ sku: other?.sku ?? '', q: 1 }] };
    expect(problemOf(await again.call.confirmSale(changed))).toBe('basket-changed');
  });

  it('never takes a passenger over the allowance, and says how much is left', async () => {
    const till = await openMainTill();
    const { flight } = await startFresh(till);
    const passenger = pickPassenger(till.people, (one) => one.holderClass === 1 && one.listed && !one.denied);
    const bill = await scanned(till, passenger);
    const item = flight.catalogue.items.find((one) => one.priceMinor >= 6000 && one.priceMinor <= 20_000);
    if (item === undefined) throw new Error('the demo has nothing of that price');
    let spentMinor = 0;
    let refused: Answers['confirmSale'] | null = null;
    for (let i = 0; refused === null && i < 12; i++) {
      const basket = `basket-${i.toString().padStart(4, '0')}`;
      const answer = await till.call.confirmSale({ bill, basket, items: [{ sku: item.sku, q: 1 }] });
      if (answer.ok) spentMinor = answer.value.card.spentMinor;
      else refused = answer;
    }
    expect(refused).toMatchObject({ ok: false, error: { problem: { kind: 'over-allowance' } } });
    expect(spentMinor).toBeLessThanOrEqual(30_000);
    expect(formatMinor(spentMinor, 'CNY')).toMatch(/^￥/);
  });

  it('refuses one sale above the per-sale limit', async () => {
    const till = await openMainTill();
    const { flight } = await startFresh(till);
    const passenger = pickPassenger(till.people, (one) => one.holderClass === 1 && one.listed && !one.denied);
    const bill = await scanned(till, passenger);
    const item = flight.catalogue.items.find((one) => one.priceMinor > 6700 && one.priceMinor < 9500);
    const items = [{ sku: item?.sku ?? '', q: 3 }];
    expect(problemOf(await till.call.confirmSale({ bill, basket: BASKET, items }))).toBe('over-per-sale');
  });

  it('needs the passenger there: an old scan is not enough', async () => {
    const till = await openMainTill();
    const [item] = await cheapItems(till);
    const bill = await scanned(till, ordinaryPassenger(till.people));
    till.clock.nowMs += 16 * 60_000;
    const items = [{ sku: item?.sku ?? '', q: 1 }];
    expect(problemOf(await till.call.confirmSale({ bill, basket: BASKET, items }))).toBe('scan-again');
  });

  it('is refused on a full disk and leaves nothing behind', async () => {
    let isFull = false;
    const files = {
      ...fs,
      writeSync: (fd: number, bytes: Uint8Array, offset: number, length: number) => {
        if (isFull) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
        return fs.writeSync(fd, bytes, offset, length);
      },
    } satisfies JournalFs;
    const till = await openMainTill({ files });
    const [item] = await cheapItems(till);
    const bill = await scanned(till, ordinaryPassenger(till.people));
    const before = till.events().length;
    isFull = true;
    const intent = { bill, basket: BASKET, items: [{ sku: item?.sku ?? '', q: 1 }] };
    expect(problemOf(await till.call.confirmSale(intent))).toBe('journal-full');
    expect(till.pushed.devices.at(-1)?.storage).toEqual({ kind: 'full' });
    expect(till.events()).toHaveLength(before);
    isFull = false;
    expect((await till.call.confirmSale(intent)).ok).toBe(true);
    expect(till.pushed.devices.at(-1)?.storage).toEqual({ kind: 'ready' });
  });

  it('is refused while less room is left on the disk than is safe', async () => {
    const till = await openMainTill({ freeBytes: 1024 });
    await startFresh(till);
    expect(problemOf(await scan(till, ordinaryPassenger(till.people)))).toBe('disk-nearly-full');
  });
});

describe('a void', () => {
  it('gives the allowance back, and works once', async () => {
    const till = await openMainTill();
    const [item] = await cheapItems(till);
    const bill = await scanned(till, ordinaryPassenger(till.people));
    const sale = await till.call.confirmSale({
      bill,
      basket: BASKET,
      items: [{ sku: item?.sku ?? '', q: 1 }],
    });
    if (!sale.ok) throw new Error(sale.error.problem.kind);
    const voided = await till.call.voidSale({ seq: sale.value.seq, reason: 'mistake' });
    expect(voided).toMatchObject({ ok: true, value: { card: { spentMinor: 0 } } });
    expect(problemOf(await till.call.voidSale({ seq: sale.value.seq, reason: 'mistake' }))).toBe(
      'sale-already-void',
    );
  });

  it('is not possible after the goods were handed over', async () => {
    const till = await openMainTill();
    const [item] = await cheapItems(till);
    const bill = await scanned(till, ordinaryPassenger(till.people));
    const sale = await till.call.confirmSale({
      bill,
      basket: BASKET,
      items: [{ sku: item?.sku ?? '', q: 1 }],
    });
    if (!sale.ok) throw new Error(sale.error.problem.kind);
    expect((await till.call.handOver({ seq: sale.value.seq })).ok).toBe(true);
    expect(problemOf(await till.call.voidSale({ seq: sale.value.seq, reason: 'mistake' }))).toBe(
      'sale-handed-over',
    );
  });
});

describe('the gate', () => {
  async function sellOne(till: MainTill): Promise<void> {
    const [item] = await cheapItems(till);
    const bill = await scanned(till, ordinaryPassenger(till.people));
    await till.call.confirmSale({ bill, basket: BASKET, items: [{ sku: item?.sku ?? '', q: 1 }] });
  }

  it('does not close while a slip waits, unless the crew accepts it', async () => {
    const till = await openMainTill();
    await sellOne(till);
    expect(await till.call.closeFlight({ acceptUnprinted: false })).toMatchObject({
      ok: false,
      error: { problem: { kind: 'slips-not-printed', count: 1 } },
    });
    expect(await till.call.closeFlight({ acceptUnprinted: true })).toMatchObject({
      ok: true,
      value: { gate: { kind: 'closed' } },
    });
    expect(problemOf(await scan(till, ordinaryPassenger(till.people)))).toBe('flight-closed');
  });

  it('seals one batch: exporting again gives the same id and lines, also after a restart', async () => {
    const till = await openMainTill();
    await sellOne(till);
    expect(problemOf(await till.call.exportBatch({ volume: 'outbox' }))).toBe('flight-not-closed');
    await till.call.closeFlight({ acceptUnprinted: true });
    const first = await till.call.exportBatch({ volume: 'outbox' });
    const again = await till.reopen();
    const { gate } = await startFresh(again);
    const second = await again.call.exportBatch({ volume: 'outbox' });
    if (!first.ok || !second.ok) throw new Error('not exported');
    expect(second.value.batchId).toBe(first.value.batchId);
    expect(gate).toMatchObject({
      kind: 'sealed',
      batchId: first.value.batchId,
      fileName: first.value.fileName,
    });
    expect(fs.readdirSync(join(till.dir, 'batch'))).toEqual([first.value.fileName]);
    expect(problemOf(await again.call.exportBatch({ volume: 'stick' }))).toBe('volume-unknown');
  });

  it('says that the outbox cannot be written, and exports once it can', async () => {
    const till = await openMainTill();
    await sellOne(till);
    await till.call.closeFlight({ acceptUnprinted: true });
    fs.writeFileSync(join(till.dir, 'batch'), 'a file where the folder should be');
    expect(problemOf(await till.call.exportBatch({ volume: 'outbox' }))).toBe('export-failed');
    fs.rmSync(join(till.dir, 'batch'));
    expect((await till.call.exportBatch({ volume: 'outbox' })).ok).toBe(true);
  });
});
