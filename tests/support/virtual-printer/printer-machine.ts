/** The printer itself, without a cable: bytes in, answers and slips out, with paper, a cover and faults that can be set. */
import type { CharactersPerLine, DecodedDoc } from './decoded-doc.ts';
import { createPrintEngine } from './print-engine.ts';
import {
  isPrinterOnline,
  type PaperLevel,
  type PrinterCondition,
  type PrinterFault,
} from './printer-status.ts';
import { createPrinterVoice } from './printer-voice.ts';
import { createReceiver } from './receiver.ts';
import { createSlipSplitter, type Slip, type SplitterEvent } from './split-slips.ts';

export type PrinterSnapshot = PrinterCondition & {
  readonly isOnline: boolean;
  readonly isSilent: boolean;
  readonly slipCount: number;
  readonly receivedBytes: number;
  /** Received but not printed yet. */
  readonly heldBytes: number;
  /** The receive buffer is full: the printer has stopped reading the line. */
  readonly isPushingBack: boolean;
  /** Status and identity queries heard, answered or not. */
  readonly queryCount: number;
};

export type PrinterMachineOptions = {
  readonly cpl: CharactersPerLine;
  /** Printing speed; unlimited when absent. */
  readonly bytesPerSecond?: number;
  /**
   * Default 4096, the usual size; at least 64. When it is full the printer stops reading the line, so a DLE EOT sent behind
   * the data is not heard either until there is room: a till that wants the reason asks before it has filled the buffer.
   */
  readonly receiveBufferBytes?: number;
};

export type PrinterMachine = {
  readonly receive: (bytes: Uint8Array) => void;
  readonly setPaper: (paper: PaperLevel) => void;
  readonly setCover: (isOpen: boolean) => void;
  readonly setFault: (fault: PrinterFault) => void;
  /** A silent printer receives and prints but never answers. */
  readonly setSilent: (isSilent: boolean) => void;
  /** The paper ends after this many more printed lines, in the middle of a slip if it comes so. */
  readonly runOutOfPaperAfterLines: (lines: number) => void;
  readonly snapshot: () => PrinterSnapshot;
  readonly slips: () => readonly Slip[];
  /** What hangs out of the printer, not cut off yet. */
  readonly uncut: () => DecodedDoc;
  /** Power cut: what was received but not printed is lost, modes are forgotten, the paper stays as it is. */
  readonly loseMemory: () => void;
  readonly stop: () => void;
};

type PrinterMachineOutput = {
  readonly onAnswer: (bytes: Uint8Array) => void;
  /** Something in the snapshot may have changed. */
  readonly onChange: () => void;
  readonly onSlip: (slip: Slip) => void;
};

const DEFAULT_RECEIVE_BUFFER_BYTES = 4096;

export function createPrinterMachine(
  options: PrinterMachineOptions,
  output: PrinterMachineOutput,
): PrinterMachine {
  const splitter = createSlipSplitter({ cpl: options.cpl });
  const voice = createPrinterVoice(output.onAnswer);
  const slips: Slip[] = [];
  let condition: PrinterCondition = { paper: 'ok', isCoverOpen: false, fault: 'none' };
  let linesLeft = Number.POSITIVE_INFINITY;
  let receivedBytes = 0;

  function setCondition(change: Partial<PrinterCondition>): void {
    condition = { ...condition, ...change };
    voice.tellChange(condition);
    engine.work();
    output.onChange();
  }

  function countLine(): void {
    linesLeft -= 1;
    if (linesLeft > 0) return;
    linesLeft = Number.POSITIVE_INFINITY;
    setCondition({ paper: 'out' });
  }

  function follow(event: SplitterEvent): void {
    if (event.kind === 'asked') voice.answer(event.query, condition);
    if (event.kind === 'line-printed') countLine();
    if (event.kind !== 'slip-cut') return;
    slips.push(event.slip);
    output.onSlip(event.slip);
  }

  const receiver = createReceiver({
    capacityBytes: Math.max(64, options.receiveBufferBytes ?? DEFAULT_RECEIVE_BUFFER_BYTES),
    onRealTime: (command, n) => {
      const kind = command === 'DLE EOT' ? 'real-time-status' : 'real-time-recover';
      voice.answer({ kind, n }, condition);
    },
    onQueued: () => {
      engine.work();
    },
  });
  const engine = createPrintEngine({
    receiver,
    bytesPerSecond: options.bytesPerSecond,
    isOnline: () => isPrinterOnline(condition),
    print: (byte) => {
      splitter.push(Uint8Array.of(byte)).forEach(follow);
    },
    onProgress: output.onChange,
  });

  return {
    receive(bytes) {
      receivedBytes += bytes.length;
      receiver.receive(bytes);
      output.onChange();
    },
    setPaper(paper) {
      linesLeft = Number.POSITIVE_INFINITY;
      setCondition({ paper });
    },
    setCover: (isCoverOpen) => {
      setCondition({ isCoverOpen });
    },
    setFault: (fault) => {
      setCondition({ fault });
    },
    setSilent(isSilent) {
      voice.setSilent(isSilent);
      output.onChange();
    },
    runOutOfPaperAfterLines(lines) {
      linesLeft = Math.max(1, lines);
    },
    snapshot: () => ({
      ...condition,
      isOnline: isPrinterOnline(condition),
      isSilent: voice.isSilent(),
      slipCount: slips.length,
      receivedBytes,
      heldBytes: receiver.heldBytes(),
      isPushingBack: receiver.isPushingBack(),
      queryCount: voice.queryCount(),
    }),
    slips: () => [...slips],
    uncut: () => splitter.rest().doc,
    loseMemory() {
      engine.stop();
      receiver.reset();
      splitter.reset();
      voice.reset();
      output.onChange();
    },
    stop: engine.stop,
  };
}
