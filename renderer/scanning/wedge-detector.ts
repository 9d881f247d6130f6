// Tells a keyboard-wedge scanner from a person typing, whatever has the focus.

/** Codes a phone shows: the passenger's own and an order; all prefixes are of one length. */
const PREFIXES = ['CP1:', 'CO1:'];
const FIRST_CHAR = 'C';
const MAX_GAP_MS = 50;
const MAX_MEDIAN_MS = 35;
/** A busy tablet holds single keys up; the rest of a scan must not be typed into whatever has the focus meanwhile. */
const MAX_STALL_MS = 400;
const MAX_STALLS_IN_PREFIX = 1;
const MAX_STALLS = 4;
const MAX_CHARS = 1024;

export type WedgeState = {
  readonly chars: string;
  readonly lastAtMs: number;
  readonly gapsMs: readonly number[];
  /** Gaps longer than a scanner makes by itself. */
  readonly stalls: number;
  /** The prefix came at a scanner's speed: from here on keys belong to the scan. */
  readonly isScan: boolean;
  readonly isBroken: boolean;
};

export const WEDGE_IDLE: WedgeState = {
  chars: '',
  lastAtMs: Number.NEGATIVE_INFINITY,
  gapsMs: [],
  stalls: 0,
  isScan: false,
  isBroken: false,
};

/**
 * `pass`: the key is none of ours. `first`: it may start a scan, remember what it is about to change. `begin`: it is a
 * scan, take back the characters before this one and hold this one. `hold`: part of the scan. `scan`: finished.
 * `cut-short`: finished, but too slow or too long to be believed.
 */
export type WedgeVerdict =
  | { readonly kind: 'pass' | 'first' | 'begin' | 'hold' | 'cut-short' }
  | { readonly kind: 'scan'; readonly text: string };

type Step = { readonly state: WedgeState; readonly verdict: WedgeVerdict };

/** One key (`KeyboardEvent.key`) at the time the system saw it. Modifier keys must not be fed. */
export function feedKey(state: WedgeState, key: string, atMs: number): Step {
  return state.isScan && atMs - state.lastAtMs <= MAX_STALL_MS
    ? continueScan(state, key, atMs)
    : watchForPrefix(state, key, atMs);
}

function watchForPrefix(state: WedgeState, key: string, atMs: number): Step {
  const gapMs = atMs - state.lastAtMs;
  // With Caps Lock on, the scanner's capitals arrive small; Base45 has no small letters, so nothing is lost.
  const char = key.toUpperCase();
  const stalls = state.stalls + (gapMs > MAX_GAP_MS ? 1 : 0);
  const isInTime = !state.isScan && gapMs <= MAX_STALL_MS && stalls <= MAX_STALLS_IN_PREFIX;
  const known = isInTime ? state.chars : '';
  const chars = known + char;
  if (key.length !== 1 || !PREFIXES.some((prefix) => prefix.startsWith(chars))) {
    return char === FIRST_CHAR
      ? { state: { ...WEDGE_IDLE, chars: char, lastAtMs: atMs }, verdict: { kind: 'first' } }
      : { state: WEDGE_IDLE, verdict: { kind: 'pass' } };
  }
  const gapsMs = known === '' ? [] : [...state.gapsMs, gapMs];
  const isScan = PREFIXES.includes(chars);
  if (known === '') return { state: { ...WEDGE_IDLE, chars, lastAtMs: atMs }, verdict: { kind: 'first' } };
  const next: WedgeState = { chars, lastAtMs: atMs, gapsMs, stalls, isScan, isBroken: false };
  return { state: next, verdict: { kind: isScan ? 'begin' : 'pass' } };
}

function continueScan(state: WedgeState, key: string, atMs: number): Step {
  const gapMs = atMs - state.lastAtMs;
  const gapsMs = [...state.gapsMs, gapMs];
  const stalls = state.stalls + (gapMs > MAX_GAP_MS ? 1 : 0);
  const isBroken = state.isBroken || stalls > MAX_STALLS || state.chars.length > MAX_CHARS;
  if (key === 'Enter' || key === 'Tab') {
    const isBelieved = !isBroken && median(gapsMs) <= MAX_MEDIAN_MS;
    return {
      state: WEDGE_IDLE,
      verdict: isBelieved ? { kind: 'scan', text: state.chars } : { kind: 'cut-short' },
    };
  }
  const chars = key.length === 1 && !isBroken ? state.chars + key.toUpperCase() : state.chars;
  const next: WedgeState = { chars, lastAtMs: atMs, gapsMs, stalls, isScan: true, isBroken };
  return { state: next, verdict: { kind: 'hold' } };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
