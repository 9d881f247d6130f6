// Looks at the clock every few seconds and before every decision; what is wrong with it is recorded and shown.
import type { ClockState } from '../../bridge/contract.ts';
import { CLOCK } from '../../domain/limits.ts';
import type { TillClock } from '../clock/till-clock.ts';
import { systemTimers } from '../clock/timers.ts';

export type ClockWatch = { readonly look: () => void; readonly stop: () => void };

export type ClockWatchParts = {
  readonly clock: TillClock;
  /** Whether the time can be believed on this flight (trust.md 3.4). */
  readonly isBad: () => boolean;
  readonly onJump: (byMs: number) => void;
  readonly onState: (state: ClockState) => void;
};

export function createClockWatch({ clock, isBad, onJump, onState }: ClockWatchParts): ClockWatch {
  const look = (): void => {
    const byMs = clock.takeJump();
    if (byMs !== null) onJump(byMs);
    onState({ kind: isBad() ? 'bad' : clock.isHeld() ? 'moved' : 'right' });
  };
  let cancel = (): void => undefined;
  const lookAgainLater = (): void => {
    cancel = systemTimers.after(CLOCK.compareEveryMs, () => {
      look();
      lookAgainLater();
    });
  };
  look();
  lookAgainLater();
  return {
    look,
    stop: () => {
      cancel();
    },
  };
}
