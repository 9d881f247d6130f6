// A list on a page: its filters stand in the address, its rows come page by page.
import { ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import type { ConsoleProblem, ListName } from '../../web/console-api.ts';
import type { RowOf } from '../../web/console-rows.ts';
import { client, desk } from './desk.ts';

export type ListView<Name extends ListName> = {
  readonly rows: ShallowRef<readonly RowOf<Name>[]>;
  readonly next: Ref<string | null>;
  readonly isLoading: Ref<boolean>;
  /** False until the first answer: an empty list is not shown as empty before. */
  readonly isKnown: Ref<boolean>;
  readonly problem: Ref<ConsoleProblem | null>;
  readonly filters: Ref<Record<string, string>>;
  readonly isFiltered: () => boolean;
  readonly setFilter: (key: string, value: string) => void;
  readonly clear: () => void;
  readonly reload: () => Promise<void>;
  readonly more: () => Promise<void>;
};

/**
 * @param keys the filters this list has
 * @param fixed what the page itself asks for, whatever the filters say
 */
export function useList<Name extends ListName>(
  name: Name,
  keys: readonly string[],
  fixed: () => Readonly<Record<string, string>> = () => ({}),
): ListView<Name> {
  const route = useRoute();
  const router = useRouter();
  const rows = shallowRef<readonly RowOf<Name>[]>([]);
  const next = ref<string | null>(null);
  const isLoading = ref(false);
  const isKnown = ref(false);
  const problem = ref<ConsoleProblem | null>(null);
  const filters = ref(readFilters());
  let asked = 0;

  function readFilters(): Record<string, string> {
    return Object.fromEntries(
      keys.map((key) => {
        const value = route.query[key];
        return [key, typeof value === 'string' ? value : ''];
      }),
    );
  }

  async function load(after: string | null): Promise<void> {
    asked += 1;
    const mine = asked;
    isLoading.value = true;
    const ask = { ...filters.value, ...fixed(), ...(after === null ? {} : { after }) };
    const answer = await client.read(name, ask);
    // An answer to an older question says nothing about this one.
    if (mine !== asked) return;
    isLoading.value = false;
    problem.value = answer.ok ? null : answer.error;
    if (!answer.ok) return;
    const page = answer.value as { rows: readonly RowOf<Name>[]; next: string | null };
    rows.value = after === null ? page.rows : [...rows.value, ...page.rows];
    next.value = page.next;
    isKnown.value = true;
  }

  function setFilter(key: string, value: string): void {
    if (filters.value[key] === value) return;
    filters.value = { ...filters.value, [key]: value };
    const others = Object.fromEntries(Object.entries(route.query).filter(([name]) => !keys.includes(name)));
    const set = Object.entries(filters.value).filter(([, text]) => text !== '');
    void router.replace({ query: { ...others, ...Object.fromEntries(set) } });
  }

  watch([filters, () => desk.airline, fixed], () => load(null), { immediate: true, deep: true });
  watch(
    () => route.query,
    () => {
      const wanted = readFilters();
      if (keys.some((key) => wanted[key] !== filters.value[key])) filters.value = wanted;
    },
  );

  return {
    rows,
    next,
    isLoading,
    isKnown,
    problem,
    filters,
    isFiltered: () => Object.values(filters.value).some((value) => value !== ''),
    setFilter,
    clear: () => {
      for (const key of keys) setFilter(key, '');
    },
    reload: () => load(null),
    more: () => load(next.value),
  };
}
