/** Cuts an ESC/POS byte stream into text bytes, control bytes and whole commands, one byte at a time, in bounded memory. */
import { commandName, frameOf, isLead, refineFrame, type Frame } from './escpos-frames.ts';

/** A payload longer than this is consumed but only its beginning is kept (14,000 raster rows of 80 mm paper fit). */
const MAX_KEPT_PARAMETER_BYTES = 1_048_576;

/** A NUL-terminated parameter list that never ends is given up after this many bytes. */
const MAX_UNTERMINATED_BYTES = 256;

const HEAD_BYTES = 16;

export type Token =
  | { readonly kind: 'text'; readonly byte: number; readonly byteLength: 1 }
  | { readonly kind: 'control'; readonly byte: number; readonly byteLength: 1 }
  | {
      readonly kind: 'command';
      readonly name: string;
      readonly parameters: Uint8Array;
      readonly byteLength: number;
      /** True when the payload was longer than MAX_KEPT_PARAMETER_BYTES and its end was dropped. */
      readonly isTruncated: boolean;
    }
  | { readonly kind: 'unknown'; readonly name: string; readonly byteLength: 2 };

type EscposLexer = {
  /** Takes one byte; answers the token it completes, if any. */
  readonly push: (byte: number) => Token | undefined;
  /** The lead byte (ESC, GS, FS, DLE) of the command under way, or undefined between tokens. */
  readonly openLead: () => number | undefined;
  /** Forgets a half-received command, as a power cut does. */
  readonly reset: () => void;
};

type OpenCommand = {
  readonly lead: number;
  readonly selector: number;
  frame: Frame;
  total: number | undefined;
  kept: Uint8Array;
  count: number;
};

function startCommand(lead: number, selector: number, frame: Frame): OpenCommand {
  return { lead, selector, frame, total: undefined, kept: new Uint8Array(HEAD_BYTES), count: 0 };
}

function keep(command: OpenCommand, byte: number): void {
  if (command.count === command.kept.length && command.count < MAX_KEPT_PARAMETER_BYTES) {
    const grown = new Uint8Array(Math.min(command.kept.length * 4, MAX_KEPT_PARAMETER_BYTES));
    grown.set(command.kept);
    command.kept = grown;
  }
  if (command.count < command.kept.length) command.kept[command.count] = byte;
  command.count += 1;
}

function isFinished(command: OpenCommand, lastByte: number | undefined): boolean {
  const { frame, count } = command;
  if (frame.kind === 'until-nul') {
    return (count > frame.from && lastByte === 0) || count >= MAX_UNTERMINATED_BYTES;
  }
  command.total ??= frame.total(command.kept.subarray(0, HEAD_BYTES), count);
  return command.total !== undefined && count >= command.total;
}

function toToken(command: OpenCommand): Token {
  return {
    kind: 'command',
    name: commandName(command.lead, command.selector),
    parameters: command.kept.slice(0, Math.min(command.count, command.kept.length)),
    byteLength: command.count + 2,
    isTruncated: command.count > command.kept.length,
  };
}

/**
 * A lexer at the start of a stream.
 *
 * Parameters are taken by their declared length, whatever they contain: a `10 04 01` inside a raster or a QR payload is
 * picture or text, not a status request. (Some real printers look for it even there and corrupt the picture.)
 */
export function createEscposLexer(): EscposLexer {
  let lead: number | undefined;
  let open: OpenCommand | undefined;

  function finish(command: OpenCommand): Token {
    open = undefined;
    lead = undefined;
    return toToken(command);
  }

  function pushSelector(leadByte: number, selector: number): Token | undefined {
    const frame = frameOf(leadByte, selector);
    if (frame === undefined) {
      lead = undefined;
      return { kind: 'unknown', name: commandName(leadByte, selector), byteLength: 2 };
    }
    open = startCommand(leadByte, selector, frame);
    return isFinished(open, undefined) ? finish(open) : undefined;
  }

  function pushParameter(command: OpenCommand, byte: number): Token | undefined {
    keep(command, byte);
    if (command.count === 1) command.frame = refineFrame(command.lead, command.selector, byte, command.frame);
    return isFinished(command, byte) ? finish(command) : undefined;
  }

  return {
    push(byte) {
      if (open !== undefined) return pushParameter(open, byte);
      if (lead !== undefined) return pushSelector(lead, byte);
      if (isLead(byte)) {
        lead = byte;
        return undefined;
      }
      const isText = byte >= 0x20 && byte !== 0x7f;
      return { kind: isText ? 'text' : 'control', byte, byteLength: 1 };
    },
    openLead: () => lead,
    reset() {
      lead = undefined;
      open = undefined;
    },
  };
}
