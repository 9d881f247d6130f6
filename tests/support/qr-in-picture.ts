// Reads QR codes out of a screenshot, as a phone's camera would.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';

let isPrepared = false;

/** The library looks for its binary on the web; it lies beside its code. */
function prepare(): void {
  if (isPrepared) return;
  const entry = createRequire(import.meta.url).resolve('zxing-wasm/reader');
  const wasm = readFileSync(join(dirname(entry), '../../reader/zxing_reader.wasm'));
  prepareZXingModule({ overrides: { wasmBinary: Uint8Array.from(wasm).buffer } });
  isPrepared = true;
}

/** The texts of the QR codes in a PNG. */
export async function qrTextsIn(png: Uint8Array): Promise<readonly string[]> {
  prepare();
  const found = await readBarcodes(Uint8Array.from(png), { formats: ['QRCode'], tryHarder: true });
  return found.map(({ text }) => text);
}
