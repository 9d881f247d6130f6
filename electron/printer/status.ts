// What a printer says about itself: DLE EOT 1 to 4, answered at once even off line, and GS r 1, answered in its turn.
import type { PrinterState } from '../../bridge/contract.ts';

/** Asks for printer, off-line, error and paper status; the answers come in this order, one byte each. */
export const STATUS_REQUEST = Uint8Array.of(
  ...[0x10, 0x04, 0x01],
  ...[0x10, 0x04, 0x02],
  ...[0x10, 0x04, 0x03],
  ...[0x10, 0x04, 0x04],
);
export const STATUS_ANSWER_BYTES = 4;

/** Processed in order behind the data before it, so its answer proves that the data was processed. */
export const PROCESSED_REQUEST = Uint8Array.of(0x1d, 0x72, 0x01);

type AnswerKind = 'status' | 'processed' | 'flow-control' | 'foreign';

/**
 * What a received byte can be, by the bits that are fixed: `0xx1xx10` for DLE EOT; `0xx0` with two equal pairs of paper
 * bits for GS r 1; XON and XOFF; everything else is noise or another device.
 */
export function answerKindOf(byte: number): AnswerKind {
  if ((byte & 0x93) === 0x12) return 'status';
  if (byte === 0x11 || byte === 0x13) return 'flow-control';
  const arePairsEqual = [0x0, 0x3].includes(byte & 0x3) && [0x0, 0xc].includes(byte & 0xc);
  return (byte & 0x90) === 0 && arePairsEqual ? 'processed' : 'foreign';
}

export type PrinterStatus = Extract<PrinterState, { kind: 'ready' | 'paper-out' | 'cover-open' | 'offline' }>;

const OFFLINE = 0x08;
const COVER_OPEN = 0x04;
const STOPPED_BY_PAPER_END = 0x20;
const ERROR = 0x40;
const CUTTER_OR_UNRECOVERABLE_OR_HEAD = 0x08 | 0x20 | 0x40;
const PAPER_NEAR_END = 0x0c;
const PAPER_END = 0x60;

/** The state behind the four answers. An open cover hides the paper sensor, so it is named first. */
export function readStatus(answers: readonly [number, number, number, number]): PrinterStatus {
  const [printer, offline, error, paper] = answers;
  if ((offline & COVER_OPEN) !== 0) return { kind: 'cover-open' };
  if ((paper & PAPER_END) !== 0 || (offline & STOPPED_BY_PAPER_END) !== 0) return { kind: 'paper-out' };
  const isInError = (offline & ERROR) !== 0 || (error & CUTTER_OR_UNRECOVERABLE_OR_HEAD) !== 0;
  if ((printer & OFFLINE) !== 0 || isInError) return { kind: 'offline' };
  return { kind: 'ready', isPaperLow: (paper & PAPER_NEAR_END) !== 0 };
}
