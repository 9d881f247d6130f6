import { onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import { stateOfFailure, type CameraState } from '../scanning/camera-state.ts';
import { openFrameReader } from '../scanning/frame-reader.ts';
import type { CodeKind } from '../scanning/frame-messages.ts';

/** At most about 14 frames a second: an animated code changes four times a second, and the phone stays cool. */
const FRAME_EVERY_MS = 70;
/** The longer side of what is read; more pixels only take longer. */
const MOST_PIXELS = 1280;

const WANTED: MediaStreamConstraints = {
  audio: false,
  video: { facingMode: { ideal: 'environment' }, width: { ideal: 1280 }, height: { ideal: 720 } },
};

/** Runs the camera while a video element is there; `onRead` gets the codes of each frame that has any. */
export function useCodeCamera(
  video: Readonly<Ref<HTMLVideoElement | null>>,
  of: CodeKind,
  onRead: (texts: readonly string[]) => void,
): { readonly state: Readonly<ShallowRef<CameraState>>; readonly retry: () => void } {
  const state = shallowRef<CameraState>('starting');
  let stop: (() => void) | null = null;

  function start(element: HTMLVideoElement): void {
    stop?.();
    stop = runCamera(element, of, onRead, (next) => {
      state.value = next;
    });
  }
  function end(): void {
    stop?.();
    stop = null;
  }
  watch(
    video,
    (element) => {
      if (element === null) end();
      else start(element);
    },
    { immediate: true, flush: 'post' },
  );
  // A phone in a pocket must not keep its camera open.
  const onVisibility = (): void => {
    if (document.visibilityState === 'hidden') end();
    else if (video.value !== null) start(video.value);
  };
  document.addEventListener('visibilitychange', onVisibility);
  onScopeDispose(() => {
    document.removeEventListener('visibilitychange', onVisibility);
    end();
  });
  return {
    state,
    retry: () => {
      if (video.value !== null) start(video.value);
    },
  };
}

/** One life of the camera; returns the function that ends it. */
function runCamera(
  video: HTMLVideoElement,
  of: CodeKind,
  onRead: (texts: readonly string[]) => void,
  report: (state: CameraState) => void,
): () => void {
  const ending = new AbortController();
  const { signal } = ending;

  async function run(): Promise<void> {
    report('starting');
    const devices = (navigator as { mediaDevices?: MediaDevices }).mediaDevices;
    if (devices === undefined) {
      report('missing');
      return;
    }
    const stream = await devices.getUserMedia(WANTED);
    const stopTracks = (): void => {
      for (const track of stream.getTracks()) track.stop();
      video.srcObject = null;
    };
    if (signal.aborted) {
      stopTracks();
      return;
    }
    signal.addEventListener('abort', stopTracks);
    video.srcObject = stream;
    await video.play();
    report('ready');
    await readFrames(video, of, signal, onRead);
  }

  run().catch((error: unknown) => {
    if (!signal.aborted) report(stateOfFailure(error));
  });
  return () => {
    ending.abort();
  };
}

async function readFrames(
  video: HTMLVideoElement,
  of: CodeKind,
  signal: AbortSignal,
  onRead: (texts: readonly string[]) => void,
): Promise<void> {
  const reader = openFrameReader();
  signal.addEventListener('abort', reader.close);
  const canvas = document.createElement('canvas');
  const isOver = (): boolean => signal.aborted;
  while (!isOver()) {
    const startedMs = performance.now();
    const pixels = takePixels(video, canvas);
    if (pixels !== null) {
      const answer = await reader.read(pixels, of);
      if (isOver()) return;
      if (answer.kind === 'failed') throw new Error('the code reader failed');
      if (answer.texts.length > 0) onRead(answer.texts);
    }
    const leftMs = Math.max(0, FRAME_EVERY_MS - (performance.now() - startedMs));
    await new Promise((resolve) => setTimeout(resolve, leftMs));
  }
}

function takePixels(video: HTMLVideoElement, canvas: HTMLCanvasElement): ImageData | null {
  const { videoWidth, videoHeight } = video;
  if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA || videoWidth === 0) return null;
  const scale = Math.min(1, MOST_PIXELS / Math.max(videoWidth, videoHeight));
  const width = Math.round(videoWidth * scale);
  const height = Math.round(videoHeight * scale);
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context?.drawImage(video, 0, 0, width, height);
  return context?.getImageData(0, 0, width, height) ?? null;
}
