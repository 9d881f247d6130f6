/** Takes bytes out of the receive buffer and prints them: at once, or at a given speed; never while offline. */
import { performance } from 'node:perf_hooks';
import type { Receiver } from './receiver.ts';

type PrintEngine = {
  /** Prints what can be printed now, or makes sure the clock is running that will. */
  readonly work: () => void;
  readonly stop: () => void;
};

type PrintEngineParts = {
  readonly receiver: Receiver;
  /** As fast as bytes come when undefined. */
  readonly bytesPerSecond: number | undefined;
  readonly isOnline: () => boolean;
  readonly print: (byte: number) => void;
  /** Called after each tick of a slow printer. */
  readonly onProgress: () => void;
};

const TICK_MS = 10;

export function createPrintEngine(parts: PrintEngineParts): PrintEngine {
  const { receiver, bytesPerSecond, isOnline, print, onProgress } = parts;
  let timer: NodeJS.Timeout | undefined;
  let isPrinting = false;

  /** Prints up to `limit` bytes; answers how many it took. */
  function printSome(limit: number): number {
    let count = 0;
    for (; count < limit && isOnline(); count += 1) {
      const byte = receiver.shift();
      if (byte === undefined) break;
      print(byte);
    }
    return count;
  }

  function stop(): void {
    clearInterval(timer);
    timer = undefined;
  }

  function runClock(speed: number): void {
    let lastAt = performance.now();
    let owed = 0;
    timer = setInterval(() => {
      const now = performance.now();
      owed += ((now - lastAt) * speed) / 1000;
      lastAt = now;
      owed -= printSome(Math.floor(owed));
      receiver.pump();
      if (receiver.heldBytes() === 0 || !isOnline()) stop();
      onProgress();
    }, TICK_MS);
  }

  function printAll(): void {
    isPrinting = true;
    printSome(Number.POSITIVE_INFINITY);
    isPrinting = false;
    receiver.pump();
  }

  return {
    work() {
      if (isPrinting || receiver.heldBytes() === 0 || !isOnline()) return;
      if (bytesPerSecond === undefined) printAll();
      else if (timer === undefined) runClock(bytesPerSecond);
    },
    stop,
  };
}
