// The ESC/POS dialect of our slips for receiptline: its generic commands without what cheap 58 mm printers do not know
// and without the 60 bytes of resets it sends around every line (2.5 s of a slip at 9600 baud).
import { commands, type BaseCommand, type QRCode } from 'receiptline';
import { encodeGb18030 } from './printable-text.ts';

const ESC = '\x1b';
const GS = '\x1d';
const FS = '\x1c';

const LINE_FEED = '\n';
const RESET = `${ESC}@`;
const CODE_PAGE_437 = `${ESC}t\x00`;
const CHINESE_MODE = `${FS}&`;
/** Status answers only when asked: automatic ones would be taken for answers to other questions. */
const NO_AUTOMATIC_STATUS = `${GS}a\x00`;
/** 1/6 inch; a numbered spacing means other things on other heads. */
const DEFAULT_LINE_SPACING = `${ESC}2`;
/** The quiet zone a QR reader needs: 3 mm, or half of that on heads that count finer. */
const QUIET_ZONE = `${ESC}J\x18`;
const FEED_AND_CUT = `${GS}VB\x00`;

/** Largest QR content a slip carries; the length field has two bytes, of which we need one. */
const MAX_QR_CHARS = 250;
const QR_TEXT = /^[0-9A-Z $%*+\-./:]+$/;

function qrFunction(fn: string, parameters: string): string {
  const length = parameters.length + 2;
  return `${GS}(k${String.fromCharCode(length & 0xff, length >> 8)}1${fn}${parameters}`;
}

/** A QR symbol drawn by the printer itself: 200 bytes instead of a raster of 3,000. */
function composeQr({ data, cell, level }: QRCode): string {
  if (!QR_TEXT.test(data) || data.length > MAX_QR_CHARS) throw new Error('not a QR text of a slip');
  return [
    qrFunction('A', '2\x00'),
    qrFunction('C', String.fromCharCode(cell)),
    qrFunction('E', { l: '0', m: '1', q: '2', h: '3' }[level]),
    qrFunction('P', `0${data}`),
    qrFunction('Q', '0'),
  ].join('');
}

/**
 * The last gate before paper (hardening.md 7.3): throws when a text would put a control byte into the stream.
 * It cannot happen to printable text; if it does, printing nothing is right.
 */
function encodeSafely(text: string): string {
  const bytes = encodeGb18030(text);
  for (let i = 0; i < bytes.length; i += 1) {
    const byte = bytes.charCodeAt(i);
    if (byte < 0x20 || byte === 0x7f || byte > 0xff) throw new Error('a control byte in the text of a slip');
  }
  return bytes;
}

export type SlipCommands = {
  readonly set: BaseCommand;
  readonly lineFeedCount: () => number;
};

/** A new command set, for one slip: it remembers what the printer's state is. */
export function createSlipCommands(): SlipCommands {
  const { generic } = commands;
  let isStyled = false;
  let alignment = 0;
  const alignTo = (next: number): string => {
    if (next === alignment) return '';
    alignment = next;
    return `${ESC}a${String.fromCharCode(next)}`;
  };
  let lineFeedCount = 0;
  const styled = (command: string): string => {
    isStyled = true;
    return command;
  };
  const set: BaseCommand = {
    ...generic,
    open: () => RESET + NO_AUTOMATIC_STATUS + DEFAULT_LINE_SPACING + CODE_PAGE_437 + CHINESE_MODE,
    close: () => FEED_AND_CUT,
    area: () => '',
    align: alignTo,
    absolute: (column) => (column === 0 ? '' : generic.absolute(column)),
    relative: (columns) => (columns === 0 ? '' : generic.relative(columns)),
    em: () => styled(`${ESC}E\x01`),
    wh: (scale) => styled(generic.wh(scale)),
    normal: () => {
      if (!isStyled) return '';
      isStyled = false;
      return `${ESC}E\x00${GS}!\x00`;
    },
    // The library's rule switches to a Katakana code page, which Chinese printers do not have.
    hr: (columns) => '-'.repeat(columns),
    lf: () => {
      lineFeedCount += 1;
      return LINE_FEED;
    },
    text: (text) => encodeSafely(text),
    qrcode: (symbol) => `${QUIET_ZONE}${composeQr(symbol)}${QUIET_ZONE}`,
  };
  return { set, lineFeedCount: () => lineFeedCount };
}
