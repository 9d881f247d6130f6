// What a till's camera makes of a page: the code is read out of its pixels.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import type { Locator, Page } from '@playwright/test';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';

const wasm = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
prepareZXingModule({ overrides: { wasmBinary: Uint8Array.from(readFileSync(wasm)).buffer } });

/** The codes in a picture of the page (or of a part of it). */
export async function codesSeen(target: Page | Locator): Promise<readonly string[]> {
  return codesInPng(await target.screenshot());
}

export async function codesInPng(png: Buffer): Promise<readonly string[]> {
  const image = await loadImage(png);
  const context = createCanvas(image.width, image.height).getContext('2d');
  context.drawImage(image, 0, 0);
  const { data, width, height } = context.getImageData(0, 0, image.width, image.height);
  const found = await readBarcodes(
    { data: new Uint8ClampedArray(data), width, height, colorSpace: 'srgb' },
    { formats: ['QRCode'], tryHarder: true, textMode: 'Plain' },
  );
  return found.filter((code) => code.isValid).map((code) => code.text);
}

/** The code on the page, read with the eyes of a till. */
export async function currentCode(page: Page): Promise<string> {
  await page.getByTestId('code').waitFor();
  const [text] = await codesSeen(page);
  if (text === undefined) throw new Error('no code can be read on the page');
  return text;
}
