import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskName } from '../../../ground/enrolment/masked-name.ts';

describe('a masked name', () => {
  it.each([
    ['WANG/JIE MR', 'WA**/J'],
    ['wang/jie', 'WA**/J'],
    ['Wang Jie', 'WA**/J'],
    ['LI/NA', 'LI*/N'],
    ['WU', 'WU*'],
    ['LÜ/BU', 'LU*/B'],
    ['O’NEIL/ANN MS', 'ON***/A'],
    ['VAN DER BERG/JAN', 'VA******/J'],
    ['ＷＡＮＧ／ＪＩＥ', 'WA**/J'],
    ['ZHANG/WEI-MIN', 'ZH***/W'],
  ])('of %s is %s', (name, masked) => {
    expect(maskName(name)).toBe(masked);
  });

  it.each(['王杰', 'Иванов/И', '', '   ', '/', '123', 'WANG1/JIE', '<b>'])(
    'is not made of %j: it must be as on the pass',
    (name) => {
      expect(maskName(name)).toBeNull();
    },
  );

  it('never shows more than two letters of a surname and one of the given name, and fits the code', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (name) => {
        const masked = maskName(name);
        if (masked !== null) expect(masked).toMatch(/^[A-Z]{1,2}\*{1,6}(\/[A-Z])?$/);
      }),
    );
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z]{1,30}\/[A-Z]{1,9}$/), (name) => {
        const masked = maskName(name) ?? '';
        expect(masked).toMatch(/^[A-Z*/ ]{1,12}$/);
        expect(masked).toMatch(/^[A-Z]{1,2}\*{1,6}(\/[A-Z])?$/);
      }),
    );
  });
});
