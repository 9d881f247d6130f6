/** ESC/POS bytes in, what stands on the paper out. Follows the command subset of 203 dpi receipt printers with GB18030. */
import {
  FONT_CELL,
  PRINTABLE_DOTS,
  type CharactersPerLine,
  type DecodedDoc,
  type DecodeWarning,
  type PaperElement,
} from './decoded-doc.ts';
import type { CommandTable, DecoderContext, PrinterQuery } from './decoder-context.ts';
import { hexByte } from './escpos-frames.ts';
import { createEscposLexer, type Token } from './escpos-lexer.ts';
import { symbolCommands } from './graphics-commands.ts';
import { createLineBuffer } from './line-buffer.ts';
import { powerOnModes } from './printer-modes.ts';
import { createSlipCollector } from './slip-collector.ts';
import { layoutCommands, paperCommands, queryCommands, styleCommands } from './text-commands.ts';
import { createTextWriter } from './text-writer.ts';

type DecoderEvent =
  | { readonly kind: 'printed'; readonly element: PaperElement }
  | { readonly kind: 'warned'; readonly warning: DecodeWarning }
  | { readonly kind: 'asked'; readonly query: PrinterQuery; readonly byteLength: number };

type EscposDecoder = {
  /** Takes any bytes in any portions; never throws, and holds at most one command and one line between calls. */
  readonly push: (bytes: Uint8Array) => readonly DecoderEvent[];
  /** Ends the stream: warns of text and commands that never reached the paper. */
  readonly finish: () => readonly DecoderEvent[];
  /** Power cut: line buffer, modes and a half-received command are gone. */
  readonly reset: () => void;
};

const LF = 0x0a;
const CR = 0x0d;
const HT = 0x09;

/** Known to the printer, without effect on a till's slip. */
const WITHOUT_EFFECT: readonly string[] = ['ESC c', 'ESC =', 'ESC U', 'ESC r', 'GS f', 'GS P', 'FS ('];

type Surroundings = {
  readonly cpl: CharactersPerLine;
  readonly report: (event: DecoderEvent) => void;
  readonly position: () => number;
  readonly tokenLength: () => number;
};

function blankDotsAfter(element: PaperElement, before: number): number {
  switch (element.kind) {
    case 'line':
      return element.runs.length + element.images.length > 0 ? 0 : before + element.advanceDots;
    case 'feed':
      return before + element.dots;
    case 'cut':
      return Number.POSITIVE_INFINITY;
    case 'drawer-kick':
      return before;
    default:
      return 0;
  }
}

function createContext({ cpl, report, position, tokenLength }: Surroundings): DecoderContext {
  const fullArea = { leftDots: 0, widthDots: PRINTABLE_DOTS[cpl], align: 'left' } as const;
  const modes = powerOnModes(cpl);
  const line = createLineBuffer(fullArea);
  let blankDots = Number.POSITIVE_INFINITY;
  const emit = (element: PaperElement): void => {
    blankDots = blankDotsAfter(element, blankDots);
    report({ kind: 'printed', element });
  };
  return {
    cpl,
    modes,
    line,
    warn: (kind, detail) => {
      report({ kind: 'warned', warning: { kind, detail, atByte: position() } });
    },
    emit,
    blankDots: () => blankDots,
    ask: (query) => {
      report({ kind: 'asked', query, byteLength: tokenLength() });
    },
    printLine: () => {
      emit(line.print(modes.lineSpacingDots, modes.isUpsideDown));
    },
    initialize: () => {
      Object.assign(modes, powerOnModes(cpl));
      line.clear();
      line.setArea(fullArea);
    },
  };
}

function tab({ modes, line }: DecoderContext): void {
  const columnDots = FONT_CELL[modes.font].widthDots * modes.westernScale.width;
  const stops = modes.tabStopsColumns.map((column) => column * columnDots);
  const next = stops.find((stop) => stop > line.cursorDots());
  if (next !== undefined) line.moveTo(next);
}

function obeyControl(context: DecoderContext, byte: number): void {
  if (byte === LF) context.printLine();
  else if (byte === HT) tab(context);
  else if (byte === CR)
    return; // serial printers are delivered with "CR ignored"
  else context.warn('stray-control', `control byte ${hexByte(byte)}`);
}

export function createEscposDecoder(options: { readonly cpl: CharactersPerLine }): EscposDecoder {
  const lexer = createEscposLexer();
  let position = 0;
  let tokenLength = 0;
  let events: DecoderEvent[] = [];
  const context = createContext({
    cpl: options.cpl,
    report: (event) => events.push(event),
    position: () => position,
    tokenLength: () => tokenLength,
  });
  const writer = createTextWriter(context);
  const commands: CommandTable = {
    ...styleCommands(context),
    ...layoutCommands(context),
    ...paperCommands(context),
    ...queryCommands(context),
    ...symbolCommands(context),
  };

  function obeyCommand(token: Extract<Token, { kind: 'command' }>): void {
    const handler = commands[token.name];
    if (token.isTruncated) {
      context.warn('payload-too-large', `${token.name}: ${String(token.byteLength)} bytes`);
    }
    if (handler !== undefined) handler(token.parameters);
    else if (!WITHOUT_EFFECT.includes(token.name)) context.warn('unsupported-command', token.name);
  }

  function obey(token: Token): void {
    tokenLength = token.byteLength;
    if (token.kind === 'text') {
      writer.push(token.byte);
      return;
    }
    writer.interrupt();
    if (token.kind === 'control') obeyControl(context, token.byte);
    else if (token.kind === 'command') obeyCommand(token);
    else context.warn('unknown-command', token.name);
  }

  function takeEvents(): readonly DecoderEvent[] {
    const taken = events;
    events = [];
    return taken;
  }

  return {
    push(bytes) {
      for (const byte of bytes) {
        const token = lexer.push(byte);
        if (token !== undefined) obey(token);
        position += 1;
      }
      return takeEvents();
    },
    finish() {
      writer.interrupt();
      if (lexer.openLead() !== undefined) {
        context.warn('stream-ended-mid-command', 'the last command is incomplete');
      }
      if (!context.line.isEmpty()) {
        context.warn('unprinted-text-at-end', 'text without a line feed never reaches the paper');
      }
      return takeEvents();
    },
    reset() {
      lexer.reset();
      writer.reset();
      context.initialize();
      events = [];
    },
  };
}

/** Decodes a finished stream, for example one encoded receipt. Cuts stay in `elements`; split-slips answers one doc per slip. */
export function decodeEscpos(
  bytes: Uint8Array,
  options: { readonly cpl: CharactersPerLine },
): DecodedDoc & { readonly queries: readonly PrinterQuery[] } {
  const decoder = createEscposDecoder(options);
  const collector = createSlipCollector(options.cpl);
  const queries: PrinterQuery[] = [];
  for (const event of [...decoder.push(bytes), ...decoder.finish()]) {
    if (event.kind === 'asked') queries.push(event.query);
    else collector.add(event);
  }
  return { ...collector.take(), queries };
}
