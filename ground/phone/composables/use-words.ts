import { storeToRefs } from 'pinia';
import type { ComputedRef } from 'vue';
import type { Words } from '../messages/words.ts';
import { usePreferences } from '../stores/preferences.ts';

/** The words of the language in use; they change in place when the passenger switches. */
export function useWords(): ComputedRef<Words> {
  return storeToRefs(usePreferences()).words;
}
