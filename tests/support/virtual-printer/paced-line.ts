/** Delivers bytes no faster than a serial line would: a pseudo-terminal has no baud rate of its own. */
import { performance } from 'node:perf_hooks';

type PacedLine = {
  readonly take: (bytes: Uint8Array) => void;
  /** Bytes still under way. */
  readonly pendingBytes: () => number;
  readonly clear: () => void;
};

const TICK_MS = 5;

/** `bytesPerSecond` is a tenth of the baud rate (8 data bits, start and stop bit). */
export function createPacedLine(bytesPerSecond: number, deliver: (bytes: Uint8Array) => void): PacedLine {
  let pending = new Uint8Array();
  let timer: NodeJS.Timeout | undefined;

  function clear(): void {
    clearInterval(timer);
    timer = undefined;
    pending = new Uint8Array();
  }

  function start(): void {
    let lastAt = performance.now();
    let owed = 0;
    timer = setInterval(() => {
      const now = performance.now();
      owed += ((now - lastAt) * bytesPerSecond) / 1000;
      lastAt = now;
      const count = Math.min(Math.floor(owed), pending.length);
      owed -= count;
      const due = pending.subarray(0, count);
      pending = pending.subarray(count);
      if (pending.length === 0) clear();
      if (count > 0) deliver(due);
    }, TICK_MS);
  }

  return {
    take(bytes) {
      const joined = new Uint8Array(pending.length + bytes.length);
      joined.set(pending);
      joined.set(bytes, pending.length);
      pending = joined;
      if (timer === undefined && pending.length > 0) start();
    },
    pendingBytes: () => pending.length,
    clear,
  };
}
