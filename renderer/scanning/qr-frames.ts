import wasmUrl from 'zxing-wasm/reader/zxing_reader.wasm?url';
import type { FrameAnswer, WorkerRequest } from './frame-messages.ts';
import workerUrl from './qr-worker.ts?worker&url';

/** Reads one frame at a time; the frame is consumed. */
export type FrameReader = {
  readonly read: (frame: VideoFrame) => Promise<FrameAnswer>;
  readonly close: () => void;
};

type ScriptPolicy = { readonly createScriptURL: (url: string) => string };
type PolicyFactory = { readonly createPolicy: (name: string, rules: ScriptPolicy) => ScriptPolicy };

/**
 * The page demands Trusted Types (hardening.md 7.1): the one script that is ever started from code is this worker, and
 * nothing but its own address gets through.
 */
function trustedWorkerUrl(): string {
  const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;
  const policy = factory?.createPolicy('qr-worker', {
    createScriptURL: (url) => {
      if (url !== workerUrl) throw new Error('only the QR worker may be started');
      return url;
    },
  });
  return policy?.createScriptURL(workerUrl) ?? workerUrl;
}

let trustedUrl: string | null = null;

export function openFrameReader(): FrameReader {
  // A policy's name can be taken once per page.
  trustedUrl ??= trustedWorkerUrl();
  const worker = new Worker(trustedUrl, { type: 'module' });
  let settle: ((answer: FrameAnswer) => void) | null = null;
  const finish = (answer: FrameAnswer): void => {
    settle?.(answer);
    settle = null;
  };
  worker.addEventListener('message', ({ data }: MessageEvent<FrameAnswer>) => {
    finish(data);
  });
  worker.addEventListener('error', (event) => {
    console.error('the QR worker failed', event.message);
    finish({ kind: 'failed' });
  });
  const post = (request: WorkerRequest, transfer: Transferable[]): void => {
    worker.postMessage(request, transfer);
  };
  post({ kind: 'prepare', wasmUrl: new URL(wasmUrl, document.baseURI).href }, []);
  return {
    read: (frame) =>
      new Promise((resolve) => {
        settle = resolve;
        post({ kind: 'frame', frame }, [frame]);
      }),
    close: () => {
      worker.terminate();
      finish({ kind: 'failed' });
    },
  };
}
