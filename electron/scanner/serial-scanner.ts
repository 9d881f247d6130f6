// Keeps the serial scanner connected and hands on whole, known texts. Nothing is ever written to it.
import type { ScannerState } from '../../bridge/contract.ts';
import type { Settings } from '../../bridge/settings.ts';
import { systemTimers, type Timers } from '../clock/timers.ts';
import { createWaiter } from '../clock/waiter.ts';
import { createRateLimit } from '../ipc/rate-limit.ts';
import type { SerialPorts } from '../serial/serial-ports.ts';
import { isKnownScanText } from './known-scan-text.ts';
import { createScanFramer } from './scan-framer.ts';

export type SerialScanner = {
  readonly state: () => ScannerState;
  /** Turns to another scanner (settings changed). */
  readonly use: (target: Settings['scanner']) => void;
  readonly stop: () => Promise<void>;
};

export type SerialScannerParts = {
  readonly target: Settings['scanner'];
  readonly serialPorts: Pick<SerialPorts, 'open'>;
  /** Whether a text begins like something the till reads; everything else is dropped unseen. */
  readonly isKnownText?: (text: string) => boolean;
  /** At most 1,024 characters of ASCII 20h to 7Eh. */
  readonly onText: (text: string) => void;
  readonly onState: (state: ScannerState) => void;
  readonly timers?: Timers;
  /** Pauses between attempts to open; the last repeats. */
  readonly retryMs?: readonly [number, ...number[]];
};

/** A scanner sends a code in one go; a pause this long ends it. */
const IDLE_MS = 80;
/** Nobody scans faster; a scanner that sends codes without end must not bury the page in messages. */
const TEXTS_PER_SECOND = 5;
const RETRY_MS = [500, 1000, 2000, 3000] as const;
/** There is nothing to look after while a port is open or none is set; only an upper bound for one wait. */
const QUIET_WAIT_MS = 60_000;

export function createSerialScanner({
  target: firstTarget,
  serialPorts,
  isKnownText = isKnownScanText,
  onText,
  onState,
  timers = systemTimers,
  retryMs = RETRY_MS,
}: SerialScannerParts): SerialScanner {
  const waiter = createWaiter(timers);
  const rate = createRateLimit(TEXTS_PER_SECOND, timers.monotonicMs);
  let state: ScannerState = { kind: 'not-set' };
  let target = firstTarget;
  let isStopping = false;
  let isTurning = false;

  function show(next: ScannerState): void {
    if (JSON.stringify(next) === JSON.stringify(state)) return;
    state = next;
    onState(state);
  }

  /** One connection, to its end. False when the port could not be opened. */
  async function serve(path: string, baud: number): Promise<boolean> {
    let isOpen = true;
    let cancelIdle = (): void => undefined;
    const framer = createScanFramer((text) => {
      if (isKnownText(text) && rate.take()) onText(text);
    });
    const opened = await serialPorts.open(path, baud, {
      onData: (bytes) => {
        framer.push(bytes);
        cancelIdle();
        if (framer.isInFrame()) cancelIdle = timers.after(IDLE_MS, framer.endFrame);
      },
      onClosed: () => {
        isOpen = false;
        cancelIdle();
        waiter.wake();
      },
    });
    if (!opened.ok) {
      show({ kind: 'no-port', why: opened.error });
      return false;
    }
    show({ kind: 'ready' });
    while (!(await waiter.until(() => !isOpen || isStopping || isTurning, QUIET_WAIT_MS)));
    await opened.value.close();
    return true;
  }

  async function run(): Promise<void> {
    let failures = 0;
    while (!isStopping) {
      isTurning = false;
      if (target.kind === 'none') show({ kind: 'not-set' });
      else failures = (await serve(target.path, target.baud)) ? 0 : failures + 1;
      const retryPauseMs = retryMs[Math.min(failures, retryMs.length) - 1] ?? retryMs[0];
      const pauseMs = state.kind === 'not-set' ? QUIET_WAIT_MS : retryPauseMs;
      await waiter.until(() => isStopping || isTurning, pauseMs);
    }
  }

  const running = run();

  return {
    state: () => state,
    use: (next) => {
      if (JSON.stringify(next) === JSON.stringify(target)) return;
      target = next;
      isTurning = true;
      waiter.wake();
    },
    stop: async () => {
      isStopping = true;
      waiter.wake();
      await running;
    },
  };
}
