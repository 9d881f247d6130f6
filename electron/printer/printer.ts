// Keeps the receipt printer connected, knows its state, and prints one slip at a time, never twice by itself.
import type { PrinterState } from '../../bridge/contract.ts';
import type { Settings } from '../../bridge/settings.ts';
import { systemTimers, type Timers } from '../clock/timers.ts';
import { createWaiter } from '../clock/waiter.ts';
import { createPrinterSession, type Leftovers, type PrinterSession } from './printer-session.ts';
import { PRINTER_TIMING, type PrinterTiming } from './printer-timing.ts';
import type { OpenTransport } from './transport.ts';

/**
 * `not-started`: no byte of it went out, printing again is safe, and the state is not `ready` now or was not.
 * `uncertain`: it was cut short behind its first byte, and only eyes can tell what is on the paper.
 */
export type PrintOutcome = 'printed' | 'not-started' | 'uncertain';

export type Printer = {
  readonly state: () => PrinterState;
  /** Calls back with each new state; answers the function that stops it. */
  readonly listen: (listener: (state: PrinterState) => void) => () => void;
  /** Takes whole commands in which the byte 0Ah is nothing but a line feed. Never rejects, never blocks another call. */
  readonly print: (bytes: Uint8Array) => Promise<PrintOutcome>;
  /** A slip was cut short in an earlier run: what hangs out of the printer is cut off before the next. */
  readonly noteCutShort: () => void;
  /** Turns to another printer (settings changed). */
  readonly use: (target: Settings['printer']) => void;
  /** Lets a slip being printed finish for a moment, then closes the port. */
  readonly stop: () => Promise<void>;
};

export type PrinterParts = {
  readonly target: Settings['printer'];
  readonly openTransport: OpenTransport;
  readonly timers?: Timers;
  readonly timing?: PrinterTiming;
};

/** With no printer set only `use` and `stop` matter; an upper bound for one wait. */
const NOTHING_SET_WAIT_MS = 60_000;

const NOTHING_LEFT: Leftovers = { isTorso: false, owedAnswers: 0 };

/** Nothing sensible was heard: the connection is given up after a while, for what it is worth. */
function isNoPrinter(kind: PrinterState['kind']): boolean {
  return kind === 'no-answer' || kind === 'garbled';
}

type Job = { readonly bytes: Uint8Array; readonly done: (outcome: PrintOutcome) => void };

export function createPrinter({
  target: firstTarget,
  openTransport,
  timers = systemTimers,
  timing = PRINTER_TIMING,
}: PrinterParts): Printer {
  const waiter = createWaiter(timers);
  const listeners = new Set<(state: PrinterState) => void>();
  let state: PrinterState = firstTarget.kind === 'none' ? { kind: 'not-set' } : { kind: 'connecting' };
  let target = firstTarget;
  let session: PrinterSession | null = null;
  let jobs: Job[] = [];
  let isStopping = false;
  let isTurning = false;
  let leftovers = NOTHING_LEFT;
  let isSettled = false;

  function show(next: PrinterState): void {
    if (JSON.stringify(next) === JSON.stringify(state)) return;
    state = next;
    for (const listener of listeners) listener(state);
  }

  function refuseJobs(): void {
    const refused = jobs;
    jobs = [];
    for (const { done } of refused) done('not-started');
  }

  async function connect(): Promise<PrinterSession | null> {
    if (target.kind === 'none') {
      show({ kind: 'not-set' });
      return null;
    }
    // The port may close again before `openTransport` has answered.
    const made: { session: PrinterSession | null; isClosed: boolean } = { session: null, isClosed: false };
    const opened = await openTransport(target, {
      onData: (bytes) => made.session?.receive(bytes),
      onClosed: () => {
        made.isClosed = true;
        made.session?.markClosed();
      },
    });
    if (!opened.ok) {
      show({ kind: 'no-port', why: opened.error });
      return null;
    }
    const { monotonicMs } = timers;
    made.session = createPrinterSession({ transport: opened.value, waiter, timing, monotonicMs });
    if (made.isClosed) made.session.markClosed();
    isSettled = false;
    return made.session;
  }

  async function printJob(current: PrinterSession, bytes: Uint8Array): Promise<PrintOutcome> {
    const heard = await current.askStatus();
    if (heard.kind !== 'ready') {
      show(heard);
      return 'not-started';
    }
    show({ kind: 'printing' });
    if (!isSettled) {
      isSettled = await current.settle(leftovers);
      leftovers = isSettled ? NOTHING_LEFT : { ...leftovers, owedAnswers: current.owedAnswers() };
    }
    if (!isSettled) {
      show({ kind: 'no-answer' });
      return 'not-started';
    }
    const isPrinted = await current.send(bytes, (seen) => {
      show(seen.kind === 'ready' ? { kind: 'printing' } : seen);
    });
    if (isPrinted) return 'printed';
    leftovers = { isTorso: true, owedAnswers: current.owedAnswers() };
    await current.close();
    return 'uncertain';
  }

  /** Serves one connection until it is over; a silent one is given up to be opened anew. */
  async function serve(current: PrinterSession): Promise<void> {
    let heardAtMs = timers.monotonicMs();
    const isWanted = (): boolean => current.isOpen() && !isStopping && !isTurning;
    while (isWanted()) {
      const job = jobs.shift();
      if (job !== undefined) {
        job.done(await printJob(current, job.bytes));
        continue;
      }
      const heard = await current.askStatus();
      if (!isWanted()) break;
      if (!isNoPrinter(heard.kind)) heardAtMs = timers.monotonicMs();
      else if (timers.monotonicMs() - heardAtMs > timing.reopenMs) break;
      show(heard);
      await waiter.until(() => jobs.length > 0 || !isWanted(), timing.pollMs);
    }
  }

  async function run(): Promise<void> {
    let failures = 0;
    while (!isStopping) {
      isTurning = false;
      session = await connect();
      failures = session === null ? failures + 1 : 0;
      if (session !== null) {
        await serve(session);
        await session.close();
        session = null;
        // Silence stays what it was; anything else is told anew, so that waiting slips notice the next `ready`.
        if (!isNoPrinter(state.kind))
          show(target.kind === 'none' ? { kind: 'not-set' } : { kind: 'connecting' });
      }
      refuseJobs();
      const retryPauseMs = timing.retryMs[Math.min(failures, timing.retryMs.length) - 1] ?? timing.retryMs[0];
      const pauseMs = state.kind === 'not-set' ? NOTHING_SET_WAIT_MS : retryPauseMs;
      await waiter.until(() => isStopping || isTurning, pauseMs);
    }
  }

  const running = run();

  return {
    state: () => state,
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    print: (bytes) =>
      new Promise((resolve) => {
        if (session === null || isStopping || isTurning) {
          resolve('not-started');
          return;
        }
        jobs.push({ bytes, done: resolve });
        waiter.wake();
      }),
    noteCutShort: () => {
      leftovers = { isTorso: true, owedAnswers: Infinity };
      isSettled = false;
    },
    use: (next) => {
      if (JSON.stringify(next) === JSON.stringify(target)) return;
      target = next;
      isTurning = true;
      waiter.wake();
    },
    stop: async () => {
      isStopping = true;
      waiter.wake();
      const cancel = timers.after(timing.graceMs, () => void session?.close());
      await running;
      cancel();
      refuseJobs();
    },
  };
}
