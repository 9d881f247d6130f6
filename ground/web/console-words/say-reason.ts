// A stored reason in the words of a language.
import { formatMinor } from '../../../domain/currency.ts';
import { readReason } from '../reasons.ts';
import type { ConsoleWords } from './words.ts';

export type SaidReason = {
  readonly text: string;
  /** What stays in English: technical terms of the verification. */
  readonly detail: string | null;
};

/** Null: no reason of ground's own; a person's words, or a finding of the verification. */
export function sayReason(words: ConsoleWords, stored: string): SaidReason | null {
  const read = readReason(stored);
  if (read === null) return null;
  const { kind, facts } = read;
  const form = words.reason[kind];
  const text = form.replace(/\{(\w+)\}/g, (_, name: string) => sayFact(words, name, facts[name] ?? ''));
  const detail = facts['detail'];
  return { text, detail: detail === undefined || form.includes('{detail}') ? null : detail };
}

function sayFact(words: ConsoleWords, name: string, value: string): string {
  if (name.endsWith('Minor')) return formatMinor(Number(value), 'CNY');
  switch (name) {
    case 'cause':
      return sayReason(words, value)?.text ?? value;
    case 'code':
      return words.walletCode[value] ?? value;
    case 'line':
      return words.line[value] ?? value;
    case 'step':
      return isStep(words, value) ? words.walletStep[value] : value;
    case 'wallet':
      return words.wallet[value] ?? value;
    default:
      return value;
  }
}

function isStep(words: ConsoleWords, value: string): value is keyof ConsoleWords['walletStep'] {
  return Object.hasOwn(words.walletStep, value);
}
