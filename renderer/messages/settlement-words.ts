// Words for the money's way: from the sealed batch to the passenger's wallet.
import type { ReachProblem, StopProblem } from '../../bridge/settlement-state.ts';
import type { BillStanding } from '../../domain/settlement/settlement-view.ts';
import type { CalmWait } from '../settlement/calm-wait.ts';
import type { Words } from './problem-words.ts';

type By<K extends string, T = string> = Readonly<Record<K, T>>;

/** `open` is no word of its own: a bill nobody has sealed is simply a bill. */
export type ToldStanding = Exclude<BillStanding, 'open'>;

export type SettlementWords = {
  readonly title: string;
  readonly standing: By<ToldStanding>;
  readonly standingHow: By<Exclude<ToldStanding, 'must-act'>>;
  /** Instead of `paid` where nothing was bought. */
  readonly nothingToPay: string;
  readonly nothingToPayHow: string;
  /** What the passenger can do; `code` is the wallet's own and may be one nobody knows. */
  readonly mustActHow: (wallet: number, code: string) => string;
  readonly walletCode: string;
  readonly charged: string;
  readonly billCount: (count: number) => string;
  readonly unsent: string;
  readonly unsentChip: (count: number, amount: string) => string;
  readonly batchUnsent: string;
  readonly batchRefused: string;
  readonly noGround: Words;
  readonly notSealed: Words;
  readonly nothingYet: Words;
  readonly allSettled: Words;
  readonly sending: (percent: number) => string;
  readonly sendingHow: string;
  readonly progress: string;
  readonly waiting: string;
  readonly again: (wait: CalmWait) => string;
  readonly askAgain: (wait: CalmWait) => string;
  /** Two sentences one after the other; either may be empty. */
  readonly sentences: (first: string, second: string) => string;
  readonly reach: By<ReachProblem, Words>;
  readonly stop: By<StopProblem, Words>;
  readonly sendNow: string;
  readonly askNow: string;
  readonly asking: string;
  readonly importResults: string;
  readonly importHow: string;
  readonly importNow: string;
  readonly importing: string;
  readonly imported: (taken: number, known: number) => string;
  readonly news: (paid: number, mustAct: number) => string;
  readonly unusedTitle: string;
  readonly unusedHow: string;
  readonly unused: string;
  readonly used: string;
  readonly rows: (from: number, to: number) => string;
};
