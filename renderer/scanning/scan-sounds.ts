import type { InjectionKey } from 'vue';

/** Told apart without looking: accepted rises, refused is one low tone. */
export type ScanSounds = { readonly accepted: () => void; readonly refused: () => void };

const VOLUME = 0.18;
const FADE_SECONDS = 0.02;

/** The composition root provides the real ones; without, the till is silent. */
export const SCAN_SOUNDS: InjectionKey<ScanSounds> = Symbol('scan sounds');

export const SILENT: ScanSounds = { accepted: () => undefined, refused: () => undefined };

/** Tones made on the spot: no file to load, and none to be late. */
export function createScanSounds(): ScanSounds {
  let context: AudioContext | null = null;

  function play(hertz: number, startSeconds: number, lengthSeconds: number, shape: OscillatorType): void {
    context ??= new AudioContext();
    const startAt = context.currentTime + startSeconds;
    const endAt = startAt + lengthSeconds;
    const tone = new OscillatorNode(context, { type: shape, frequency: hertz });
    const loudness = new GainNode(context, { gain: 0 });
    loudness.gain.setValueAtTime(0, startAt);
    loudness.gain.linearRampToValueAtTime(VOLUME, startAt + FADE_SECONDS);
    loudness.gain.setValueAtTime(VOLUME, endAt - FADE_SECONDS);
    loudness.gain.linearRampToValueAtTime(0, endAt);
    tone.connect(loudness).connect(context.destination);
    tone.start(startAt);
    tone.stop(endAt);
  }

  return {
    accepted: () => {
      play(880, 0, 0.08, 'sine');
      play(1320, 0.08, 0.12, 'sine');
    },
    refused: () => {
      play(196, 0, 0.16, 'square');
      play(196, 0.22, 0.2, 'square');
    },
  };
}
