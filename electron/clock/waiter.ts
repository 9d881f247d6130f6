import type { Timers } from './timers.ts';

/** Lets one loop wait for a condition that others make true. */
export type Waiter = {
  /** Something may have changed: the waiting loop looks again. */
  readonly wake: () => void;
  /** True as soon as the condition holds, false when the time is up. One caller at a time. */
  readonly until: (isReached: () => boolean, timeoutMs: number) => Promise<boolean>;
};

export function createWaiter(timers: Timers): Waiter {
  let look: () => void = () => undefined;
  return {
    wake: () => {
      look();
    },
    until: async (isReached, timeoutMs) => {
      const endMs = timers.monotonicMs() + timeoutMs;
      while (!isReached()) {
        const leftMs = endMs - timers.monotonicMs();
        if (leftMs <= 0) return false;
        await new Promise<void>((resolve) => {
          const cancel = timers.after(Math.ceil(leftMs), resolve);
          look = () => {
            cancel();
            resolve();
          };
        });
      }
      return true;
    },
  };
}
