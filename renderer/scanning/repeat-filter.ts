import { SCAN } from '../../domain/limits.ts';

/**
 * `new`: act on it. `repeat`: the same text, still in view. `changed`: another text while a code was in view; most
 * often the phone in front of the lens has renewed its code.
 */
export type Sighting = 'new' | 'repeat' | 'changed';

export type RepeatFilter = {
  readonly see: (text: string, nowMs: number) => Sighting;
  /** The crew wants the next sighting to count, whatever it is. */
  readonly forget: () => void;
};

/** Ignores a text until it has been out of view for `repeatAfterMs`; each sighting starts that time anew. */
export function createRepeatFilter(repeatAfterMs: number = SCAN.repeatAfterMs): RepeatFilter {
  const lastSeenMs = new Map<string, number>();

  function dropOutOfView(nowMs: number): void {
    for (const [text, seenMs] of lastSeenMs) {
      if (nowMs - seenMs >= repeatAfterMs) lastSeenMs.delete(text);
    }
  }

  return {
    see: (text, nowMs) => {
      dropOutOfView(nowMs);
      const isKnown = lastSeenMs.has(text);
      const isCodeInView = lastSeenMs.size > 0;
      lastSeenMs.set(text, nowMs);
      if (isKnown) return 'repeat';
      return isCodeInView ? 'changed' : 'new';
    },
    forget: () => {
      lastSeenMs.clear();
    },
  };
}
