import { findItem } from '../../domain/catalogue/catalogue.ts';
import { WALLET_OFFSET_MINUTES } from '../../domain/instant.ts';
import type { Messages } from '../messages/messages.ts';
import { wordsFor, type Words, type WordsContext } from '../messages/problem-words.ts';
import { useSessionStore } from '../stores/session-store.ts';
import { useSettingsStore } from '../stores/settings-store.ts';
import type { CrewProblem } from '../till/crew-problem.ts';

export type BilingualWords = { readonly inUse: Words; readonly other: Words };

/** A problem in both languages: the passenger reads along (ui/README.md, rule 3). */
export function useProblemWords(): (problem: CrewProblem) => BilingualWords {
  const session = useSessionStore();
  const settings = useSettingsStore();

  function contextFor(words: Messages): WordsContext {
    const flight = session.opened?.answer.flight;
    return {
      utcOffsetMinutes: flight?.utcOffsetMinutes ?? WALLET_OFFSET_MINUTES,
      cities: flight?.cities ?? {},
      itemName: (sku) =>
        (flight === undefined ? null : findItem(flight.catalogue, sku))?.[words.language] ?? sku,
    };
  }

  function compose(words: Messages, problem: CrewProblem): Words {
    return wordsFor(words.problems, problem, contextFor(words));
  }

  return (problem) => ({
    inUse: compose(settings.words, problem),
    other: compose(settings.otherWords, problem),
  });
}
