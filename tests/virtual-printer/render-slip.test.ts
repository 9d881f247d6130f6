import { createCanvas, loadImage } from '@napi-rs/canvas';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CharactersPerLine } from '../support/virtual-printer/decoded-doc.ts';
import { decodeEscpos } from '../support/virtual-printer/escpos-decoder.ts';
import { HEAD_MARGIN_DOTS, renderSlip, TAIL_MARGIN_DOTS } from '../support/virtual-printer/render-slip.ts';
import * as esc from './escpos-bytes.ts';
import { RECEIPT_CODE, sampleSlip } from './sample-slip.ts';

type Picture = {
  readonly width: number;
  readonly height: number;
  readonly isInk: (x: number, y: number) => boolean;
};

async function pixelsOf(png: Uint8Array): Promise<ImageData> {
  const image = await loadImage(Buffer.from(png));
  const pen = createCanvas(image.width, image.height).getContext('2d');
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, image.width, image.height);
  pen.drawImage(image, 0, 0);
  return pen.getImageData(0, 0, image.width, image.height) as unknown as ImageData;
}

async function render(bytes: Uint8Array, cpl: CharactersPerLine = 48): Promise<Picture> {
  const { width, height, data } = await pixelsOf(await renderSlip(decodeEscpos(bytes, { cpl })));
  return { width, height, isInk: (x, y) => (data[(y * width + x) * 4] ?? 255) < 128 };
}

function inkIn(picture: Picture, x: number, y: number, width: number, height: number): number {
  let count = 0;
  for (let row = y; row < y + height; row += 1) {
    for (let column = x; column < x + width; column += 1) if (picture.isInk(column, row)) count += 1;
  }
  return count;
}

const LEFT_80MM = 32;

/** Ink inside the cell of the first character of the first line, `columns` and `rows` cells of 12 x 24 dots. */
const inkOfFirstCell = (picture: Picture, columns = 1, rows = 1): number =>
  inkIn(picture, LEFT_80MM, HEAD_MARGIN_DOTS, 12 * columns, 24 * rows);

beforeAll(() => {
  const entry = createRequire(import.meta.url).resolve('zxing-wasm/reader');
  const wasm = readFileSync(join(dirname(entry), '../../reader/zxing_reader.wasm'));
  prepareZXingModule({ overrides: { wasmBinary: Uint8Array.from(wasm).buffer } });
});

describe('the picture of a slip', () => {
  it('is as wide as the paper roll at 203 dpi and as long as what was printed', async () => {
    const printed = esc.bytes(esc.ascii('a\nb\n'), esc.feedLines(2), esc.cutAfterFeed);
    const expected = HEAD_MARGIN_DOTS + 4 * 30 + TAIL_MARGIN_DOTS;
    expect(await render(printed, 48)).toMatchObject({ width: 640, height: expected });
    expect(await render(printed, 32)).toMatchObject({ width: 464, height: expected });
  });

  it('carries its resolution in the file', async () => {
    const png = Buffer.from(await renderSlip(decodeEscpos(esc.bytes(esc.ascii('a\n')), { cpl: 48 })));
    const at = png.indexOf('pHYs');
    expect([png.readUInt32BE(at + 4), png.readUInt32BE(at + 8), png[at + 12]]).toEqual([8000, 8000, 1]);
  });

  it('holds a QR symbol that a phone reads back', async () => {
    for (const cpl of [48, 32] as const) {
      const pixels = await pixelsOf(await renderSlip(decodeEscpos(sampleSlip(cpl), { cpl })));
      const [symbol] = await readBarcodes(pixels, { formats: ['QRCode'] });
      expect(symbol?.text).toBe(RECEIPT_CODE);
    }
  });

  it('holds barcodes that a scanner reads back', async () => {
    const ean = [
      0x1d,
      0x77,
      2,
      0x1d,
      0x68,
      80,
      0x1d,
      0x48,
      2,
      0x1d,
      0x6b,
      67,
      13,
      ...esc.ascii('6901234567892'),
    ];
    const code128 = [0x1d, 0x6b, 73, 9, ...esc.ascii('{BCT-0042')];
    for (const [barcode, text] of [
      [ean, '6901234567892'],
      [code128, 'CT-0042'],
    ] as const) {
      const doc = decodeEscpos(esc.bytes(esc.align(1), barcode), { cpl: 48 });
      const [found] = await readBarcodes(await pixelsOf(await renderSlip(doc)), { tryHarder: true });
      expect(found?.text).toBe(text);
    }
  });

  it('draws Chinese characters, each with a glyph of its own', async () => {
    const counts = new Set<number>();
    for (const character of '一青岛海鲜面') {
      counts.add(inkOfFirstCell(await render(esc.bytes(esc.chineseMode, esc.gb(character), 10)), 2));
    }
    expect(counts.size).toBeGreaterThanOrEqual(5);
    expect(Math.min(...counts)).toBeGreaterThan(10);
  });

  it('shows bold, double size, underline and inversion', async () => {
    const plain = inkOfFirstCell(await render(esc.bytes(esc.ascii('H\n'))));
    const bold = inkOfFirstCell(await render(esc.bytes(esc.bold(true), esc.ascii('H\n'))));
    const double = inkOfFirstCell(await render(esc.bytes(esc.size(2, 2), esc.ascii('H\n'))), 2, 2);
    const underlined = inkOfFirstCell(await render(esc.bytes(esc.underline(2), esc.ascii('H\n'))));
    const inverted = inkOfFirstCell(await render(esc.bytes(esc.inverted(true), esc.ascii('H\n'))));
    expect(bold).toBeGreaterThan(plain);
    expect(double).toBe(plain * 4);
    expect(underlined).toBe(plain + 2 * 12);
    expect(inverted).toBe(12 * 24 - plain);
  });

  it('draws a character the same whatever was drawn before it', async () => {
    const widths = { 卫: 2, 勒: 2, Q: 1 };
    for (const [character, columns] of Object.entries(widths)) {
      const bytes = esc.bytes(esc.chineseMode, esc.gb(character), 10);
      const before = inkOfFirstCell(await render(bytes), columns);
      await render(esc.bytes(esc.chineseMode, esc.bold(true), esc.gb(character), 10));
      expect(inkOfFirstCell(await render(bytes), columns)).toBe(before);
      expect(before).toBeGreaterThan(columns * 20);
      expect(before).toBeLessThan(columns * 120);
    }
  });

  it('joins ruled lines across characters', async () => {
    const picture = await render(esc.bytes([0x1b, 0x74, 1], [0x95, 0x95, 0x95, 10]));
    const rows = Array.from({ length: 24 }, (_, y) => inkIn(picture, LEFT_80MM, HEAD_MARGIN_DOTS + y, 36, 1));
    expect(rows.filter((ink) => ink === 36)).toHaveLength(2);
  });

  it('draws a box for a character the font does not have', async () => {
    const picture = await render(esc.bytes(esc.chineseMode, [0x81, 0x39, 0xef, 0x39, 10]));
    expect(inkOfFirstCell(picture, 2)).toBeGreaterThan(60);
  });

  it('puts aligned text where the printer would', async () => {
    const right = await render(esc.bytes(esc.align(2), esc.ascii('H\n')));
    expect(inkIn(right, LEFT_80MM + 564, HEAD_MARGIN_DOTS, 12, 24)).toBeGreaterThan(0);
    expect(inkIn(right, 0, HEAD_MARGIN_DOTS, LEFT_80MM + 564, 24)).toBe(0);
  });

  it('turns upside-down lines by half a turn', async () => {
    const upright = await render(esc.bytes(esc.ascii('F\n')));
    const turned = await render(esc.bytes([0x1b, 0x7b, 1], esc.ascii('F\n')));
    const last = { x: LEFT_80MM + 575, y: HEAD_MARGIN_DOTS + 23 };
    for (let y = 0; y < 24; y += 1) {
      for (let x = 0; x < 12; x += 1) {
        const original = upright.isInk(LEFT_80MM + x, HEAD_MARGIN_DOTS + y);
        expect(turned.isInk(last.x - x, last.y - y)).toBe(original);
      }
    }
  });

  it('draws pictures dot by dot', async () => {
    const picture = await render(esc.bytes(esc.raster(1, 2, [0b10100000, 0b00000001])));
    expect(inkIn(picture, LEFT_80MM, HEAD_MARGIN_DOTS, 8, 2)).toBe(3);
    expect(picture.isInk(LEFT_80MM + 7, HEAD_MARGIN_DOTS + 1)).toBe(true);
  });
});
