// The till's own time: the wall clock, held against one that nobody can set (trust.md 3.4).
import { CLOCK } from '../../domain/limits.ts';

export type TillClock = {
  /** Epoch ms; goes back by small corrections only. */
  readonly nowMs: () => number;
  /** By how much the wall clock has jumped since the last time this was asked, in ms; null when it has not. */
  readonly takeJump: () => number | null;
  /** The wall clock was set back, and the till goes by the time that has passed instead. */
  readonly isHeld: () => boolean;
};

/**
 * Small corrections are followed. A jump ahead is followed, too, for that is how a sleep looks to a clock that slept as
 * well; a jump back would revive old codes and is not. Must be looked at every few seconds, or slow corrections add up.
 */
export function createTillClock(clock: {
  readonly nowMs: () => number;
  readonly monotonicMs: () => number;
}): TillClock {
  let wallMs = clock.nowMs();
  let monotonicMs = clock.monotonicMs();
  let heldByMs = 0;
  let jumpMs: number | null = null;

  const look = (): void => {
    const wallNowMs = clock.nowMs();
    const monotonicNowMs = clock.monotonicMs();
    const expectedMs = wallMs + (monotonicNowMs - monotonicMs);
    const byMs = Math.round(wallNowMs - expectedMs);
    const isBack = byMs < -CLOCK.jumpMs;
    if (Math.abs(byMs + heldByMs) > CLOCK.jumpMs && Math.abs(byMs) > CLOCK.jumpMs) jumpMs = byMs;
    heldByMs = isBack ? -byMs : 0;
    wallMs = isBack ? expectedMs : wallNowMs;
    monotonicMs = monotonicNowMs;
  };

  return {
    nowMs: () => {
      look();
      return Math.round(wallMs);
    },
    takeJump: () => {
      look();
      const taken = jumpMs;
      jumpMs = null;
      return taken;
    },
    isHeld: () => heldByMs > 0,
  };
}
