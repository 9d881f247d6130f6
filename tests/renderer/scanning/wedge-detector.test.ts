import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { feedKey, WEDGE_IDLE, type WedgeVerdict } from '../../../renderer/scanning/wedge-detector.ts';

const CODE = 'CP1:6BF-H W$%*+./:0A';

type Key = { readonly key: string; readonly gapMs: number };

/** What becomes of each key, in order. */
function feed(keys: readonly Key[]): readonly WedgeVerdict[] {
  let state = WEDGE_IDLE;
  let atMs = 10_000;
  return keys.map(({ key, gapMs }) => {
    atMs += gapMs;
    const step = feedKey(state, key, atMs);
    state = step.state;
    return step.verdict;
  });
}

function keysOf(text: string, gapMs: number): readonly Key[] {
  return [...text].map((key) => ({ key, gapMs }));
}

const enter = (gapMs: number): Key => ({ key: 'Enter', gapMs });

describe('the wedge detector', () => {
  it('takes a code typed at a scanner’s speed, ended by Enter or Tab', () => {
    for (const end of ['Enter', 'Tab']) {
      const verdicts = feed([...keysOf(CODE, 11), { key: end, gapMs: 11 }]);
      expect(verdicts.at(-1)).toEqual({ kind: 'scan', text: CODE });
    }
  });

  it('lets three characters through at most and holds everything after', () => {
    const kinds = feed([...keysOf(CODE, 5), enter(5)]).map((verdict) => verdict.kind);
    expect(kinds.slice(0, 4)).toEqual(['first', 'pass', 'pass', 'begin']);
    expect(new Set(kinds.slice(4, -1))).toEqual(new Set(['hold']));
  });

  it('lets the same text through when a person types it', () => {
    const kinds = feed([...keysOf('CP1:ABC', 130), enter(200)]).map((verdict) => verdict.kind);
    expect(kinds).not.toContain('begin');
    expect(kinds).not.toContain('scan');
  });

  it('lets fast keys through that do not begin like a cabin code', () => {
    const kinds = feed([...keysOf('6901234567892', 8), enter(8)]).map((verdict) => verdict.kind);
    expect(new Set(kinds)).toEqual(new Set(['pass']));
  });

  it('finds a code right after typed characters', () => {
    const verdicts = feed([...keysOf('CC', 140), ...keysOf(CODE, 10), enter(10)]);
    expect(verdicts.at(-1)).toEqual({ kind: 'scan', text: CODE });
  });

  it('reads a code although Caps Lock turned its letters small', () => {
    const verdicts = feed([...keysOf(CODE.toLowerCase(), 10), enter(10)]);
    expect(verdicts.at(-1)).toEqual({ kind: 'scan', text: CODE });
  });

  it('believes a scan with a few keys held up by a busy tablet', () => {
    const keys = keysOf(CODE, 10).map((key, i) => (i === 1 || i === 9 ? { ...key, gapMs: 180 } : key));
    expect(feed([...keys, enter(10)]).at(-1)).toEqual({ kind: 'scan', text: CODE });
  });

  it('reports a scan that stumbles all the time as cut short, and types none of it', () => {
    const slow = keysOf(CODE, 120).map((key, i) => (i < 4 ? { ...key, gapMs: 10 } : key));
    const kinds = feed([...slow, enter(120)]).map((verdict) => verdict.kind);
    expect(kinds.at(-1)).toBe('cut-short');
    expect(kinds.slice(4)).not.toContain('pass');
  });

  it('gives the keys back to the page when a scanner falls silent', () => {
    const kinds = feed([...keysOf('CP1:AB', 10), { key: 'x', gapMs: 1500 }]).map((verdict) => verdict.kind);
    expect(kinds.at(-1)).toBe('pass');
  });

  it('cuts a text without end short instead of growing for ever', () => {
    const kinds = feed([...keysOf(`CP1:${'A'.repeat(3000)}`, 2), enter(2)]).map((verdict) => verdict.kind);
    expect(kinds.at(-1)).toBe('cut-short');
  });

  it('takes every Base45 text a scanner can type, whole and unchanged', () => {
    const base45 = fc.string({
      unit: fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'),
      maxLength: 500,
    });
    const speed = fc.integer({ min: 1, max: 30 });
    fc.assert(
      fc.property(base45, speed, (body, gapMs) => {
        const text = `CP1:${body}`;
        expect(feed([...keysOf(text, gapMs), enter(gapMs)]).at(-1)).toEqual({ kind: 'scan', text });
      }),
    );
  });

  it('never takes anything a person types, also when it is a cabin code', () => {
    const human = fc.record({
      key: fc.constantFrom('C', 'P', '1', ':', 'c', 'p', 'a', ' ', 'Enter', 'Tab', 'Backspace'),
      gapMs: fc.integer({ min: 60, max: 900 }),
    });
    fc.assert(
      fc.property(fc.array(human, { maxLength: 120 }), (keys) => {
        const kinds = new Set(feed(keys).map((verdict) => verdict.kind));
        expect([...kinds].every((kind) => kind === 'pass' || kind === 'first')).toBe(true);
      }),
    );
  });
});
