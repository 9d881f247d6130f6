import wasmUrl from 'zxing-wasm/reader/zxing_reader.wasm?url';
import type { CodeKind, FrameAnswer, WorkerRequest } from './frame-messages.ts';
import { CODE_WORKER_URL, trustedScript } from './trusted-script.ts';

/** Reads one frame at a time; the pixels are consumed. */
export type FrameReader = {
  readonly read: (pixels: ImageData, of: CodeKind) => Promise<FrameAnswer>;
  readonly close: () => void;
};

export function openFrameReader(): FrameReader {
  const worker = new Worker(trustedScript(CODE_WORKER_URL), { type: 'module' });
  let settle: ((answer: FrameAnswer) => void) | null = null;
  const finish = (answer: FrameAnswer): void => {
    settle?.(answer);
    settle = null;
  };
  worker.addEventListener('message', ({ data }: MessageEvent<FrameAnswer>) => {
    finish(data);
  });
  worker.addEventListener('error', (event) => {
    console.error('the code worker failed', event.message);
    finish({ kind: 'failed' });
  });
  const post = (request: WorkerRequest, transfer: Transferable[]): void => {
    worker.postMessage(request, transfer);
  };
  post({ kind: 'prepare', wasmUrl: new URL(wasmUrl, document.baseURI).href }, []);
  return {
    read: (pixels, of) =>
      new Promise((resolve) => {
        settle = resolve;
        post({ kind: 'frame', pixels, of }, [pixels.data.buffer]);
      }),
    close: () => {
      worker.terminate();
      finish({ kind: 'failed' });
    },
  };
}
