/** Puts the elements of a decoded slip on a dot sheet, one below the other. */
import { barcodeBars } from './barcode-bars.ts';
import {
  FONT_CELL,
  type BarcodeElement,
  type Bitmap,
  type LineElement,
  type PaperElement,
  type Placement,
  type QrElement,
  type StyledRun,
} from './decoded-doc.ts';
import type { DotSheet } from './dot-sheet.ts';
import { qrMatrixOf } from './qr-matrix.ts';
import { glyphOf } from './slip-font.ts';

type Point = { readonly x: number; readonly y: number };
type Scaling = { readonly width: number; readonly height: number };

function startOf({ align, leftDots, widthDots }: Placement, contentDots: number): number {
  const spare = Math.max(0, widthDots - contentDots);
  return leftDots + (align === 'center' ? Math.floor(spare / 2) : align === 'right' ? spare : 0);
}

function stampBitmap(sheet: DotSheet, bitmap: Bitmap, at: Point, scale: Scaling): void {
  const bytesPerRow = Math.ceil(bitmap.widthDots / 8);
  for (let y = 0; y < bitmap.heightDots; y += 1) {
    for (let x = 0; x < bitmap.widthDots; x += 1) {
      const byte = bitmap.bits[y * bytesPerRow + (x >> 3)] ?? 0;
      if ((byte & (0x80 >> (x & 7))) === 0) continue;
      sheet.blacken(at.x + x * scale.width, at.y + y * scale.height, scale.width, scale.height);
    }
  }
}

/** Scaled characters are the small ones with every dot repeated, as the print head does it. */
function stampRun(sheet: DotSheet, run: StyledRun, bottom: number): void {
  const isChineseHeight = (cellDots: number): boolean => cellDots > FONT_CELL.A.widthDots;
  const cellHeight = FONT_CELL[run.font].heightDots;
  let x = run.xDots;
  let tallest = 0;
  Array.from(run.text).forEach((character, index) => {
    const cellDots = run.characterDots[index] ?? FONT_CELL.A.widthDots;
    const heightDots = isChineseHeight(cellDots) ? FONT_CELL.A.heightDots : cellHeight;
    const glyph = glyphOf({ character, widthDots: cellDots, heightDots, isBold: run.isBold });
    const top = bottom - heightDots * run.heightScale;
    glyph.dots.forEach((dot, place) => {
      if (dot === 0) return;
      const dotX = x + (place % cellDots) * run.widthScale;
      const dotY = top + Math.floor(place / cellDots) * run.heightScale;
      sheet.blacken(dotX, dotY, run.widthScale, run.heightScale);
    });
    x += cellDots * run.widthScale;
    tallest = Math.max(tallest, heightDots * run.heightScale);
  });
  if (run.underlineDots > 0) {
    sheet.blacken(run.xDots, bottom - run.underlineDots, run.widthDots, run.underlineDots);
  }
  if (run.isInverted) sheet.invert(run.xDots, bottom - tallest, run.widthDots, tallest);
}

function printLine(sheet: DotSheet, line: LineElement, top: number): number {
  const bottom = top + line.heightDots;
  sheet.extendTo(top + line.advanceDots);
  for (const image of line.images) {
    stampBitmap(sheet, image, { x: image.xDots, y: bottom - image.heightDots }, { width: 1, height: 1 });
  }
  for (const run of line.runs) stampRun(sheet, run, bottom);
  if (line.isUpsideDown) sheet.rotate(top, line.heightDots);
  return line.advanceDots;
}

function printQr(sheet: DotSheet, qr: QrElement, top: number): number {
  const matrix = qrMatrixOf(qr.data, qr.errorCorrection);
  if (matrix === undefined) return 0;
  const side = matrix.size * qr.moduleDots;
  const left = startOf(qr.placement, side);
  sheet.extendTo(top + side);
  for (let row = 0; row < matrix.size; row += 1) {
    for (let column = 0; column < matrix.size; column += 1) {
      if (!matrix.isDark(row, column)) continue;
      sheet.blacken(left + column * qr.moduleDots, top + row * qr.moduleDots, qr.moduleDots, qr.moduleDots);
    }
  }
  return side;
}

function printCaption(sheet: DotSheet, text: string, placement: Placement, top: number): number {
  const { widthDots: cell, heightDots } = FONT_CELL.A;
  sheet.extendTo(top + heightDots);
  const run: StyledRun = {
    ...{ text, xDots: startOf(placement, text.length * cell), widthDots: text.length * cell, align: 'left' },
    ...{ characterDots: Array.from(text, () => cell), font: 'A', isBold: false, isInverted: false },
    ...{ widthScale: 1, heightScale: 1, underlineDots: 0 },
  };
  stampRun(sheet, run, top + heightDots);
  return heightDots;
}

async function printBarcode(sheet: DotSheet, barcode: BarcodeElement, top: number): Promise<number> {
  const bars = await barcodeBars(barcode.symbology, barcode.text);
  if (bars === undefined) return 0; // printers leave out a barcode whose data breaks its rules
  const { captionPlace, placement, moduleDots, heightDots, text } = barcode;
  const left = startOf(placement, bars.length * moduleDots);
  let y = top;
  if (captionPlace === 'above' || captionPlace === 'both') y += printCaption(sheet, text, placement, y);
  sheet.extendTo(y + heightDots);
  bars.forEach((isBlack, index) => {
    if (isBlack) sheet.blacken(left + index * moduleDots, y, moduleDots, heightDots);
  });
  y += heightDots;
  if (captionPlace === 'below' || captionPlace === 'both') y += printCaption(sheet, text, placement, y);
  return y - top;
}

function feed(sheet: DotSheet, top: number, dots: number): number {
  sheet.extendTo(top + dots);
  return dots;
}

/** Prints the element with its upper edge at `top`; answers how far the paper moved. */
export async function printElement(sheet: DotSheet, element: PaperElement, top: number): Promise<number> {
  switch (element.kind) {
    case 'line':
      return printLine(sheet, element, top);
    case 'qr':
      return printQr(sheet, element, top);
    case 'barcode':
      return printBarcode(sheet, element, top);
    case 'raster': {
      const { placement, widthScale: width, heightScale: height } = element;
      const moved = feed(sheet, top, element.heightDots * height);
      const x = startOf(placement, element.widthDots * width);
      stampBitmap(sheet, element, { x, y: top }, { width, height });
      return moved;
    }
    case 'feed':
      return feed(sheet, top, element.dots);
    case 'cut':
      return feed(sheet, top, element.feedDots);
    case 'drawer-kick':
      return 0;
  }
}
