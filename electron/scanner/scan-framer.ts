// A scanner's bytes become whole texts (hardening.md 7.4). Whatever is plugged in, it can do no more than hold up a code.
import { SCAN } from '../../domain/limits.ts';

export type ScanFramer = {
  readonly push: (bytes: Uint8Array) => void;
  /** The line was quiet long enough: what has come is a whole text, and a flood is over. */
  readonly endFrame: () => void;
  readonly isInFrame: () => boolean;
};

const LF = 0x0a;
const CR = 0x0d;

/**
 * Frames end at CR, LF or quiet. Bytes outside ASCII 20h to 7Eh are dropped; a frame over the cap is dropped whole,
 * with everything behind it until the line is quiet.
 */
export function createScanFramer(onText: (text: string) => void): ScanFramer {
  let text = '';
  let isFlooded = false;

  function end(): void {
    const frame = text;
    text = '';
    if (frame !== '') onText(frame);
  }

  function take(byte: number): void {
    if (byte === CR || byte === LF) end();
    else if (byte >= 0x20 && byte <= 0x7e) text += String.fromCharCode(byte);
    if (text.length <= SCAN.maxTextChars) return;
    text = '';
    isFlooded = true;
  }

  return {
    push: (bytes) => {
      for (const byte of bytes) {
        if (isFlooded) return;
        take(byte);
      }
    },
    endFrame: () => {
      isFlooded = false;
      end();
    },
    isInFrame: () => isFlooded || text !== '',
  };
}
