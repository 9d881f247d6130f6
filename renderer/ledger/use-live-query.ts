import { liveQuery } from 'dexie';
import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';

/** What a query on the ledger answers, now and after every change of the rows it read. */
export function useLiveQuery<T>(query: () => Promise<T>, initial: T): Readonly<ShallowRef<T>> {
  const answer = shallowRef(initial);
  const subscription = liveQuery(query).subscribe({
    next: (value) => {
      answer.value = value;
    },
    error: (error: unknown) => {
      console.error('a query on the ledger failed', error);
    },
  });
  onScopeDispose(() => {
    subscription.unsubscribe();
  });
  return answer;
}
