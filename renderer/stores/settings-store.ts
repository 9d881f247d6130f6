import { defineStore } from 'pinia';
import { computed, shallowRef, watchEffect } from 'vue';
import { DEFAULT_SETTINGS, type Settings } from '../../bridge/settings.ts';
import type { Result } from '../../domain/result.ts';
import { en } from '../messages/en.ts';
import type { Messages } from '../messages/messages.ts';
import { zh } from '../messages/zh.ts';
import type { CrewProblem } from '../till/crew-problem.ts';
import { useSessionStore } from './session-store.ts';

/** What the page was opened with (`first-paint.js`), until main's settings are here. */
function settingsOfFirstPaint(): Settings {
  const { theme, lang } = document.documentElement.dataset;
  return {
    ...DEFAULT_SETTINGS,
    theme: theme === 'day' ? 'day' : 'night',
    language: lang === 'en' ? 'en' : 'zh',
  };
}

export const useSettingsStore = defineStore('settings', () => {
  const session = useSessionStore();
  const settings = shallowRef<Settings>(session.opened?.answer.settings ?? settingsOfFirstPaint());
  const words = computed<Messages>(() => (settings.value.language === 'zh' ? zh : en));
  const otherWords = computed<Messages>(() => (settings.value.language === 'zh' ? en : zh));

  /** One save after the other: two quick taps must not end with the settings of the first. */
  let saving: Promise<unknown> = Promise.resolve();

  watchEffect(() => {
    const root = document.documentElement;
    root.dataset.theme = settings.value.theme;
    root.dataset.lang = settings.value.language;
    root.lang = settings.value.language === 'zh' ? 'zh-CN' : 'en';
  });

  /**
   * Takes effect at once. When main cannot keep it, devices go back to what they were; language and theme stay as the
   * crew wants them until the till is restarted.
   */
  async function change(part: Partial<Settings>): Promise<Result<null, CrewProblem>> {
    const before = settings.value;
    const wanted: Settings = { ...before, ...part };
    settings.value = wanted;
    const saved = saving.then(() => session.till.ask('saveSettings', wanted));
    saving = saved;
    const answer = await saved;
    if (!answer.ok && settings.value === wanted) {
      settings.value = { ...before, language: wanted.language, theme: wanted.theme };
    }
    if (answer.ok && settings.value === wanted) settings.value = answer.value.settings;
    return answer.ok ? { ok: true, value: null } : answer;
  }

  return {
    settings,
    words,
    otherWords,
    adopt: (known: Settings) => {
      settings.value = known;
    },
    change,
  };
});
