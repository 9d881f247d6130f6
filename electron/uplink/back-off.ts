import type { UPLINK } from '../../domain/limits.ts';

/** How long to wait between tries, all in ms; tests bring a shorter one. */
export type UplinkPace = { readonly [Key in keyof typeof UPLINK.pace]: number };

export type BackOff = {
  /** The next wait in ms: twice the last one, up to the most, a quarter more or less by chance. */
  readonly next: () => number;
  readonly reset: () => void;
};

/** Many terminals reach the gate's network in the same minute: chance keeps them from asking all at once. */
export function createBackOff(firstMs: number, mostMs: number, random: () => number = Math.random): BackOff {
  let tries = 0;
  return {
    next: () => {
      const waitMs = Math.min(mostMs, firstMs * 2 ** Math.min(tries, 30));
      tries += 1;
      return Math.round(waitMs * (0.75 + random() * 0.5));
    },
    reset: () => {
      tries = 0;
    },
  };
}
