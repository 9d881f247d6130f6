import type { FlightView } from '../../bridge/contract.ts';
import type { CrewProblem, CrewProblemKind, CrewProblemOf } from '../till/crew-problem.ts';

/** A title that names what is wrong, and a body that says what to do. */
export type Words = { readonly title: string; readonly body: string };

/** What words need to know of the flight; empty before a pack is open. */
export type WordsContext = {
  readonly utcOffsetMinutes: number;
  readonly cities: FlightView['cities'];
  readonly itemName: (sku: string) => string;
};

/** One entry per kind, typed by that kind: a new problem does not compile without words. */
export type ProblemWordsTable = {
  readonly [K in CrewProblemKind]: (problem: CrewProblemOf<K>, context: WordsContext) => Words;
};

export function wordsFor(table: ProblemWordsTable, problem: CrewProblem, context: WordsContext): Words {
  // The table pairs each kind with its own problem; the type system cannot follow that through the look-up.
  const compose = table[problem.kind] as (problem: CrewProblem, context: WordsContext) => Words;
  return compose(problem, context);
}
