import { describe, expect, it } from 'vitest';
import { createBackOff } from '../../../electron/uplink/back-off.ts';

describe('the wait between tries', () => {
  it('doubles up to the most, and begins anew after a success', () => {
    const backOff = createBackOff(1000, 300_000, () => 0.5);
    const waits = Array.from({ length: 10 }, backOff.next);
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 64_000, 128_000, 256_000, 300_000]);
    backOff.reset();
    expect(backOff.next()).toBe(1000);
  });

  it('is a quarter shorter or longer by chance, so that terminals do not ask all at once', () => {
    expect(createBackOff(1000, 300_000, () => 0).next()).toBe(750);
    expect(createBackOff(1000, 300_000, () => 1).next()).toBe(1250);
  });

  it('stays at the most however often it is asked', () => {
    const backOff = createBackOff(1000, 300_000, () => 0.5);
    for (let i = 0; i < 2000; i++) backOff.next();
    expect(backOff.next()).toBe(300_000);
  });
});
