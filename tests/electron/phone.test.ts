// What the till and a passenger's phone show each other.
import { inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Answers } from '../../bridge/contract.ts';
import { thumbprint8 } from '../../domain/crypto/thumbprint.ts';
import { readChallengeCode } from '../../domain/handheld/challenge-code.ts';
import {
  addCopyFrame,
  copyContent,
  readCopyFrame,
  type CopyProgress,
} from '../../domain/handheld/copy-code.ts';
import { composeOrderCode } from '../../domain/handheld/order-code.ts';
import { readLine } from '../../domain/journal/line.ts';
import type { AmountBinding } from '../../domain/cabin-code/cabin-code.ts';
import { readDemoTerminal } from '../../electron/provisioning/terminal.ts';
import { pickPassenger, showCode, type DemoPassenger } from '../support/demo-passengers.ts';
import { crypto } from '../support/keys.ts';
import { openMainTill, scanCode, startFresh, type MainTill } from '../support/main-till.ts';

const WATER = [{ sku: 'DR-001', q: 1 }];
const TWO_WATERS = [{ sku: 'DR-001', q: 2 }];

async function openTill(): Promise<MainTill> {
  const till = await openMainTill();
  await startFresh(till);
  return till;
}

function someone(till: MainTill, seat?: string): DemoPassenger {
  return pickPassenger(
    till.people,
    (one) => one.holder !== null && one.listed && !one.denied && (seat === undefined || one.seat !== seat),
  );
}

/** What the passenger's phone shows now. */
function phoneOf(till: MainTill, passenger: DemoPassenger, binding?: AmountBinding): string {
  till.clock.nowMs += 2000;
  return showCode(passenger, Math.floor(till.clock.nowMs / 1000), binding);
}

async function billOf(till: MainTill, passenger: DemoPassenger): Promise<string> {
  const scanned = await scanCode(till, phoneOf(till, passenger));
  if (!scanned.ok) throw new Error(scanned.error.problem.kind);
  return scanned.value.card.bill;
}

function problemOf(answer: { ok: boolean; error?: { problem: { kind: string } } }): string {
  return answer.ok ? 'none' : (answer.error?.problem.kind ?? 'unknown');
}

async function ask(
  till: MainTill,
  bill: string,
  basket = 'basket-0001',
  items = WATER,
): Promise<AmountBinding> {
  const asked: Answers['openChallenge'] = await till.call.openChallenge({ bill, basket, items });
  if (!asked.ok) throw new Error(asked.error.problem.kind);
  const read = readChallengeCode(asked.value.challenge);
  if (!read.ok) throw new Error(read.error);
  expect(read.value.amountMinor).toBe(asked.value.amountMinor);
  return read.value;
}

describe('an amount to confirm', () => {
  it('is answered by the phone, and the sale of exactly that amount rests on the answer', async () => {
    const till = await openTill();
    const passenger = someone(till);
    const bill = await billOf(till, passenger);
    const asked = await ask(till, bill);
    const confirmed = await scanCode(till, phoneOf(till, passenger, asked));
    expect(confirmed).toMatchObject({ ok: true, value: { card: { bill, mode: 'confirmed' } } });
    const other = await till.call.confirmSale({ bill, basket: 'basket-0001', items: TWO_WATERS });
    expect(other).toMatchObject({
      ok: false,
      error: { problem: { kind: 'amount-not-confirmed', confirmedMinor: asked.amountMinor } },
    });
    const sold = await till.call.confirmSale({ bill, basket: 'basket-0001', items: WATER });
    expect(sold.ok).toBe(true);
    const events = till.events();
    const sale = events.find(({ ty }) => ty === 'SALE');
    const seen = events.find(
      (event) => event.ty === 'CRED_SEEN' && 'mode' in event.b && event.b.mode === 'confirmed',
    );
    expect(sale?.b).toMatchObject({ auth: seen?.seq, tot: asked.amountMinor });
  });

  it('is good for one sale, also after a restart', async () => {
    const till = await openTill();
    const passenger = someone(till);
    const bill = await billOf(till, passenger);
    const text = phoneOf(till, passenger, await ask(till, bill));
    expect((await scanCode(till, text)).ok).toBe(true);
    expect((await till.call.confirmSale({ bill, basket: 'basket-0001', items: WATER })).ok).toBe(true);
    expect(problemOf(await till.call.confirmSale({ bill, basket: 'basket-0002', items: WATER }))).toBe(
      'scan-again',
    );
    const again = await till.reopen();
    await startFresh(again);
    expect(problemOf(await again.call.confirmSale({ bill, basket: 'basket-0003', items: WATER }))).toBe(
      'scan-again',
    );
    expect(problemOf(await scanCode(again, text))).toBe('code-proof');
  });

  it('answered for another amount, another challenge, or with none open is no proof', async () => {
    const till = await openTill();
    const passenger = someone(till);
    const bill = await billOf(till, passenger);
    const asked = await ask(till, bill);
    const cheaper = { ...asked, amountMinor: asked.amountMinor - 1 };
    expect(problemOf(await scanCode(till, phoneOf(till, passenger, cheaper)))).toBe('code-proof');
    const older = { ...asked, challenge: new Uint8Array(8) };
    expect(problemOf(await scanCode(till, phoneOf(till, passenger, older)))).toBe('code-proof');
    await till.call.closeChallenge({});
    expect(problemOf(await scanCode(till, phoneOf(till, passenger, asked)))).toBe('code-proof');
  });

  it('is not for another passenger to confirm', async () => {
    const till = await openTill();
    const passenger = someone(till);
    const neighbour = someone(till, passenger.seat);
    const asked = await ask(till, await billOf(till, passenger));
    expect(problemOf(await scanCode(till, phoneOf(till, neighbour, asked)))).toBe('code-proof');
  });

  it('is not asked for where the sale would be refused', async () => {
    const till = await openTill();
    const bill = await billOf(till, someone(till));
    const many = [{ sku: 'DR-001', q: 99 }];
    const refused = await till.call.openChallenge({ bill, basket: 'basket-0001', items: many });
    expect(problemOf(refused)).toMatch(/^over-/);
    const unknown = [{ sku: 'XX-999', q: 1 }];
    const asked = await till.call.openChallenge({ bill, basket: 'basket-0001', items: unknown });
    expect(problemOf(asked)).toBe('unknown-item');
  });
});

describe('an order from the phone', () => {
  it('is answered with what the flight sells and what it does not, and records nothing', async () => {
    const till = await openTill();
    const before = till.events().length;
    const text = composeOrderCode([
      { sku: 'DR-001', q: 2 },
      { sku: 'XX-999', q: 1 },
    ]);
    expect(await till.call.scan({ text })).toEqual({
      ok: true,
      value: { kind: 'order', items: [{ sku: 'DR-001', q: 2 }], unknown: ['XX-999'], lines: [] },
    });
    expect(problemOf(await till.call.scan({ text: 'CO1:%%%' }))).toBe('order-code-bad');
    expect(till.events()).toHaveLength(before);
  });
});

describe("the passenger's copy", () => {
  it('is the verbatim line of a sale, with the terminal that signed it', async () => {
    const till = await openTill();
    const bill = await billOf(till, someone(till));
    const sold = await till.call.confirmSale({ bill, basket: 'basket-0001', items: WATER });
    if (!sold.ok) throw new Error(sold.error.problem.kind);
    const copied = await till.call.copyFrames({ seq: sold.value.seq });
    if (!copied.ok) throw new Error(copied.error.problem.kind);
    let progress: CopyProgress | null = null;
    for (const text of copied.value.frames.toReversed()) {
      const frame = readCopyFrame(text);
      if (!frame.ok) throw new Error(frame.error);
      progress = addCopyFrame(progress, frame.value);
    }
    const content = progress === null ? null : copyContent(progress);
    const line = inflateRawSync(content?.deflatedLine ?? new Uint8Array(0)).toString('latin1');
    expect(line).toBe(sold.value.lines.find(({ seq }) => seq === sold.value.seq)?.line);
    expect(readLine(line)).toMatchObject({ ty: 'SALE', seq: sold.value.seq });
    const terminal = await readDemoTerminal(till.dir, till.clock.nowMs, crypto);
    if (!terminal.ok) throw new Error(terminal.error.kind);
    expect(content?.deviceThumbprint).toEqual(thumbprint8(terminal.value.signer.publicJwk, crypto));
  });

  it('is there for sales and voids only, never for what else the journal says', async () => {
    const till = await openTill();
    const bill = await billOf(till, someone(till));
    const sold = await till.call.confirmSale({ bill, basket: 'basket-0001', items: WATER });
    if (!sold.ok) throw new Error(sold.error.problem.kind);
    const voided = await till.call.voidSale({ seq: sold.value.seq, reason: 'mistake' });
    expect(voided.ok && (await till.call.copyFrames({ seq: voided.value.seq })).ok).toBe(true);
    for (const seq of [1, sold.value.seq - 1, 10_000]) {
      expect(problemOf(await till.call.copyFrames({ seq }))).toBe('sale-unknown');
    }
  });
});

describe('a terminal that never left its drawer', () => {
  it('is named in the close, if the flight has it', async () => {
    const till = await openTill();
    const { flight, terminal } = await startFresh(till);
    expect(flight.terminals.map(({ dev }) => dev)).toContain(terminal.dev);
    for (const dev of [terminal.dev, 'T-9999']) {
      const refused = await till.call.closeFlight({ acceptUnprinted: true, unused: [dev] });
      expect(refused).toMatchObject({ ok: false, error: { problem: { kind: 'unused-unknown', dev } } });
    }
    const others = flight.terminals.map(({ dev }) => dev).filter((dev) => dev !== terminal.dev);
    const closed = await till.call.closeFlight({ acceptUnprinted: true, unused: [...others, ...others] });
    expect(closed.ok).toBe(true);
    expect(till.events().find(({ ty }) => ty === 'FLIGHT_CLOSE')?.b).toMatchObject({ unused: others });
  });
});
