/** How patient the till is with a printer; all in ms. Tests shorten the long ones. */
export type PrinterTiming = {
  /** Pause between status questions. With `answerMs` it keeps the device bar at most 2 s behind. */
  readonly pollMs: number;
  readonly answerMs: number;
  /** How long a printer that reports no trouble may take to process what it got. */
  readonly processMs: number;
  /** Added per byte to the above: the slowest line is 9600 baud. */
  readonly perByteMs: number;
  /** How long the line may be held while bytes are being handed over. */
  readonly stallMs: number;
  /** Answers that an earlier slip still owes are lost when it was quiet this long; a portion prints faster. */
  readonly quietMs: number;
  /** A silent connection is opened anew after this long. */
  readonly reopenMs: number;
  /** Pauses between attempts to open; the last repeats. */
  readonly retryMs: readonly [number, ...number[]];
  /** How long a slip being printed may finish when the till ends. */
  readonly graceMs: number;
};

export const PRINTER_TIMING: PrinterTiming = {
  pollMs: 800,
  answerMs: 900,
  processMs: 12_000,
  perByteMs: 1.1,
  stallMs: 20_000,
  quietMs: 3000,
  reopenMs: 6000,
  retryMs: [500, 1000, 2000, 3000],
  graceMs: 3000,
};
