// What the crew is told of the way to ground: a mark, words, and whether asking ground now makes sense.
import type { GroundState, SettlementState } from '../../bridge/settlement-state.ts';
import type { SettlementWords } from '../messages/settlement-words.ts';
import type { DeviceLevel } from '../stores/devices-store.ts';
import { calmWait } from './calm-wait.ts';

export type GroundTale = {
  readonly level: DeviceLevel;
  readonly title: string;
  /** What to do, or what happens by itself. */
  readonly body: string;
  /** The button that asks ground now, or null where there is nobody to ask. */
  readonly ask: string | null;
};

export function tellGround(settlement: SettlementState, nowMs: number, words: SettlementWords): GroundTale {
  const { ground } = settlement;
  const again = (nextTryAtMs: number | null): string =>
    nextTryAtMs === null ? '' : words.again(calmWait(nextTryAtMs - nowMs));
  const askAgain = (nextTryAtMs: number | null): string =>
    nextTryAtMs === null ? '' : words.askAgain(calmWait(nextTryAtMs - nowMs));
  switch (ground.kind) {
    case 'none':
      return { level: 'unused', ...words.noGround, ask: null };
    case 'up-to-date':
      return { ...upToDate(settlement, words), ask: null };
    case 'sending':
      return { level: 'busy', title: words.sending(percentOf(ground)), body: words.sendingHow, ask: null };
    case 'waiting':
      return { level: 'fine', title: words.waiting, body: askAgain(ground.nextTryAtMs), ask: words.askNow };
    case 'unreachable': {
      const { title, body } = words.reach[ground.why];
      return {
        level: 'careful',
        title,
        body: words.sentences(body, again(ground.nextTryAtMs)),
        ask: words.sendNow,
      };
    }
    case 'stopped':
      return { level: 'stopped', ...words.stop[ground.why], ask: words.sendNow };
  }
}

function upToDate(
  { batches, unsent }: SettlementState,
  words: SettlementWords,
): Pick<GroundTale, 'level' | 'title' | 'body'> {
  if (unsent.count > 0) return { level: 'busy', ...words.notSealed };
  return batches.length === 0
    ? { level: 'unused', ...words.nothingYet }
    : { level: 'fine', ...words.allSettled };
}

/** Whole percent of the batch that is under way; 0 for other states. */
export function percentOf(ground: GroundState): number {
  if (ground.kind !== 'sending' || ground.totalBytes <= 0) return 0;
  return Math.min(100, Math.floor((ground.sentBytes / ground.totalBytes) * 100));
}
