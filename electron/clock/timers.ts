/** Waiting, as devices need it; monotonic, so a set clock neither hurries nor hangs a port. */
export type Timers = {
  readonly monotonicMs: () => number;
  /** Runs once after the delay; answers the function that cancels it. */
  readonly after: (delayMs: number, run: () => void) => () => void;
};

export const systemTimers: Timers = {
  monotonicMs: () => performance.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => {
      clearTimeout(timer);
    };
  },
};
