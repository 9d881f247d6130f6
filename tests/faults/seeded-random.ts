import { randomInt } from 'node:crypto';

/** Pseudo-random choices that a seed repeats. */
export type SeededRandom = {
  readonly seed: number;
  /** 0 <= x < 1 */
  readonly fraction: () => number;
  readonly below: (limit: number) => number;
  readonly pick: <T>(choices: readonly [T, ...(readonly T[])]) => T;
};

const MOST = 0xffff_ffff;

/** Mulberry32: small, and good enough to choose moments and items. */
export function createRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / (MOST + 1);
  };
  const below = (limit: number): number => Math.floor(fraction() * limit);
  return {
    seed,
    fraction,
    below,
    pick: ([first, ...others]) => [first, ...others][below(others.length + 1)] ?? first,
  };
}

/** `CABINTILL_FAULT_SEED` repeats an earlier campaign; without it each run is another. */
export function campaignSeed(): number {
  const wanted = Number(process.env['CABINTILL_FAULT_SEED']);
  return Number.isSafeInteger(wanted) && wanted > 0 ? wanted : randomInt(1, MOST);
}
