// A till's challenge is agreed to once. The bound code may be shown again for a short while, in case the till missed it;
// after that the same challenge on a screen is somebody else's picture of it.
import { encodeHex } from '../../../domain/encoding/hex.ts';
import type { AnsweredChallenge } from '../storage/phone-storage.ts';

/** A bound code is shown this long after the passenger agreed, seconds. */
export const SHOW_AGAIN_SECONDS = 120;
const KEPT_CHALLENGES = 100;

export type ChallengeStanding = 'new' | 'just-answered' | 'used-up';

export function standingOf(
  challenge: Uint8Array,
  answered: readonly AnsweredChallenge[],
  nowMs: number,
): ChallengeStanding {
  const known = answered.find((one) => one.challenge === encodeHex(challenge));
  if (known === undefined) return 'new';
  return Math.abs(nowMs - known.atMs) <= SHOW_AGAIN_SECONDS * 1000 ? 'just-answered' : 'used-up';
}

/** The list with this answer; a second answer keeps the time of the first. */
export function withAnswer(
  answered: readonly AnsweredChallenge[],
  challenge: Uint8Array,
  nowMs: number,
): readonly AnsweredChallenge[] {
  const hex = encodeHex(challenge);
  if (answered.some((one) => one.challenge === hex)) return answered;
  return [...answered, { challenge: hex, atMs: nowMs }].slice(-KEPT_CHALLENGES);
}
