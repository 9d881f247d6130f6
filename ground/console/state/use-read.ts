import { ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import type { ConsoleProblem, ReadName } from '../../web/console-api.ts';
import type { AskInput } from '../../web/console-asks.ts';
import type { Answers } from '../../web/console-rows.ts';
import { client, desk } from './desk.ts';

export type ReadView<Name extends ReadName> = {
  readonly value: ShallowRef<Answers[Name] | null>;
  readonly problem: Ref<ConsoleProblem | null>;
  readonly reload: () => Promise<void>;
};

/** One answer of ground, asked for anew whenever the question or the airline changes. */
export function useRead<Name extends ReadName>(name: Name, ask: () => AskInput<Name>): ReadView<Name> {
  const value = shallowRef(null) as ShallowRef<Answers[Name] | null>;
  const problem = ref<ConsoleProblem | null>(null);
  let asked = 0;
  const load = async (): Promise<void> => {
    asked += 1;
    const mine = asked;
    const answer = await client.read(name, ask());
    if (mine !== asked) return;
    problem.value = answer.ok ? null : answer.error;
    if (answer.ok) value.value = answer.value;
  };
  watch(
    [() => JSON.stringify(ask()), () => desk.airline],
    () => {
      value.value = null;
      void load();
    },
    { immediate: true },
  );
  return { value, problem, reload: load };
}
