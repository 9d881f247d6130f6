import { storeToRefs } from 'pinia';
import type { ComputedRef } from 'vue';
import type { Messages } from '../messages/messages.ts';
import { useSettingsStore } from '../stores/settings-store.ts';

/** The words of the language in use; they change in place when the crew switches. */
export function useWords(): ComputedRef<Messages> {
  return storeToRefs(useSettingsStore()).words;
}
