// Reads codes out of camera frames, away from the thread that answers taps.
import { prepareZXingModule, readBarcodes, type ReaderOptions } from 'zxing-wasm/reader';
import type { CodeKind, FrameAnswer, WorkerRequest } from './frame-messages.ts';

const FORMATS: Readonly<Record<CodeKind, NonNullable<ReaderOptions['formats']>>> = {
  till: ['QRCode'],
  'boarding-pass': ['QRCode', 'PDF417', 'Aztec', 'DataMatrix'],
};

async function readFrame(pixels: ImageData, of: CodeKind): Promise<FrameAnswer> {
  const found = await readBarcodes(pixels, {
    formats: FORMATS[of],
    maxNumberOfSymbols: 2,
    tryHarder: true,
    textMode: 'Plain',
  });
  return { kind: 'read', texts: found.filter((code) => code.isValid).map((code) => code.text) };
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
  readFrame(data.pixels, data.of).then(answer, (error: unknown) => {
    console.error('a camera frame could not be read', error);
    answer({ kind: 'failed' });
  });
});
