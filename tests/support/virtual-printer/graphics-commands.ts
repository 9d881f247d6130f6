/** Pictures, QR symbols and barcodes. */
import type { BarcodeSymbology, Bitmap, ErrorCorrection } from './decoded-doc.ts';
import { beginBlock, placementOf, word, type CommandTable, type DecoderContext } from './decoder-context.ts';
import { plainDigit } from './printer-modes.ts';
import { qrMatrixOf } from './qr-matrix.ts';

type Stored = { readonly bitmap: Bitmap; readonly widthScale: number; readonly heightScale: number };

function emitRaster(context: DecoderContext, stored: Stored): void {
  const { bitmap, widthScale, heightScale } = stored;
  beginBlock(context, 'a raster picture');
  const placement = placementOf(context);
  if (bitmap.widthDots * widthScale > placement.widthDots + 7) {
    context.warn('raster-too-wide', `${String(bitmap.widthDots * widthScale)} dots, the right end is lost`);
  }
  context.emit({ kind: 'raster', ...bitmap, widthScale, heightScale, placement });
}

/** Rows the payload was cut short of do not exist: a truncated picture is a shorter picture. */
function bitmapFrom(bytesPerRow: number, widthDots: number, rows: number, data: Uint8Array): Bitmap {
  const heightDots = bytesPerRow === 0 ? 0 : Math.min(rows, Math.floor(data.length / bytesPerRow));
  return { widthDots, heightDots, bits: data.slice(0, bytesPerRow * heightDots) };
}

/** `ESC *` sends columns from left to right, top bit first; turn them into rows. The 8-dot modes print each dot 3 high. */
function columnBitmap(mode: number, columns: number, data: Uint8Array): Bitmap {
  const bytesPerColumn = mode >= 32 ? 3 : 1;
  const rowRepeat = mode >= 32 ? 1 : 3;
  const columnRepeat = (mode & 1) === 1 ? 1 : 2;
  const widthDots = columns * columnRepeat;
  const bytesPerRow = Math.ceil(widthDots / 8);
  const bits = new Uint8Array(bytesPerRow * 24);
  for (let x = 0; x < widthDots; x += 1) {
    for (let y = 0; y < 24; y += 1) {
      const sourceRow = Math.floor(y / rowRepeat);
      const source = data[Math.floor(x / columnRepeat) * bytesPerColumn + (sourceRow >> 3)] ?? 0;
      if ((source & (0x80 >> (sourceRow & 7))) === 0) continue;
      const target = y * bytesPerRow + (x >> 3);
      bits[target] = (bits[target] ?? 0) | (0x80 >> (x & 7));
    }
  }
  return { widthDots, heightDots: 24, bits };
}

function pictureCommands(context: DecoderContext): CommandTable {
  let stored: Stored | undefined;

  /** `p` starts at m: fn 112 stores a raster (a bx by c xL xH yL yH data), fn 50 (or 2) prints what was stored. */
  function graphics(p: Uint8Array): void {
    const request = p[1];
    if (request === 50 || request === 2) {
      if (stored !== undefined) emitRaster(context, stored);
      stored = undefined;
    } else if (request === 112) {
      const widthDots = word(p, 6);
      const bitmap = bitmapFrom(Math.ceil(widthDots / 8), widthDots, word(p, 8), p.subarray(10));
      stored = { bitmap, widthScale: p[3] === 2 ? 2 : 1, heightScale: p[4] === 2 ? 2 : 1 };
    } else {
      context.warn('unsupported-command', `graphics function ${String(request)}`);
    }
  }

  return {
    'ESC *': (p) => {
      const columns = word(p, 1);
      const bitmap = columnBitmap(p[0] ?? 0, Math.min(columns, 2048), p.subarray(3));
      if (!context.line.hasRoomFor(bitmap.widthDots)) context.warn('raster-too-wide', 'ESC * picture');
      context.line.placeImage(bitmap);
    },
    'GS v': (p) => {
      const bytesPerRow = word(p, 2);
      const mode = plainDigit(p[1]);
      emitRaster(context, {
        bitmap: bitmapFrom(bytesPerRow, bytesPerRow * 8, word(p, 4), p.subarray(6)),
        widthScale: (mode & 1) === 1 ? 2 : 1,
        heightScale: (mode & 2) === 2 ? 2 : 1,
      });
    },
    'GS 8': (p) => {
      if (p[0] === 0x4c) graphics(p.subarray(5));
      else context.warn('unsupported-command', `GS 8 ${String(p[0])}`);
    },
    'GS L-graphics': graphics,
  };
}

const ERROR_CORRECTION: ReadonlyMap<number, ErrorCorrection> = new Map([
  [48, 'L'],
  [49, 'M'],
  [50, 'Q'],
  [51, 'H'],
]);

const QR_SYMBOL_TYPE = 49;

function printQr(context: DecoderContext): void {
  const { modes, warn } = context;
  beginBlock(context, 'a QR symbol');
  const matrix = qrMatrixOf(modes.qrData, modes.qrErrorCorrection);
  if (matrix === undefined) {
    warn('qr-not-printable', `${String(modes.qrData.length)} bytes at level ${modes.qrErrorCorrection}`);
    return;
  }
  const placement = placementOf(context);
  if (matrix.size * modes.qrModuleDots > placement.widthDots) {
    warn('qr-too-wide', `${String(matrix.size)} modules of ${String(modes.qrModuleDots)} dots`);
    return; // printers leave such a symbol out
  }
  context.emit({
    kind: 'qr',
    data: modes.qrData,
    moduleDots: modes.qrModuleDots,
    errorCorrection: modes.qrErrorCorrection,
    placement,
  });
}

/** `GS ( k`: p is cn fn and what follows. */
function symbolFunction(context: DecoderContext, p: Uint8Array): void {
  const { modes, warn } = context;
  const [symbolType, request, value = 0] = p;
  if (symbolType !== QR_SYMBOL_TYPE) {
    warn('unsupported-command', `GS ( k symbol type ${String(symbolType)}`);
    return;
  }
  switch (request) {
    case 65:
      if (value !== 50) warn('unsupported-command', `QR model ${String(value)}; only model 2 is drawn`);
      return;
    case 67:
      if (value >= 1 && value <= 16) modes.qrModuleDots = value;
      return;
    case 69:
      modes.qrErrorCorrection = ERROR_CORRECTION.get(value) ?? modes.qrErrorCorrection;
      return;
    case 80:
      modes.qrData = p.slice(3, 3 + 7092);
      return;
    case 81:
      printQr(context);
      return;
    default:
      warn('unsupported-command', `GS ( k function ${String(request)}`);
  }
}

const SYMBOLOGIES: readonly BarcodeSymbology[] = [
  'UPCA',
  'UPCE',
  'EAN13',
  'EAN8',
  'Code39',
  'ITF',
  'Codabar',
  'Code93',
  'Code128',
];

/** Code 128 data carries its code sets as `{A`, `{B`, `{C`; in set C one byte is two digits. */
function code128Text(data: Uint8Array): string {
  let text = '';
  let isPairs = false;
  for (let index = 0; index < data.length; index += 1) {
    const byte = data[index] ?? 0;
    const next = data[index + 1] ?? 0;
    if (byte !== 0x7b) {
      text += isPairs ? String(byte).padStart(2, '0') : String.fromCharCode(byte);
      continue;
    }
    if (next === 0x7b) text += '{';
    if (next === 0x41 || next === 0x42) isPairs = false;
    if (next === 0x43) isPairs = true;
    index += 1;
  }
  return text;
}

function printBarcode(context: DecoderContext, p: Uint8Array): void {
  const { modes, warn } = context;
  const m = p[0] ?? 0;
  const symbology = SYMBOLOGIES[m >= 65 ? m - 65 : m];
  if (symbology === undefined) {
    warn('unsupported-command', `barcode type ${String(m)}`);
    return;
  }
  beginBlock(context, 'a barcode');
  const data = m >= 65 ? p.subarray(2) : p.subarray(1, Math.max(1, p.length - 1));
  context.emit({
    kind: 'barcode',
    symbology,
    text: symbology === 'Code128' ? code128Text(data) : new TextDecoder('latin1').decode(data),
    heightDots: modes.barcodeHeightDots,
    moduleDots: modes.barcodeModuleDots,
    captionPlace: modes.barcodeCaptionPlace,
    placement: placementOf(context),
  });
}

const CAPTION_PLACES = ['none', 'above', 'below', 'both'] as const;

export function symbolCommands(context: DecoderContext): CommandTable {
  const { modes, warn } = context;
  const { 'GS L-graphics': graphics, ...pictures } = pictureCommands(context);
  return {
    ...pictures,
    'GS (': (p) => {
      if (p[0] === 0x6b) symbolFunction(context, p.subarray(3));
      else if (p[0] === 0x4c) graphics?.(p.subarray(3));
      else warn('unsupported-command', `GS ( ${String.fromCharCode(p[0] ?? 0x3f)}`);
    },
    'GS h': ([n = 0]) => {
      modes.barcodeHeightDots = Math.max(n, 1);
    },
    'GS w': ([n = 0]) => {
      modes.barcodeModuleDots = Math.min(Math.max(n, 1), 6);
    },
    'GS H': ([n]) => {
      modes.barcodeCaptionPlace = CAPTION_PLACES[plainDigit(n)] ?? 'none';
    },
    'GS k': (p) => {
      printBarcode(context, p);
    },
  };
}
