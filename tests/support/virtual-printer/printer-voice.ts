/** The answering half of the printer: which query gets which bytes, and when none. */
import type { PrinterQuery } from './decoder-context.ts';
import {
  automaticStatus,
  printerId,
  realTimeStatus,
  sensorStatus,
  type PrinterCondition,
} from './printer-status.ts';

type PrinterVoice = {
  readonly answer: (query: PrinterQuery, condition: PrinterCondition) => void;
  /** Sends the automatic status if `GS a` asked for it. */
  readonly tellChange: (condition: PrinterCondition) => void;
  readonly setSilent: (isSilent: boolean) => void;
  readonly isSilent: () => boolean;
  /** Queries heard, answered or not; the `GS a` setting is none. */
  readonly queryCount: () => number;
  readonly reset: () => void;
};

export function createPrinterVoice(send: (bytes: Uint8Array) => void): PrinterVoice {
  let isSilent = false;
  let automaticMask = 0;
  let queryCount = 0;

  function say(bytes: Uint8Array | number | undefined): void {
    if (isSilent || bytes === undefined) return;
    send(typeof bytes === 'number' ? Uint8Array.of(bytes) : bytes);
  }

  return {
    answer(query, condition) {
      if (query.kind === 'automatic-status') {
        automaticMask = query.mask;
        if (automaticMask !== 0) say(automaticStatus(condition));
        return;
      }
      queryCount += 1;
      if (query.kind === 'real-time-status') say(realTimeStatus(query.n, condition));
      if (query.kind === 'sensor-status') say(sensorStatus(query.n, condition));
      if (query.kind === 'printer-id') say(printerId(query.n));
    },
    tellChange(condition) {
      if (automaticMask !== 0) say(automaticStatus(condition));
    },
    setSilent(silent) {
      isSilent = silent;
    },
    isSilent: () => isSilent,
    queryCount: () => queryCount,
    reset() {
      automaticMask = 0;
    },
  };
}
