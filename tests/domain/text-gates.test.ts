import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanText, findTextFault } from '../../domain/text/clean-text.ts';

const ATTACKS: readonly (readonly [string, string])[] = [
  ['drawer kick', 'Beer\u001bp\u0000'],
  ['cut', 'Beer\u001dV\u0000'],
  ['reset', '\u001b@Beer'],
  ['overprint', 'Beer\rFree'],
  ['right-to-left price', 'Beer \u202e00.1'],
  ['zero width', 'Be\u200ber'],
  ['C1', 'Be\u0085er'],
  ['tag characters', 'Beer\u{e0041}'],
  ['private use', 'Beer\ue000'],
  ['line separator', 'Beer\u2028Free'],
];

describe('the import gate', () => {
  it.each(ATTACKS)('refuses %s', (_name, text) => {
    expect(findTextFault(text, 40)).toBe('forbidden-character');
  });

  it('refuses look-alikes mixed into Latin, stacked marks, emptiness and length', () => {
    expect(findTextFault('Bееr', 40)).toBe('mixed-script');
    expect(findTextFault('Be\u0301\u0302\u0303\u0304er', 40)).toBe('stacked-marks');
    expect(findTextFault('  ', 40)).toBe('empty');
    expect(findTextFault('好'.repeat(41), 40)).toBe('too-long');
  });

  it('lets real names in', () => {
    for (const name of ['青岛啤酒', 'Caffè latte', '虎牌 Tiger Beer 330 ml', 'Model A320', '½ 份']) {
      expect(findTextFault(name, 40)).toBeNull();
    }
  });
});

describe('the print gate', () => {
  it('lets no control or format character through, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        expect(cleanText(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\u2028\u2029]/u);
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps ￥ and - in the forms a printer can encode', () => {
    expect(cleanText('¥5 − 3')).toBe('￥5 - 3');
  });
});
