// The console's words, one place per language. A new kind does not compile without words in both.
import type { KindWords } from './kind-words.ts';
import { kindsEn } from './kinds-en.ts';
import { kindsZh } from './kinds-zh.ts';
import { pagesEn, type PageWords } from './pages-en.ts';
import { pagesZh } from './pages-zh.ts';

export type { TerminalState } from './kind-words.ts';

export type ConsoleWords = KindWords & PageWords;

export type ConsoleLanguage = 'zh' | 'en';

export const CONSOLE_WORDS: Readonly<Record<ConsoleLanguage, ConsoleWords>> = {
  zh: { ...kindsZh, ...pagesZh },
  en: { ...kindsEn, ...pagesEn },
};
