// Who sits here, for which airline, in which language and colours. One for the whole page.
import { computed, reactive, watch, type ComputedRef } from 'vue';
import { mayUse, type ConsoleAirline, type Me, type RouteName } from '../../web/console-api.ts';
import { CONSOLE_WORDS, type ConsoleLanguage, type ConsoleWords } from '../../web/console-words/words.ts';
import { createGroundClient, type GroundClient } from './ground-client.ts';

export type Theme = 'day' | 'night';

type DeskState = {
  me: Me | null;
  airline: string;
  language: ConsoleLanguage;
  theme: Theme;
  /** What was just done, said once. */
  said: string;
};

const root = document.documentElement;

export const desk: DeskState = reactive({
  me: null,
  airline: kept('airline') ?? '',
  language: root.lang.startsWith('zh') ? 'zh' : 'en',
  theme: root.dataset.theme === 'night' ? 'night' : 'day',
  said: '',
});

export const words: ComputedRef<ConsoleWords> = computed(() => CONSOLE_WORDS[desk.language]);

export const airlineInView: ComputedRef<ConsoleAirline | null> = computed(
  () => desk.me?.airlines.find(({ airline }) => airline === desk.airline) ?? null,
);

export const client: GroundClient = createGroundClient(
  () => desk.airline,
  () => {
    desk.me = null;
  },
);

/** Somebody has signed in; the airline looked at last is kept where it is still theirs. */
export function takeSeat(me: Me): void {
  const isTheirs = me.airlines.some(({ airline }) => airline === desk.airline);
  if (!isTheirs) desk.airline = me.airlines[0]?.airline ?? '';
  desk.me = me;
}

export function may(name: RouteName): boolean {
  return desk.me !== null && mayUse(desk.me.role, name);
}

let clearing: ReturnType<typeof setTimeout> | undefined;
const SAID_MS = 5000;

/** Shows a short sentence, also to screen readers. */
export function say(text: string): void {
  desk.said = text;
  clearTimeout(clearing);
  clearing = setTimeout(() => {
    desk.said = '';
  }, SAID_MS);
}

/** `{n}` and the like in a sentence. */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, key: string) => values[key]?.toString() ?? whole);
}

watch(
  () => [desk.language, desk.theme, desk.airline] as const,
  ([language, theme, airline]) => {
    root.lang = language === 'zh' ? 'zh-CN' : 'en';
    root.dataset.theme = theme;
    keep('language', language);
    keep('theme', theme);
    keep('airline', airline);
  },
);

function kept(name: string): string | null {
  try {
    return localStorage.getItem(`cabintill-console-${name}`);
  } catch {
    return null;
  }
}

/** Storage may be forbidden; the console works without. */
function keep(name: string, value: string): void {
  try {
    localStorage.setItem(`cabintill-console-${name}`, value);
  } catch {
    // See above.
  }
}
