import type { Problem } from '../../domain/problem.ts';

/** What can go wrong on this side of the bridge, besides what main refuses. */
export type LocalProblem =
  /** A keyboard-wedge scanner stopped or stumbled within a code. */
  | { readonly kind: 'scan-cut-short' }
  /** A passenger's order (`CO1:`) of which this flight sells nothing; item numbers. */
  | { readonly kind: 'order-not-sold'; readonly skus: readonly string[] }
  /** Main did not answer at all: a bug or a dying process. */
  | { readonly kind: 'call-failed' }
  /** IndexedDB cannot be opened or written. */
  | { readonly kind: 'ledger-unavailable' };

/** Everything the crew needs words for. */
export type CrewProblem = Problem | LocalProblem;
export type CrewProblemKind = CrewProblem['kind'];
export type CrewProblemOf<K extends CrewProblemKind> = Extract<CrewProblem, { kind: K }>;
