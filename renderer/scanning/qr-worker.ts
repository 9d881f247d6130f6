// Reads QR codes out of camera frames, away from the thread that answers taps.
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import type { FrameAnswer, WorkerRequest } from './frame-messages.ts';
import { createPixelReader } from './frame-pixels.ts';

/** Every how many pixels the brightness is sampled. */
const SAMPLE_STEP = 211;
/** A second passenger's code, or a sticker, must be seen to be told from the one that is meant. */
const MOST_CODES = 4;

const pixelReader = createPixelReader();

/** The brightest of the sampled pixels, 0 to 255. */
function brightestOf({ data }: ImageData): number {
  let brightest = 0;
  for (let i = 0; i + 2 < data.length; i += SAMPLE_STEP * 4) {
    brightest = Math.max(brightest, data[i] ?? 0, data[i + 1] ?? 0, data[i + 2] ?? 0);
  }
  return brightest;
}

async function readFrame(frame: VideoFrame): Promise<FrameAnswer> {
  const pixels = await pixelReader.read(frame);
  if (pixels === null) return { kind: 'failed' };
  const found = await readBarcodes(pixels, {
    formats: ['QRCode'],
    maxNumberOfSymbols: MOST_CODES,
    tryHarder: true,
    textMode: 'Plain',
  });
  const texts = found.filter((code) => code.isValid).map((code) => code.text);
  return { kind: 'read', texts, brightest: brightestOf(pixels) };
}

function answer(message: FrameAnswer): void {
  // In a worker `self.postMessage` takes a message alone; the DOM library types the one of a window.
  (self as unknown as { postMessage: (message: FrameAnswer) => void }).postMessage(message);
}

self.addEventListener('message', ({ data }: MessageEvent<WorkerRequest>) => {
  if (data.kind === 'prepare') {
    // By default the library fetches its wasm from a public server: ours lies beside the page.
    prepareZXingModule({ overrides: { locateFile: () => data.wasmUrl } });
    return;
  }
  readFrame(data.frame).then(answer, (error: unknown) => {
    console.error('a camera frame could not be read', error);
    answer({ kind: 'failed' });
  });
});
