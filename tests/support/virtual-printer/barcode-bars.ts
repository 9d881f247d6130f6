/** From barcode text to bars, with the writer of zxing-wasm. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { prepareZXingModule, writeBarcode } from 'zxing-wasm/writer';
import type { BarcodeSymbology } from './decoded-doc.ts';

let isPrepared = false;

/** Without this the library would look for its WebAssembly file on the network. */
function prepare(): void {
  if (isPrepared) return;
  const entry = createRequire(import.meta.url).resolve('zxing-wasm/writer');
  const wasm = readFileSync(join(dirname(entry), '../../writer/zxing_writer.wasm'));
  prepareZXingModule({ overrides: { wasmBinary: Uint8Array.from(wasm).buffer } });
  isPrepared = true;
}

/** One entry per module from left to right, true = black; undefined when the text does not fit the symbology. */
export async function barcodeBars(
  symbology: BarcodeSymbology,
  text: string,
): Promise<readonly boolean[] | undefined> {
  prepare();
  const { symbol, error } = await writeBarcode(text, { format: symbology, addQuietZones: false });
  if (error !== '' || symbol.width === 0) return undefined;
  return Array.from(symbol.data.subarray(0, symbol.width), (value) => value === 0);
}
