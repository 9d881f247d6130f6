import type { Language } from './messages.ts';

/** `麸质 gluten` names one thing in both languages; a text in one language only stays as it is. */
export function pickLanguage(text: string, language: Language): string {
  const parts = text.split(/\s+/u);
  const isChinese = (part: string): boolean => /\p{Script=Han}/u.test(part);
  const chosen = parts.filter((part) => isChinese(part) === (language === 'zh'));
  return chosen.length === 0 ? text : chosen.join(' ');
}
