// One open connection to a printer: questions, answers, and slips in portions that are answered for.
import { concatBytes } from '../../domain/encoding/bytes.ts';
import type { Waiter } from '../clock/waiter.ts';
import type { PrinterTiming } from './printer-timing.ts';
import {
  answerKindOf,
  PROCESSED_REQUEST,
  readStatus,
  STATUS_ANSWER_BYTES,
  STATUS_REQUEST,
  type PrinterStatus,
} from './status.ts';
import type { PrinterTransport } from './transport.ts';

/** What the printer says of itself: `no-answer` when it had time to and did not, `garbled` when it was rubbish. */
type HeardState = PrinterStatus | { readonly kind: 'no-answer' | 'garbled' };
type OnState = (state: HeardState) => void;

/** What earlier slips, also those of earlier connections, may have left behind. */
export type Leftovers = {
  /** A slip was broken off: something may hang out of the printer, and half a command be in it. */
  readonly isTorso: boolean;
  /** How many answers may still come; Infinity when nobody knows. */
  readonly owedAnswers: number;
};

export type PrinterSession = {
  readonly isOpen: () => boolean;
  /** Feeds what the transport brings; keeps at most a few bytes, whatever comes. */
  readonly receive: (bytes: Uint8Array) => void;
  readonly markClosed: () => void;
  readonly askStatus: () => Promise<HeardState>;
  /**
   * Waits until the printer has nothing left to do, so that no late answer to an earlier slip is taken for one to the
   * next. False when it does not answer.
   */
  readonly settle: (leftovers: Leftovers) => Promise<boolean>;
  /** Answers that may still come. */
  readonly owedAnswers: () => number;
  /** Prints; `onState` hears what the printer says meanwhile. False: nobody knows whether it came out. */
  readonly send: (bytes: Uint8Array, onState: OnState) => Promise<boolean>;
  readonly close: () => Promise<void>;
};

/**
 * Small enough that two portions fit every receive buffer (4 KB is usual): the printer never has to hold the line, so
 * status questions reach it even when the paper ends in the middle.
 */
const PORTION_BYTES = 1024;
const MOST_PORTIONS_UNDER_WAY = 2;
/** Two status reports nobody asked for, as some printers send when they are switched on; more of it is rubbish. */
const MOST_FOREIGN_BYTES = 8;

/** More than the longest command of a slip: a printer cut off in the middle of one swallows harmless commands. */
const HARMLESS = Uint8Array.from({ length: 320 }, (_, i) => (i % 2 === 0 ? 0x1b : 0x32));
/** Ends the torso of a broken slip: it must not hang on the next passenger's. */
const CUT_TORSO = Uint8Array.of(0x0a, 0x1d, 0x56, 0x42, 0x00);

/** Portions end behind a line feed. In a slip the byte 0Ah is nothing else (`encodeSlip` sees to it). */
function splitAtLines(bytes: Uint8Array): readonly Uint8Array[] {
  const portions: Uint8Array[] = [];
  let start = 0;
  while (bytes.length - start > PORTION_BYTES) {
    const lineEnd = bytes.lastIndexOf(0x0a, start + PORTION_BYTES - 1);
    const end = lineEnd < start ? bytes.length : lineEnd + 1;
    portions.push(bytes.subarray(start, end));
    start = end;
  }
  return start < bytes.length ? [...portions, bytes.subarray(start)] : portions;
}

/** Something the crew can put right; the slip goes on afterwards. */
function isTrouble({ kind }: HeardState): boolean {
  return kind === 'paper-out' || kind === 'cover-open' || kind === 'offline';
}

type SessionParts = {
  readonly transport: PrinterTransport;
  readonly waiter: Waiter;
  readonly timing: PrinterTiming;
  readonly monotonicMs: () => number;
};

export function createPrinterSession({
  transport,
  waiter,
  timing,
  monotonicMs,
}: SessionParts): PrinterSession {
  let isOpen = true;
  let isWriting = false;
  let statusAnswers: number[] = [];
  let askedCount = 0;
  let processedCount = 0;
  let isTalkingRubbish = false;
  let foreignCount = 0;

  function receive(bytes: Uint8Array): void {
    for (const byte of bytes) {
      const kind = answerKindOf(byte);
      if (kind === 'status' && statusAnswers.length < STATUS_ANSWER_BYTES) statusAnswers.push(byte);
      if (kind === 'processed') processedCount += 1;
      if (kind !== 'foreign') continue;
      isTalkingRubbish = true;
      foreignCount += 1;
    }
    waiter.wake();
  }

  /** One write at a time: a held line must not pile up questions. */
  async function write(bytes: Uint8Array, timeoutMs: number): Promise<boolean> {
    if (isWriting || !isOpen) return false;
    isWriting = true;
    let isWritten = false;
    void transport.write(bytes).then((hasLeft) => {
      isWriting = false;
      isWritten = hasLeft;
      waiter.wake();
    });
    await waiter.until(() => !isWriting || !isOpen, timeoutMs);
    return isWritten;
  }

  async function askStatus(): Promise<HeardState> {
    statusAnswers = [];
    foreignCount = 0;
    const startMs = monotonicMs();
    if (!(await write(STATUS_REQUEST, timing.answerMs))) return { kind: 'no-answer' };
    const leftMs = timing.answerMs - (monotonicMs() - startMs);
    const isAnswered = (): boolean => statusAnswers.length >= STATUS_ANSWER_BYTES;
    await waiter.until(() => isAnswered() || foreignCount > MOST_FOREIGN_BYTES || !isOpen, leftMs);
    // A status among rubbish is rubbish, too.
    if (foreignCount > MOST_FOREIGN_BYTES) return { kind: 'garbled' };
    const [printer, offline, error, paper] = statusAnswers;
    if (printer === undefined || offline === undefined || error === undefined || paper === undefined)
      return { kind: foreignCount > 0 ? 'garbled' : 'no-answer' };
    return readStatus([printer, offline, error, paper]);
  }

  async function settle({ isTorso, owedAnswers }: Leftovers): Promise<boolean> {
    askedCount = owedAnswers + 1;
    processedCount = 0;
    const question = isTorso ? concatBytes(HARMLESS, CUT_TORSO, PROCESSED_REQUEST) : PROCESSED_REQUEST;
    if (!(await write(question, timing.stallMs))) return false;
    await waiter.until(() => processedCount > 0 || !isOpen, timing.processMs);
    if (processedCount === 0) return false;
    while (isOpen && processedCount < askedCount) {
      const seen = processedCount;
      if (!(await waiter.until(() => processedCount > seen || !isOpen, timing.quietMs))) break;
    }
    return isOpen;
  }

  /** Waits for so many answers in all, as long as the printer needs while it says what is wrong. */
  async function awaitProcessed(count: number, byteCount: number, onState: OnState): Promise<boolean> {
    const startMs = monotonicMs();
    const transferMs = byteCount * timing.perByteMs;
    let endMs = startMs + transferMs + timing.processMs;
    const isAnswered = (): boolean => processedCount >= count;
    while (isOpen && monotonicMs() < endMs) {
      if (await waiter.until(() => isAnswered() || !isOpen, timing.pollMs)) break;
      const state = await askStatus();
      if (isAnswered()) break;
      // A question waits behind the slip on a slow line.
      if (state.kind !== 'no-answer' || monotonicMs() - startMs > transferMs) onState(state);
      if (isTrouble(state)) endMs = monotonicMs() + transferMs + timing.processMs;
    }
    return isAnswered();
  }

  async function send(bytes: Uint8Array, onState: OnState): Promise<boolean> {
    const portions = splitAtLines(bytes);
    askedCount = 0;
    processedCount = 0;
    isTalkingRubbish = false;
    for (const [i, portion] of portions.entries()) {
      const enough = i + 1 - MOST_PORTIONS_UNDER_WAY;
      if (enough > 0 && !(await awaitProcessed(enough, bytes.length, onState))) return false;
      askedCount += 1;
      if (!(await write(concatBytes(portion, PROCESSED_REQUEST), timing.stallMs))) return false;
    }
    const isProcessed = await awaitProcessed(portions.length, bytes.length, onState);
    // An answer among rubbish may be rubbish.
    return isProcessed && !isTalkingRubbish;
  }

  return {
    isOpen: () => isOpen,
    receive,
    markClosed: () => {
      isOpen = false;
      waiter.wake();
    },
    askStatus,
    settle,
    owedAnswers: () => Math.max(0, askedCount - processedCount),
    send,
    close: () => transport.close(),
  };
}
