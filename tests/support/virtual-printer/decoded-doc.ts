/** What a receipt printer would have put on paper, as plain data. Every length is in dots of a 203 dpi head (8 dots = 1 mm). */

/** Characters per line of the built-in 12-dot font: 48 on 80 mm paper, 32 on 58 mm paper. */
export type CharactersPerLine = 32 | 48;

export const PRINTABLE_DOTS: Readonly<Record<CharactersPerLine, number>> = { 32: 384, 48: 576 };

export type Align = 'left' | 'center' | 'right';

export type Font = 'A' | 'B';

/** Width and height in dots of one unscaled Western character. A Chinese character is always 24 x 24. */
export const FONT_CELL: Readonly<Record<Font, { widthDots: number; heightDots: number }>> = {
  A: { widthDots: 12, heightDots: 24 },
  B: { widthDots: 9, heightDots: 17 },
};

export const CHINESE_CELL_DOTS = 24;

export type TextStyle = {
  readonly font: Font;
  readonly isBold: boolean;
  /** 1 is normal, 2 is double width, up to 8. */
  readonly widthScale: number;
  readonly heightScale: number;
  readonly underlineDots: 0 | 1 | 2;
  readonly isInverted: boolean;
};

/** Neighbouring characters of one style. `xDots` counts from the left end of the printable area, alignment applied. */
export type StyledRun = TextStyle & {
  readonly text: string;
  readonly xDots: number;
  readonly widthDots: number;
  /** Unscaled cell width of each character of `text`: 12 or 9 Western, 24 Chinese. */
  readonly characterDots: readonly number[];
  readonly align: Align;
};

/** One-bit picture, rows of whole bytes, most significant bit leftmost, 1 = black. */
export type Bitmap = { readonly widthDots: number; readonly heightDots: number; readonly bits: Uint8Array };

export type InlineImage = Bitmap & { readonly xDots: number };

/** Where a block may stand: the print area in force and the side it leans to. */
export type Placement = { readonly align: Align; readonly leftDots: number; readonly widthDots: number };

export type ErrorCorrection = 'L' | 'M' | 'Q' | 'H';

export type BarcodeSymbology =
  'UPCA' | 'UPCE' | 'EAN13' | 'EAN8' | 'Code39' | 'ITF' | 'Codabar' | 'Code93' | 'Code128';

export type LineElement = {
  readonly kind: 'line';
  readonly runs: readonly StyledRun[];
  readonly images: readonly InlineImage[];
  /** How far the paper moved: the line spacing, or the tallest character if that is more. */
  readonly advanceDots: number;
  /** Height of the tallest thing on the line; shorter things stand on the same bottom edge. */
  readonly heightDots: number;
  readonly isUpsideDown: boolean;
};

export type QrElement = {
  readonly kind: 'qr';
  readonly data: Uint8Array;
  readonly moduleDots: number;
  readonly errorCorrection: ErrorCorrection;
  readonly placement: Placement;
};

export type BarcodeElement = {
  readonly kind: 'barcode';
  readonly symbology: BarcodeSymbology;
  readonly text: string;
  readonly heightDots: number;
  readonly moduleDots: number;
  readonly captionPlace: 'none' | 'above' | 'below' | 'both';
  readonly placement: Placement;
};

type RasterElement = Bitmap & {
  readonly kind: 'raster';
  readonly widthScale: number;
  readonly heightScale: number;
  readonly placement: Placement;
};

type FeedElement = { readonly kind: 'feed'; readonly dots: number; readonly lines: number };

type CutElement = {
  readonly kind: 'cut';
  readonly mode: 'full' | 'partial';
  readonly feedDots: number;
};

export type DrawerKickElement = {
  readonly kind: 'drawer-kick';
  readonly pin: 2 | 5;
  readonly onMs: number;
  readonly offMs: number;
};

export type PaperElement =
  LineElement | QrElement | BarcodeElement | RasterElement | FeedElement | CutElement | DrawerKickElement;

export type DecodeWarningKind =
  | 'align-ignored-mid-line'
  | 'block-mid-line'
  | 'cut-through-text'
  | 'cut-with-unprinted-text'
  | 'four-byte-character'
  | 'high-byte-outside-chinese-mode'
  | 'line-wrapped'
  | 'payload-too-large'
  | 'qr-not-printable'
  | 'qr-too-wide'
  | 'raster-too-wide'
  | 'slip-too-long'
  | 'stray-control'
  | 'stream-ended-mid-command'
  | 'undecodable-gb18030'
  | 'unknown-code-page'
  | 'unknown-command'
  | 'unprinted-text-at-end'
  | 'unsupported-command';

/** `atByte` counts from 0 at the first byte the decoder was given. */
export type DecodeWarning = {
  readonly kind: DecodeWarningKind;
  readonly detail: string;
  readonly atByte: number;
};

export type DecodedDoc = {
  readonly cpl: CharactersPerLine;
  readonly elements: readonly PaperElement[];
  readonly warnings: readonly DecodeWarning[];
};

/** The printed lines in paper order, blank ones included. */
export function linesOf(doc: DecodedDoc): readonly LineElement[] {
  return doc.elements.filter((element) => element.kind === 'line');
}

/** The QR symbols in paper order. */
export function qrSymbolsOf(doc: DecodedDoc): readonly QrElement[] {
  return doc.elements.filter((element) => element.kind === 'qr');
}

/** A QR symbol's payload as a phone would show it (UTF-8; bad bytes become U+FFFD). */
export function qrTextOf(symbol: QrElement): string {
  return new TextDecoder('utf-8').decode(symbol.data);
}
