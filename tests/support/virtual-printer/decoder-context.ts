/** What every command handler works on. */
import type { CharactersPerLine, DecodeWarningKind, PaperElement, Placement } from './decoded-doc.ts';
import type { LineBuffer } from './line-buffer.ts';
import type { PrinterModes } from './printer-modes.ts';

/**
 * A command that wants an answer from the printer. `DLE ...` are real-time: printers answer them before printing what came
 * earlier. `automatic-status` (GS a) is a setting; it is answered once when its mask is not 0.
 */
export type PrinterQuery =
  | { readonly kind: 'real-time-status'; readonly n: number }
  | { readonly kind: 'real-time-recover'; readonly n: number }
  | { readonly kind: 'sensor-status'; readonly n: number }
  | { readonly kind: 'printer-id'; readonly n: number }
  | { readonly kind: 'automatic-status'; readonly mask: number };

export type DecoderContext = {
  readonly cpl: CharactersPerLine;
  readonly modes: PrinterModes;
  readonly line: LineBuffer;
  readonly emit: (element: PaperElement) => void;
  readonly warn: (kind: DecodeWarningKind, detail: string) => void;
  /** How far the paper moved since the last black dot. */
  readonly blankDots: () => number;
  readonly ask: (query: PrinterQuery) => void;
  /** Prints the line buffer (a blank line when it is empty). */
  readonly printLine: () => void;
  /** Back to power-on modes, line buffer emptied. */
  readonly initialize: () => void;
};

type CommandHandler = (parameters: Uint8Array) => void;

export type CommandTable = Readonly<Record<string, CommandHandler>>;

export function placementOf(context: DecoderContext): Placement {
  const { modes } = context;
  return { align: modes.align, leftDots: modes.areaLeftDots, widthDots: modes.areaWidthDots };
}

/** Symbols and pictures stand alone: text still waiting in the line buffer is printed first, and that is worth a warning. */
export function beginBlock(context: DecoderContext, name: string): void {
  if (context.line.isEmpty()) return;
  context.warn('block-mid-line', `${name} while text was waiting for a line feed`);
  context.printLine();
}

export function word(parameters: Uint8Array, index: number): number {
  return (parameters[index] ?? 0) | ((parameters[index + 1] ?? 0) << 8);
}
