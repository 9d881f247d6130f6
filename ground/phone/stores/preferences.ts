// Language and look: the only things kept outside the phone's storage, because the first paint needs them at once
// (public/first-paint.js).
import { defineStore } from 'pinia';
import { computed, ref, watchEffect } from 'vue';
import { en } from '../messages/en.ts';
import { zh } from '../messages/zh.ts';
import type { Words } from '../messages/words.ts';

export type Theme = 'day' | 'night' | 'phone';

function kept(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    // Storage may be forbidden: the choice then lasts as long as the page.
    return null;
  }
}

function keep(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, value);
  } catch {
    // As above.
  }
}

export const usePreferences = defineStore('preferences', () => {
  const isChinese = ref((kept('language') ?? navigator.language).toLowerCase().startsWith('zh'));
  const keptTheme = kept('theme');
  const theme = ref<Theme>(keptTheme === 'day' || keptTheme === 'night' ? keptTheme : 'phone');
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const isDarkPhone = ref(dark.matches);
  dark.addEventListener('change', () => {
    isDarkPhone.value = dark.matches;
  });
  const words = computed<Words>(() => (isChinese.value ? zh : en));
  const isNight = computed(() => (theme.value === 'phone' ? isDarkPhone.value : theme.value === 'night'));

  watchEffect(() => {
    const root = document.documentElement;
    root.dataset['theme'] = isNight.value ? 'night' : 'day';
    root.lang = isChinese.value ? 'zh-CN' : 'en';
  });

  return {
    isChinese,
    theme,
    words,
    switchLanguage: () => {
      isChinese.value = !isChinese.value;
      keep('language', isChinese.value ? 'zh-CN' : 'en');
    },
    chooseTheme: (next: Theme) => {
      theme.value = next;
      keep('theme', next === 'phone' ? null : next);
    },
    /** The one of two texts that is in the passenger's language. */
    pick: (text: { readonly zh: string; readonly en: string }) => (isChinese.value ? text.zh : text.en),
  };
});
