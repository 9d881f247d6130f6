/**
 * The print and render gate (hardening.md 7.3): no control, format, surrogate, private or unassigned character
 * leaves it, white space is single, and ￥ and - are the two-byte and ASCII forms.
 */
export function cleanText(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\u2028\u2029]/gu, '')
    .replace(/\s+/gu, ' ')
    .trim()
    .replace(/(\p{M}{2})\p{M}+/gu, '$1')
    .replace(/\u00A5/g, '\uFFE5')
    .replace(/\u2212/g, '-');
}

const FORBIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\u2028\u2029]/u;
const ZALGO = /\p{M}{3}/u;
const LATIN = /\p{Script=Latin}/u;
const LOOKALIKE = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u;

/** Why a pack's text may not be taken in. */
export type TextFault = 'empty' | 'too-long' | 'forbidden-character' | 'stacked-marks' | 'mixed-script';

/** The import gate (hardening.md 7.3): null when the text may enter, otherwise what is wrong with it. */
export function findTextFault(text: string, maxChars: number): TextFault | null {
  if (text.trim() === '') return 'empty';
  if ([...text].length > maxChars) return 'too-long';
  if (FORBIDDEN.test(text)) return 'forbidden-character';
  if (ZALGO.test(text.normalize('NFD'))) return 'stacked-marks';
  if (LATIN.test(text) && LOOKALIKE.test(text)) return 'mixed-script';
  return null;
}
