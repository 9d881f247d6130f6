/** A slip as a picture: the dots of the print head on a strip of thermal paper, one pixel per dot (203 dpi). */
import { crc32 } from 'node:zlib';
import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import { PRINTABLE_DOTS, type CharactersPerLine, type DecodedDoc } from './decoded-doc.ts';
import { createDotSheet, type DotSheet } from './dot-sheet.ts';
import { printElement } from './print-elements.ts';

/** 80 mm and 58 mm rolls at 8 dots per mm. */
const PAPER_DOTS: Readonly<Record<CharactersPerLine, number>> = { 32: 464, 48: 640 };

/** Blank paper between the last cut and the first line, and between the last line and the cut. */
export const HEAD_MARGIN_DOTS = 48;
export const TAIL_MARGIN_DOTS = 64;

const PAPER = { red: 0xfb, green: 0xfa, blue: 0xf5 };
const INK = { red: 0x22, green: 0x20, blue: 0x26 };
const PIXELS_PER_METRE = 8000;

const TOOTH_DOTS = 8;

/** How far the torn edge reaches into the picture at column x: a saw with teeth as wide as high. */
function toothDepth(x: number): number {
  return Math.abs((x % TOOTH_DOTS) - TOOTH_DOTS / 2);
}

type Strip = { readonly sheet: DotSheet; readonly cutRows: readonly number[] };

async function printAll(doc: DecodedDoc): Promise<Strip> {
  const sheet = createDotSheet(PRINTABLE_DOTS[doc.cpl]);
  const cutRows: number[] = [];
  let top = 0;
  for (const [index, element] of doc.elements.entries()) {
    top += await printElement(sheet, element, top);
    if (element.kind !== 'cut') continue;
    const isLast = index === doc.elements.length - 1;
    if (isLast) continue;
    cutRows.push(top + TAIL_MARGIN_DOTS);
    top += TAIL_MARGIN_DOTS + HEAD_MARGIN_DOTS;
    sheet.extendTo(top);
  }
  return { sheet, cutRows };
}

function paintPixels(pen: SKRSContext2D, { sheet, cutRows }: Strip, width: number, height: number): void {
  const image = pen.createImageData(width, height);
  const side = (width - sheet.widthDots) / 2;
  const inkRows = sheet.heightDots();
  for (let y = 0; y < height; y += 1) {
    const row = y - HEAD_MARGIN_DOTS;
    const isCutRow = cutRows.includes(row);
    for (let x = 0; x < width; x += 1) {
      const isPaper = y >= toothDepth(x) && height - 1 - y >= toothDepth(x);
      const column = x - side;
      const isInsideHead = column >= 0 && column < sheet.widthDots && row >= 0 && row < inkRows;
      const isInk = (isInsideHead && sheet.isBlack(column, row)) || (isCutRow && x % 16 < 8);
      const { red, green, blue } = isInk ? INK : PAPER;
      image.data.set([red, green, blue, isPaper ? 255 : 0], (y * width + x) * 4);
    }
  }
  pen.putImageData(image, 0, 0);
}

/** Adds the pHYs chunk behind the header, so that viewers and printers know the real size. */
function withResolution(png: Uint8Array): Uint8Array {
  const chunk = Buffer.alloc(21);
  chunk.writeUInt32BE(9, 0);
  chunk.write('pHYs', 4, 'latin1');
  chunk.writeUInt32BE(PIXELS_PER_METRE, 8);
  chunk.writeUInt32BE(PIXELS_PER_METRE, 12);
  chunk.writeUInt8(1, 16);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 17)), 17);
  const headerEnd = 33; // signature and IHDR have a fixed length
  return Buffer.concat([png.subarray(0, headerEnd), chunk, png.subarray(headerEnd)]);
}

/** A PNG of the slip, as wide as the paper (640 dots for 80 mm, 464 for 58 mm); cuts inside the doc are dashed lines across the paper. */
export async function renderSlip(doc: DecodedDoc): Promise<Uint8Array> {
  const strip = await printAll(doc);
  const width = PAPER_DOTS[doc.cpl];
  const height = HEAD_MARGIN_DOTS + strip.sheet.heightDots() + TAIL_MARGIN_DOTS;
  const canvas = createCanvas(width, height);
  paintPixels(canvas.getContext('2d'), strip, width, height);
  return withResolution(canvas.toBuffer('image/png'));
}
