import { describe, expect, it } from 'vitest';
import { createTillClock, type TillClock } from '../../../electron/clock/till-clock.ts';

const START_MS = 1_795_330_812_345;
const HOUR_MS = 3_600_000;

/** A clock whose hands can be turned while time passes by itself. */
function turnableClock(): { clock: TillClock; pass: (ms: number) => void; turn: (byMs: number) => void } {
  let passedMs = 0;
  let turnedMs = 0;
  const clock = createTillClock({
    nowMs: () => START_MS + passedMs + turnedMs,
    monotonicMs: () => 500 + passedMs,
  });
  return { clock, pass: (ms) => (passedMs += ms), turn: (byMs) => (turnedMs += byMs) };
}

describe("the till's clock", () => {
  it('goes with the wall clock, also through small corrections either way', () => {
    const { clock, pass, turn } = turnableClock();
    pass(10_000);
    turn(4000);
    expect(clock.nowMs()).toBe(START_MS + 14_000);
    turn(-3000);
    pass(10_000);
    expect(clock.nowMs()).toBe(START_MS + 21_000);
    expect(clock.takeJump()).toBeNull();
    expect(clock.isHeld()).toBe(false);
  });

  it('follows a jump ahead and tells of it once: so does a night in which the tablet slept', () => {
    const { clock, pass, turn } = turnableClock();
    turn(8 * HOUR_MS);
    expect(clock.nowMs()).toBe(START_MS + 8 * HOUR_MS);
    expect(clock.takeJump()).toBe(8 * HOUR_MS);
    pass(1000);
    expect(clock.takeJump()).toBeNull();
    expect(clock.isHeld()).toBe(false);
  });

  it('does not go back with a clock set back, goes on by itself, and tells of it once', () => {
    const { clock, pass, turn } = turnableClock();
    turn(-2 * HOUR_MS);
    expect(clock.nowMs()).toBe(START_MS);
    pass(60_000);
    expect(clock.nowMs()).toBe(START_MS + 60_000);
    expect(clock.takeJump()).toBe(-2 * HOUR_MS);
    pass(60_000);
    expect(clock.takeJump()).toBeNull();
    expect(clock.isHeld()).toBe(true);
  });

  it('tells of each further turn, and goes with the wall clock again once it is right', () => {
    const { clock, pass, turn } = turnableClock();
    turn(-2 * HOUR_MS);
    clock.takeJump();
    turn(-HOUR_MS);
    expect(clock.takeJump()).toBe(-3 * HOUR_MS);
    pass(5000);
    turn(3 * HOUR_MS);
    expect(clock.nowMs()).toBe(START_MS + 5000);
    expect(clock.takeJump()).toBeNull();
    expect(clock.isHeld()).toBe(false);
  });
});
