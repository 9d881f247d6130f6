import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';

/** The time, epoch ms, as often as words that speak of it need it. */
export function useNow(everyMs = 2000): Readonly<ShallowRef<number>> {
  const now = shallowRef(Date.now());
  const timer = setInterval(() => (now.value = Date.now()), everyMs);
  onScopeDispose(() => {
    clearInterval(timer);
  });
  return now;
}
