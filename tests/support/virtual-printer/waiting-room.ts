/** Waiting for a condition of the printer instead of for time to pass. */
import type { PrinterSnapshot } from './printer-machine.ts';

type WaitingRoom = {
  /** Looks at every waiter's condition again. */
  readonly look: () => void;
  readonly waitUntil: (
    isReached: (snapshot: PrinterSnapshot) => boolean,
    timeoutMs: number,
  ) => Promise<PrinterSnapshot>;
  /** Whoever still waits is told that the printer is closed. */
  readonly close: () => void;
};

type Waiter = {
  readonly isReached: (snapshot: PrinterSnapshot) => boolean;
  readonly resolve: (snapshot: PrinterSnapshot) => void;
  readonly reject: (reason: Error) => void;
  readonly timer: NodeJS.Timeout;
};

export function createWaitingRoom(takeSnapshot: () => PrinterSnapshot): WaitingRoom {
  const waiters = new Set<Waiter>();

  function giveUp(waiter: Waiter, why: string): void {
    waiters.delete(waiter);
    clearTimeout(waiter.timer);
    waiter.reject(new Error(`${why}: ${JSON.stringify(takeSnapshot())}`));
  }

  return {
    look() {
      if (waiters.size === 0) return;
      const snapshot = takeSnapshot();
      for (const waiter of waiters) {
        if (!waiter.isReached(snapshot)) continue;
        waiters.delete(waiter);
        clearTimeout(waiter.timer);
        waiter.resolve(snapshot);
      }
    },
    waitUntil(isReached, timeoutMs) {
      const snapshot = takeSnapshot();
      if (isReached(snapshot)) return Promise.resolve(snapshot);
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          giveUp(waiter, 'the virtual printer did not get there');
        }, timeoutMs);
        const waiter: Waiter = { isReached, resolve, reject, timer };
        waiters.add(waiter);
      });
    },
    close() {
      for (const waiter of waiters) giveUp(waiter, 'the virtual printer was closed');
    },
  };
}
