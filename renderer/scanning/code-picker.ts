// Which of the codes in a camera frame is meant: one, or nobody can tell.

/** How long several codes count as in view after they were last seen together: single frames miss one of them. */
const CROWD_HOLD_MS = 1000;
/** Codes that are meant, the passenger's own before an order. */
const OWN_PREFIXES = ['CP1:', 'CO1:'];

export type FrameView =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'one'; readonly text: string }
  /** Several, of which none is taken: it could be the wrong passenger's. */
  | { readonly kind: 'crowd' };

export type CodePicker = {
  /** `texts`: everything read in one frame, in any order. */
  readonly pick: (texts: readonly string[], nowMs: number) => FrameView;
};

function ownCodes(texts: readonly string[]): readonly string[] | undefined {
  return OWN_PREFIXES.map((prefix) => texts.filter((text) => text.startsWith(prefix))).find(
    (found) => found.length > 0,
  );
}

/** A cabin code among other codes is the one that is meant: stickers on seats and boarding passes do not count. */
export function createCodePicker(): CodePicker {
  let lastCrowdMs = Number.NEGATIVE_INFINITY;

  return {
    pick: (texts, nowMs) => {
      const [first, ...others] = new Set(ownCodes(texts) ?? texts);
      if (others.length > 0) lastCrowdMs = nowMs;
      if (nowMs - lastCrowdMs < CROWD_HOLD_MS) return { kind: 'crowd' };
      return first === undefined ? { kind: 'nothing' } : { kind: 'one', text: first };
    },
  };
}
