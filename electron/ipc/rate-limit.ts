/** A token bucket: `perSecond` on average, and that many in a burst. */
export function createRateLimit(
  perSecond: number,
  monotonicMs: () => number,
): { readonly take: () => boolean } {
  let tokens = perSecond;
  let filledAtMs = monotonicMs();
  return {
    take: () => {
      const nowMs = monotonicMs();
      tokens = Math.min(perSecond, tokens + ((nowMs - filledAtMs) * perSecond) / 1000);
      filledAtMs = nowMs;
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}
