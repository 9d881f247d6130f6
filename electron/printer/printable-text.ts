// Text as a GB18030 receipt printer can show it: ASCII and two-byte characters only, measured and cut in columns of
// the 12-dot font (a two-byte character is two columns wide).
import { commands } from 'receiptline';
import { cleanText } from '../../domain/text/clean-text.ts';

/** Stands for a character the printer has no glyph for: the reader must see that something is missing. */
const MISSING = '□';

/** Latin letters that do not decompose into a base letter and marks. */
const LATIN_SPELLINGS: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', ẞ: 'SS', æ: 'ae', Æ: 'AE', œ: 'oe', Œ: 'OE', ø: 'o', Ø: 'O', ł: 'l', Ł: 'L', đ: 'd', Đ: 'D' },
  ...{ ð: 'd', Ð: 'D', þ: 'th', Þ: 'TH', ı: 'i', ħ: 'h', Ħ: 'H', ŋ: 'ng', Ŋ: 'NG', ɡ: 'g', ɑ: 'a' },
  ...{ '©': '(c)', '®': '(R)', '£': 'GBP', '¢': 'c', '−': '-', '‐': '-', '‑': '-', '•': '·', '⁄': '/' },
};

const decoder = new TextDecoder('gb18030');
const known = new Map<string, boolean>();

/** What receiptline's encoder makes of a text: one byte per character of the answer. */
export function encodeGb18030(text: string): string {
  const { codepage } = commands.generic as unknown as { readonly codepage: { readonly gb18030: string } };
  return commands.generic.text(text, 'gb18030').slice(codepage.gb18030.length);
}

/** Four-byte characters have no glyph in most printers and garble the line in the rest. */
function hasTwoByteForm(character: string): boolean {
  const answer = known.get(character);
  if (answer !== undefined) return answer;
  const bytes = Uint8Array.from(encodeGb18030(character), (byte) => byte.charCodeAt(0));
  const isPrintable = bytes.length === 2 && decoder.decode(bytes) === character;
  known.set(character, isPrintable);
  return isPrintable;
}

function spell(character: string): string {
  if (/^[ -~]$/.test(character)) return character;
  const spelling = LATIN_SPELLINGS[character];
  if (spelling !== undefined) return spelling;
  // Two-byte Latin letters exist for pinyin, but are two columns wide: `Café` reads better as `Cafe`.
  const bare = character.normalize('NFD').replace(/\p{M}/gu, '');
  if (/^[ -~]+$/.test(bare)) return bare;
  if (hasTwoByteForm(character)) return character;
  if (/^\p{M}$/u.test(character)) return '';
  return hasTwoByteForm(bare) ? bare : MISSING;
}

/** Passes the print gate once more, then spells out or visibly replaces what has no two-byte form. */
export function toPrintable(text: string): string {
  return [...cleanText(text)].map(spell).join('').replace(/ +/g, ' ').trim();
}

/** Columns a printable text takes. */
export function columnsOf(text: string): number {
  return commands.generic.measureText(text, 'gb18030');
}

/** The longest beginning of a printable text that fits. */
function cutToColumns(text: string, columns: number): string {
  let used = 0;
  let cut = '';
  for (const character of text) {
    used += columnsOf(character);
    if (used > columns) break;
    cut += character;
  }
  return cut;
}

/** Latin words and prices hold together; a Chinese character stands alone, with what may not start a line. */
const PIECES = /[!-~]*￥[\d,.]+ ?|[!-~]+ ?|[^ -~][。、」』》〉】〕…:;,.!?)]* ?| /gu;

/**
 * Breaks a printable text into lines between words and Chinese characters; a word longer than a line is cut.
 * At most `maxLines`, the last then ending with `…`. An empty text gives no line.
 */
export function wrapToColumns(text: string, columns: number, maxLines = Infinity): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (let piece of text.match(PIECES) ?? []) {
    if (line !== '' && columnsOf(line + piece.trimEnd()) > columns) {
      lines.push(line.trimEnd());
      line = '';
    }
    while (columnsOf(piece.trimEnd()) > columns) {
      const head = cutToColumns(piece, columns);
      lines.push(head);
      piece = piece.slice(head.length);
    }
    line += line === '' ? piece.trimStart() : piece;
  }
  if (line.trim() !== '') lines.push(line.trimEnd());
  if (lines.length <= maxLines) return lines;
  const kept = lines.slice(0, maxLines);
  const last = kept.pop() ?? '';
  return [...kept, `${cutToColumns(last, columns - 2).trimEnd()}…`];
}
