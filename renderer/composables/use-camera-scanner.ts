import { onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import type { CameraState } from '../scanning/camera-state.ts';
import { openFrameReader, type FrameReader } from '../scanning/qr-frames.ts';

/** At most about 14 frames a second: a code is read within two, and the tablet stays cool. */
const FRAME_EVERY_MS = 70;
/** Below this no pixel shows anything; a dark cabin with a phone in it is far above. */
const BLACK_BELOW = 24;
const BLACK_AFTER_MS = 2000;

const WANTED: MediaStreamConstraints = {
  audio: false,
  video: { facingMode: { ideal: 'environment' }, width: { ideal: 1280 }, height: { ideal: 720 } },
};

type CameraScanner = {
  readonly state: Readonly<ShallowRef<CameraState>>;
  /** After the crew has plugged it in or let it. */
  readonly retry: () => void;
};

/** Opens the camera while it is wanted and a video element is there; `onFrame` gets the codes of each frame, if any. */
export function useCameraScanner(
  video: Readonly<Ref<HTMLVideoElement | null>>,
  isWanted: Readonly<Ref<boolean>>,
  onFrame: (texts: readonly string[]) => void,
): CameraScanner {
  const state = shallowRef<CameraState>('off');
  let stop: (() => void) | null = null;

  function start(element: HTMLVideoElement): void {
    stop?.();
    stop = runCamera(element, onFrame, (next) => {
      state.value = next;
    });
  }

  function end(): void {
    stop?.();
    stop = null;
    state.value = isWanted.value ? 'paused' : 'off';
  }

  function retry(): void {
    if (isWanted.value && video.value !== null) start(video.value);
  }

  watch(
    [video, isWanted],
    ([element, wanted]) => {
      if (wanted && element !== null) start(element);
      else end();
    },
    { immediate: true, flush: 'post' },
  );
  // A camera that was plugged in just now.
  const onDeviceChange = (): void => {
    if (state.value === 'missing' || state.value === 'busy') retry();
  };
  const devices = (navigator as { mediaDevices?: MediaDevices }).mediaDevices;
  watch(
    isWanted,
    (wanted) => {
      // Only then: to listen for devices starts a process of Chromium's that takes 60 MB.
      if (wanted) devices?.addEventListener('devicechange', onDeviceChange);
      else devices?.removeEventListener('devicechange', onDeviceChange);
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    devices?.removeEventListener('devicechange', onDeviceChange);
    end();
  });
  return { state, retry };
}

/** One life of the camera; returns the function that ends it. */
function runCamera(
  video: HTMLVideoElement,
  onFrame: (texts: readonly string[]) => void,
  report: (state: CameraState) => void,
): () => void {
  let isEnded = false;
  let stream: MediaStream | null = null;
  let reader: FrameReader | null = null;
  const tell = (state: CameraState): void => {
    if (!isEnded) report(state);
  };

  async function run(): Promise<void> {
    tell('starting');
    stream = await navigator.mediaDevices.getUserMedia(WANTED);
    if (isEnded) {
      stopTracks(stream);
      return;
    }
    for (const track of stream.getTracks()) {
      track.addEventListener('ended', () => {
        tell('missing');
        isEnded = true;
        reader?.close();
      });
    }
    video.srcObject = stream;
    await video.play();
    reader = openFrameReader();
    tell('ready');
    await readFrames(video, reader, () => isEnded, onFrame, tell);
  }

  run().catch((error: unknown) => {
    tell(stateOfFailure(error));
  });
  return () => {
    isEnded = true;
    reader?.close();
    if (stream !== null) stopTracks(stream);
    video.srcObject = null;
  };
}

async function readFrames(
  video: HTMLVideoElement,
  reader: FrameReader,
  isEnded: () => boolean,
  onFrame: (texts: readonly string[]) => void,
  tell: (state: CameraState) => void,
): Promise<void> {
  let lastLightMs = performance.now();
  while (!isEnded()) {
    const startedMs = performance.now();
    if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) {
      const answer = await reader.read(new VideoFrame(video));
      if (isEnded()) return;
      if (answer.kind === 'failed') tell('failed');
      else {
        const nowMs = performance.now();
        if (answer.brightest >= BLACK_BELOW) lastLightMs = nowMs;
        tell(nowMs - lastLightMs >= BLACK_AFTER_MS ? 'black' : 'ready');
        onFrame(answer.texts);
      }
    }
    await pause(Math.max(0, FRAME_EVERY_MS - (performance.now() - startedMs)));
  }
}

function pause(forMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, forMs);
  });
}

function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

function stateOfFailure(error: unknown): CameraState {
  switch (error instanceof Error ? error.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'denied';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing';
    case 'NotReadableError':
      return 'busy';
    default:
      return 'failed';
  }
}
