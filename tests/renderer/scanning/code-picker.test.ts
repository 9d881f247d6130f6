import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCodePicker } from '../../../renderer/scanning/code-picker.ts';

const A = 'CP1:AAAA';
const B = 'CP1:BBBB';
const STICKER = 'https://example.org/wifi';
const PAYMENT = '134567890123456789';

describe('of the codes in a camera frame', () => {
  it('a single one is taken, whatever it is', () => {
    const picker = createCodePicker();
    expect(picker.pick([], 0)).toEqual({ kind: 'nothing' });
    expect(picker.pick([A], 100)).toEqual({ kind: 'one', text: A });
    expect(picker.pick([PAYMENT], 200)).toEqual({ kind: 'one', text: PAYMENT });
  });

  it('the only cabin code is taken, whatever else is in view', () => {
    const picker = createCodePicker();
    expect(picker.pick([STICKER, A, PAYMENT], 0)).toEqual({ kind: 'one', text: A });
  });

  it('none is taken when nobody can tell which is meant', () => {
    expect(createCodePicker().pick([A, B], 0)).toEqual({ kind: 'crowd' });
    expect(createCodePicker().pick([STICKER, PAYMENT], 0)).toEqual({ kind: 'crowd' });
  });

  it('the same code read twice is one', () => {
    expect(createCodePicker().pick([A, A], 0)).toEqual({ kind: 'one', text: A });
  });

  it('one of two is not taken because a single frame missed the other', () => {
    const picker = createCodePicker();
    picker.pick([A, B], 0);
    expect(picker.pick([A], 100)).toEqual({ kind: 'crowd' });
    expect(picker.pick([], 999)).toEqual({ kind: 'crowd' });
    expect(picker.pick([A], 1000)).toEqual({ kind: 'one', text: A });
  });

  it('never is one taken within a second after two cabin codes were seen together', () => {
    const frame = fc.record({
      texts: fc.subarray([A, B, STICKER, PAYMENT]),
      afterMs: fc.integer({ min: 1, max: 700 }),
    });
    fc.assert(
      fc.property(fc.array(frame), (frames) => {
        const picker = createCodePicker();
        let nowMs = 0;
        let togetherMs = Number.NEGATIVE_INFINITY;
        for (const { texts, afterMs } of frames) {
          nowMs += afterMs;
          if (texts.includes(A) && texts.includes(B)) togetherMs = nowMs;
          const view = picker.pick(texts, nowMs);
          if (view.kind === 'one') expect(nowMs - togetherMs).toBeGreaterThanOrEqual(1000);
        }
      }),
    );
  });
});
