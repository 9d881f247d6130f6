// A till whose clock was wrong at the start, or is set while it runs (trust.md 3.4; threats.md 17, 18).
import { describe, expect, it } from 'vitest';
import { ordinaryPassenger, pickPassenger, showCode } from '../../support/demo-passengers.ts';
import { openMainTill, startFresh, type MainTill } from '../../support/main-till.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const YEAR_MS = 365 * 24 * HOUR_MS;
/** The demo's pack is made twenty minutes before departure, the flight 45 minutes in the air. */
const SINCE_PACK_MS = 65 * MINUTE_MS;

function problemOf(answer: { ok: boolean; error?: { problem: { kind: string } } }): string {
  return answer.ok ? 'none' : (answer.error?.problem.kind ?? 'unknown');
}

function codeNow(till: MainTill): string {
  return showCode(ordinaryPassenger(till.people), Math.floor(till.clock.nowMs / 1000));
}

describe('a clock set back while the till runs', () => {
  it('is recorded and shown, and revives no old code', async () => {
    const till = await openMainTill();
    await startFresh(till);
    const screenshot = codeNow(till);
    till.clock.nowMs += 2 * HOUR_MS;
    till.clock.setByMs = -2 * HOUR_MS;
    expect(problemOf(await till.call.scan({ text: screenshot }))).toBe('code-proof-old');
    expect(till.events().filter((event) => event.ty === 'CLOCK_JUMP')).toMatchObject([
      { b: { byMs: -2 * HOUR_MS } },
    ]);
    expect(till.pushed.devices.at(-1)?.clock).toEqual({ kind: 'moved' });
    expect((await till.call.scan({ text: codeNow(till) })).ok).toBe(true);
  });

  it('does not set the journal back', async () => {
    const till = await openMainTill();
    await startFresh(till);
    till.clock.setByMs = -2 * HOUR_MS;
    await till.call.scan({ text: codeNow(till) });
    const times = till.events().map((event) => event.t);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it('is gone from the bar once it is right again', async () => {
    const till = await openMainTill();
    await startFresh(till);
    till.clock.setByMs = -2 * HOUR_MS;
    await till.call.scan({ text: codeNow(till) });
    till.clock.setByMs = 0;
    till.clock.nowMs += 1000;
    await till.call.scan({ text: codeNow(till) });
    expect(till.pushed.devices.at(-1)?.clock).toEqual({ kind: 'right' });
  });

  it('is bad at the next start: the till has recorded later times', async () => {
    const till = await openMainTill();
    await startFresh(till);
    till.clock.setByMs = -HOUR_MS;
    const again = await till.reopen();
    const { notices, devices } = await startFresh(again);
    expect(notices).toContainEqual({ kind: 'clock-bad' });
    expect(devices.clock).toEqual({ kind: 'bad' });
  });
});

describe('a clock before the flight pack', () => {
  it.each([
    ['a day', 24 * HOUR_MS],
    ['years', 6 * YEAR_MS],
  ])('by %s: the till opens, says so, and takes no code by a time it does not know', async (_long, byMs) => {
    const till = await openMainTill({ clockSetByMs: -byMs });
    const { notices, devices } = await startFresh(till);
    expect(notices).toContainEqual({ kind: 'clock-bad' });
    expect(devices.clock).toEqual({ kind: 'bad' });
    const answer = await till.call.scan({ text: codeNow(till) });
    expect(problemOf(answer)).toBe('clock-bad');
  });

  it('by minutes: a printed code still buys, within its own limits', async () => {
    const till = await openMainTill({ clockSetByMs: -(SINCE_PACK_MS + 10 * MINUTE_MS) });
    await startFresh(till);
    const printed = pickPassenger(till.people, (one) => one.holder === null && one.listed && !one.denied);
    const scanned = await till.call.scan({ text: printed.staticCode });
    expect(scanned).toMatchObject({ ok: true, value: { card: { mode: 'static', perSaleMinor: 10_000 } } });
    expect(problemOf(await till.call.scan({ text: codeNow(till) }))).toBe('clock-bad');
  });

  it('is no longer said when it has been set right', async () => {
    const till = await openMainTill({ clockSetByMs: -24 * HOUR_MS });
    await startFresh(till);
    till.clock.setByMs = 0;
    expect((await till.call.scan({ text: codeNow(till) })).ok).toBe(true);
    expect(till.pushed.devices.at(-1)?.clock).toEqual({ kind: 'right' });
  });
});

describe('a clock far after arrival', () => {
  it('while the till runs: recorded, shown, and said at the next code', async () => {
    const till = await openMainTill();
    await startFresh(till);
    till.clock.setByMs = 48 * HOUR_MS;
    expect(problemOf(await till.call.scan({ text: codeNow(till) }))).toBe('clock-bad');
    expect(till.pushed.devices.at(-1)?.clock).toEqual({ kind: 'bad' });
    expect(till.events().some((event) => event.ty === 'CLOCK_JUMP')).toBe(true);
  });

  it('at the start: the pack seems to have expired, and both times are told', async () => {
    const till = await openMainTill({ clockSetByMs: 48 * HOUR_MS });
    const nowMs = till.clock.nowMs + till.clock.setByMs;
    expect(await till.call.start({ ledger: null })).toMatchObject({
      kind: 'blocked',
      problem: { kind: 'pack-expired', nowMs },
    });
  });
});
