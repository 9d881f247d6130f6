import { computed, onMounted, onScopeDispose, shallowRef, type ComputedRef } from 'vue';

/** More than the shelf of a 1280 x 800 screen shows before it is scrolled. */
export const FIRST_ROWS = 24;

/** The first rows of a list at once, the others when those have been painted: what is in view is there sooner. */
export function useFirstRows<T>(all: () => readonly T[]): ComputedRef<readonly T[]> {
  const isPainted = shallowRef(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  onMounted(() => {
    requestAnimationFrame(() => {
      timer = setTimeout(() => (isPainted.value = true));
    });
  });
  onScopeDispose(() => {
    clearTimeout(timer);
  });
  return computed(() => (isPainted.value ? all() : all().slice(0, FIRST_ROWS)));
}
