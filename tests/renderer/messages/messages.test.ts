import { describe, expect, it } from 'vitest';
import { en } from '../../../renderer/messages/en.ts';
import type { Messages } from '../../../renderer/messages/messages.ts';
import { stepsFor } from '../../../renderer/messages/next-steps.ts';
import { wordsFor, type WordsContext } from '../../../renderer/messages/problem-words.ts';
import { zh } from '../../../renderer/messages/zh.ts';
import type { CrewProblem, CrewProblemKind } from '../../../renderer/till/crew-problem.ts';

const CONTEXT: WordsContext = {
  utcOffsetMinutes: 480,
  cities: { SHA: { zh: '上海虹桥', en: 'Shanghai Hongqiao' }, CTU: { zh: '成都', en: 'Chengdu' } },
  itemName: (sku) => sku,
};

const NOW_MS = Date.UTC(2026, 10, 23, 4);

/** Every field any problem carries: each kind takes its own. */
function problemOf(kind: CrewProblemKind): CrewProblem {
  return {
    kind,
    fromMs: NOW_MS,
    untilMs: NOW_MS,
    nowMs: NOW_MS,
    flight: { carrier: '9C', number: 8836, departureDay: 20_780, origin: 'CTU', destination: 'SHA' },
    most: 40,
    sku: 'ML-001',
    leftMinor: 12_345,
    limitMinor: 30_000,
    currency: 'CNY',
    rule: 'payment-name',
    seats: ['12C', '14A'],
    count: 3,
    why: 'other',
    file: 'catalog.json',
    seq: 1287,
    dev: 'T-0043',
    confirmedMinor: 4200,
    skus: ['ML-001', 'ML-002', 'ML-003'],
  } as unknown as CrewProblem;
}

const kinds = Object.keys(zh.problems) as CrewProblemKind[];
const languages: readonly (readonly [string, Messages])[] = [
  ['Chinese', zh],
  ['English', en],
];

describe.each(languages)('the words in %s', (_name, messages) => {
  it.each(kinds)('name what is wrong and what to do: %s', (kind) => {
    const { title, body } = wordsFor(messages.problems, problemOf(kind), CONTEXT);
    expect(title.length).toBeGreaterThan(3);
    expect(body.length).toBeGreaterThan(5);
    expect(`${title} ${body}`).not.toMatch(/undefined|NaN|\[object|null/);
    expect(body).toMatch(/[。.）)]$/);
    expect(title).not.toMatch(/[。.！!]$/);
  });

  it('are its own for every refusal of a code: no two share a title', () => {
    const codes = kinds.filter((kind) => kind.startsWith('code-'));
    const titles = codes.map((kind) => wordsFor(messages.problems, problemOf(kind), CONTEXT).title);
    expect(new Set(titles).size).toBe(codes.length);
  });

  it('stay short enough to be read at a glance', () => {
    const most = messages.language === 'zh' ? { title: 15, body: 62 } : { title: 40, body: 150 };
    for (const kind of kinds) {
      const { title, body } = wordsFor(messages.problems, problemOf(kind), CONTEXT);
      expect([kind, title.length <= most.title, body.length <= most.body]).toEqual([kind, true, true]);
    }
  });
});

/** Every text of a language, functions left out: what the crew reads without numbers in it. */
function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

/** Where each text stands, functions included. */
function placesOf(value: unknown, place = ''): readonly string[] {
  if (typeof value !== 'object' || value === null) return [place];
  return Object.entries(value).flatMap(([key, inner]) => placesOf(inner, `${place}.${key}`));
}

describe('the two languages', () => {
  it('have a word for the same places', () => {
    expect(placesOf(en).toSorted()).toEqual(placesOf(zh).toSorted());
  });

  it('are not mixed: English has no Chinese characters, apart from the name of the other language', () => {
    const others = textsOf(en).filter((text) => /\p{Script=Han}/u.test(text));
    expect(others).toEqual([en.nav.otherLanguage]);
  });

  it('use one word per idea in English', () => {
    const synonyms =
      /\b(cart|bag|product|article|receipt|cancel|tab|invoice|customer|limit left|device id)\b/i;
    expect(textsOf(en).filter((text) => synonyms.test(text))).toEqual([]);
  });
});

describe('a refusal', () => {
  it.each(kinds)('is never a dead end: %s', (kind) => {
    const steps = stepsFor(problemOf(kind));
    expect(new Set(steps).size).toBe(steps.length);
    expect(steps.every((step) => zh.nextSteps[step].length > 1 && en.nextSteps[step].length > 1)).toBe(true);
  });
});
