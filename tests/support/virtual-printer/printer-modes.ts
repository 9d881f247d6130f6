/** Everything ESC/POS commands can switch, as one mutable record, and its state after power-on. */
import type { Align, ErrorCorrection, Font } from './decoded-doc.ts';
import { PRINTABLE_DOTS, type CharactersPerLine } from './decoded-doc.ts';

export type Scale = { readonly width: number; readonly height: number };

export type PrinterModes = {
  align: Align;
  font: Font;
  isBold: boolean;
  isInverted: boolean;
  isUpsideDown: boolean;
  /** Western and Chinese characters keep their own size and underline; `GS !` sets both sizes. */
  westernScale: Scale;
  chineseScale: Scale;
  westernUnderlineDots: 0 | 1 | 2;
  chineseUnderlineDots: 0 | 1 | 2;
  isChineseMode: boolean;
  codePage: number;
  internationalSet: number;
  lineSpacingDots: number;
  rightSpacingDots: number;
  chineseSpacingDots: { readonly left: number; readonly right: number };
  tabStopsColumns: readonly number[];
  areaLeftDots: number;
  areaWidthDots: number;
  qrModuleDots: number;
  qrErrorCorrection: ErrorCorrection;
  qrData: Uint8Array;
  barcodeHeightDots: number;
  barcodeModuleDots: number;
  barcodeCaptionPlace: 'none' | 'above' | 'below' | 'both';
};

const NORMAL_SCALE: Scale = { width: 1, height: 1 };

/** 3.75 mm, what `ESC 2` selects. */
export const DEFAULT_LINE_SPACING_DOTS = 30;

/**
 * State after power-on and after `ESC @`. Chinese mode starts off although many Chinese printers start with it on: a till that
 * forgets `FS &` then shows as wrong text here, instead of working on one printer and failing on the next.
 */
export function powerOnModes(cpl: CharactersPerLine): PrinterModes {
  return {
    align: 'left',
    font: 'A',
    isBold: false,
    isInverted: false,
    isUpsideDown: false,
    westernScale: NORMAL_SCALE,
    chineseScale: NORMAL_SCALE,
    westernUnderlineDots: 0,
    chineseUnderlineDots: 0,
    isChineseMode: false,
    codePage: 0,
    internationalSet: 0,
    lineSpacingDots: DEFAULT_LINE_SPACING_DOTS,
    rightSpacingDots: 0,
    chineseSpacingDots: { left: 0, right: 0 },
    tabStopsColumns: Array.from({ length: 31 }, (_, index) => (index + 1) * 8),
    areaLeftDots: 0,
    areaWidthDots: PRINTABLE_DOTS[cpl],
    qrModuleDots: 3,
    qrErrorCorrection: 'L',
    qrData: new Uint8Array(),
    barcodeHeightDots: 162,
    barcodeModuleDots: 3,
    barcodeCaptionPlace: 'none',
  };
}

const ALIGNS: readonly Align[] = ['left', 'center', 'right'];

/** Parameters of the 0/1/2 kind may be sent as numbers or as the digits '0', '1', '2'. */
export function plainDigit(parameter: number | undefined): number {
  const value = parameter ?? 0;
  return value >= 48 && value <= 57 ? value - 48 : value;
}

export function alignOf(parameter: number | undefined): Align | undefined {
  return ALIGNS[plainDigit(parameter)];
}

export function underlineOf(parameter: number | undefined): 0 | 1 | 2 {
  const digit = plainDigit(parameter);
  return digit === 2 ? 2 : digit === 1 ? 1 : 0;
}

/** `GS !`: width in the high, height in the low half, 0 = once, 7 = eight times. */
export function scaleOf(parameter: number | undefined): Scale {
  const value = parameter ?? 0;
  return { width: ((value >> 4) & 7) + 1, height: (value & 7) + 1 };
}
