/** How long until the next try, as it is said: rounded, so that the words change seldom. */
export type CalmWait =
  | { readonly kind: 'soon' }
  | { readonly kind: 'seconds'; readonly count: number }
  | { readonly kind: 'minutes'; readonly count: number };

/** @param ms until then; what has passed is `soon`, too: the two clocks need not agree to the second */
export function calmWait(ms: number): CalmWait {
  if (ms <= 8000) return { kind: 'soon' };
  if (ms <= 55_000) return { kind: 'seconds', count: Math.ceil(ms / 10_000) * 10 };
  return { kind: 'minutes', count: Math.max(1, Math.round(ms / 60_000)) };
}
