// When a cabin code is good, and whether the phone's clock would spoil it: what the page says before the till refuses.
import type { PhoneFlight } from '../../web/phone-api.ts';

/** As the issuer sets `nbf` and `exp` (cabin-code.md 2.2). */
const BEFORE_DEPARTURE_MS = 6 * 3_600_000;
export const AFTER_ARRIVAL_MS = 12 * 3_600_000;
/** The till takes proofs 90 s old and 60 s ahead; half of that is where a wrong clock begins to hurt. */
const CLOCK_TOLERANCE_MS = 45_000;

export type Validity =
  | { readonly kind: 'good' }
  | { readonly kind: 'over' }
  | { readonly kind: 'not-yet'; readonly fromMs: number };

export function validityOf({ stdMs, staMs }: Pick<PhoneFlight, 'stdMs' | 'staMs'>, nowMs: number): Validity {
  const fromMs = stdMs - BEFORE_DEPARTURE_MS;
  if (nowMs < fromMs) return { kind: 'not-yet', fromMs };
  return nowMs > staMs + AFTER_ARRIVAL_MS ? { kind: 'over' } : { kind: 'good' };
}

/** Null when the clock is right enough, or nobody has compared it. */
export function clockHint(
  aheadMs: number | null,
): { readonly isAhead: boolean; readonly seconds: string } | null {
  if (aheadMs === null || Math.abs(aheadMs) <= CLOCK_TOLERANCE_MS) return null;
  return { isAhead: aheadMs > 0, seconds: Math.round(Math.abs(aheadMs) / 1000).toString() };
}
