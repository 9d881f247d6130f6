/** Cuts one printer stream into slips, each with the bytes that made it. */
import type { CharactersPerLine, DecodedDoc } from './decoded-doc.ts';
import type { PrinterQuery } from './decoder-context.ts';
import { createEscposDecoder } from './escpos-decoder.ts';
import { createSlipCollector } from './slip-collector.ts';

export type Slip = {
  /** The bytes from behind the last cut up to and with this one. Status queries are left out: they print nothing. */
  readonly raw: Uint8Array;
  readonly doc: DecodedDoc;
};

export type SplitterEvent =
  | { readonly kind: 'line-printed' }
  | { readonly kind: 'slip-cut'; readonly slip: Slip }
  | { readonly kind: 'asked'; readonly query: PrinterQuery };

type SlipSplitter = {
  readonly push: (bytes: Uint8Array) => readonly SplitterEvent[];
  /** What hangs out of the printer since the last cut. */
  readonly rest: () => Slip;
  /** Ends the stream: warnings about what never reached the paper go into `rest`. */
  readonly finish: () => void;
  /** Power cut: modes and unprinted text are lost; the paper stays. */
  readonly reset: () => void;
};

/** Bytes kept of one slip; what comes beyond is decoded but not kept. */
const MAX_RAW_BYTES = 8_388_608;

type ByteLog = {
  readonly add: (byte: number) => void;
  readonly drop: (count: number) => void;
  readonly bytes: () => Uint8Array;
  readonly clear: () => void;
};

function createByteLog(): ByteLog {
  let kept = new Uint8Array(1024);
  let length = 0;
  return {
    add(byte) {
      if (length === kept.length) {
        if (length >= MAX_RAW_BYTES) return;
        const grown = new Uint8Array(kept.length * 2);
        grown.set(kept);
        kept = grown;
      }
      kept[length] = byte;
      length += 1;
    },
    drop(count) {
      length = Math.max(0, length - count);
    },
    bytes: () => kept.slice(0, length),
    clear() {
      kept = new Uint8Array(1024);
      length = 0;
    },
  };
}

export function createSlipSplitter(options: { readonly cpl: CharactersPerLine }): SlipSplitter {
  const decoder = createEscposDecoder(options);
  const collector = createSlipCollector(options.cpl);
  const raw = createByteLog();

  function pushByte(byte: number): readonly SplitterEvent[] {
    raw.add(byte);
    const found: SplitterEvent[] = [];
    for (const event of decoder.push(Uint8Array.of(byte))) {
      if (event.kind === 'asked') {
        if (event.query.kind !== 'automatic-status') raw.drop(event.byteLength);
        found.push({ kind: 'asked', query: event.query });
        continue;
      }
      collector.add(event);
      if (event.kind !== 'printed') continue;
      if (event.element.kind === 'line') found.push({ kind: 'line-printed' });
      if (event.element.kind !== 'cut') continue;
      found.push({ kind: 'slip-cut', slip: { raw: raw.bytes(), doc: collector.take() } });
      raw.clear();
    }
    return found;
  }

  return {
    push(bytes) {
      const found: SplitterEvent[] = [];
      for (const byte of bytes) found.push(...pushByte(byte));
      return found;
    },
    rest: () => ({ raw: raw.bytes(), doc: collector.peek() }),
    finish() {
      for (const event of decoder.finish()) if (event.kind !== 'asked') collector.add(event);
    },
    reset: () => {
      decoder.reset();
    },
  };
}

/** Splits a finished stream. `rest` is what was printed (or left unprinted) behind the last cut. */
export function splitSlips(
  bytes: Uint8Array,
  options: { readonly cpl: CharactersPerLine },
): { readonly slips: readonly Slip[]; readonly rest: Slip } {
  const splitter = createSlipSplitter(options);
  const slips = splitter.push(bytes).flatMap((event) => (event.kind === 'slip-cut' ? [event.slip] : []));
  splitter.finish();
  return { slips, rest: splitter.rest() };
}
