import { transform } from 'receiptline';
import type { Slip, SlipElement } from '../../domain/receipt/slip.ts';
import { columnsOf, toPrintable, wrapToColumns } from './printable-text.ts';
import { createSlipCommands } from './slip-commands.ts';

/** Characters per line of the 12-dot font: 32 on 58 mm paper, 48 on 80 mm. */
export type CharactersPerLine = 32 | 48;

export function charactersPerLineOf(paperMm: 58 | 80): CharactersPerLine {
  return paperMm === 58 ? 32 : 48;
}

/** A name may take this many lines before it is cut; the amount stands on the first. */
const MAX_NAME_LINES = 4;
const MIN_AMOUNT_COLUMNS = 9;
/** 45 modules of 3 dots: 17 mm. */
const QR_MODULE_DOTS = 3;

const SCALE_BOTH = '^^^';
const SCALE_HEIGHT = '^^';

/**
 * The bytes of a slip for an ESC/POS printer that speaks GB18030: text mode, native QR, cut at the end.
 * Throws only on a bug: a control byte in encoded text, or a QR text outside the alphanumeric set.
 */
export function encodeSlip(slip: Slip, cpl: CharactersPerLine): Uint8Array {
  const amountColumns = amountColumnsOf(slip);
  const markup = slip.elements.flatMap((element) => composeMarkup(element, cpl, amountColumns)).join('\n');
  const commands = createSlipCommands();
  const stream = transform(markup, { cpl, encoding: 'gb18030', command: commands.set });
  const bytes = Uint8Array.from(stream, (byte) => byte.charCodeAt(0));
  // The printer's driver splits slips at line feeds, so the byte may not be part of a command.
  if (bytes.filter((byte) => byte === 0x0a).length !== commands.lineFeedCount()) {
    throw new Error('a line feed inside a command');
  }
  return bytes;
}

function amountColumnsOf(slip: Slip): number {
  const widths = slip.elements
    .filter((element) => element.kind === 'pair' && element.isAmount)
    .map((element) => (element.kind === 'pair' ? columnsOf(toPrintable(element.right)) : 0));
  return Math.max(MIN_AMOUNT_COLUMNS, ...widths);
}

function composeMarkup(
  element: SlipElement,
  cpl: CharactersPerLine,
  amountColumns: number,
): readonly string[] {
  switch (element.kind) {
    case 'rule':
      return ['-'];
    case 'gap':
      return [''];
    case 'qr':
      return [`{code:${escapeMarkup(element.text)};option:qrcode,${QR_MODULE_DOTS.toString()},m}`];
    case 'text':
      return composeText(element, cpl);
    case 'pair':
      return composePair(element, cpl, amountColumns);
  }
}

function composeText(
  { text, align, size, isBold }: Extract<SlipElement, { kind: 'text' }>,
  cpl: CharactersPerLine,
): readonly string[] {
  const words = toPrintable(text);
  const isWide = size === 'double' && columnsOf(words) * 2 <= cpl;
  const style = (isBold ? '"' : '') + (size === 'normal' ? '' : isWide ? SCALE_BOTH : SCALE_HEIGHT);
  return wrapToColumns(words, isWide ? cpl / 2 : cpl).map((line) => {
    const styled = style + escapeMarkup(line);
    return align === 'left' ? `|${styled} |` : align === 'right' ? `| ${styled}|` : styled;
  });
}

/** Name and value on one line, a name held out of the amounts' column; words that do not fit beside each other stack. */
function composePair(
  { left, right, isAmount, isBold, size }: Extract<SlipElement, { kind: 'pair' }>,
  cpl: CharactersPerLine,
  amountColumns: number,
): readonly string[] {
  const name = toPrintable(left);
  const value = toPrintable(right);
  const style = (isBold ? '"' : '') + (size === 'normal' ? '' : SCALE_HEIGHT);
  const atLeft = (line: string): string => `|${style}${escapeMarkup(line)} |`;
  const atRight = (line: string): string => `| ${style}${escapeMarkup(line)}|`;
  const rightColumns = isAmount ? amountColumns : columnsOf(value);
  const leftColumns = cpl - rightColumns - 1;
  if (!isAmount && columnsOf(name) > leftColumns) {
    const names = wrapToColumns(name, cpl, MAX_NAME_LINES);
    return [...names.map(atLeft), ...wrapToColumns(value, cpl, MAX_NAME_LINES).map(atRight)];
  }
  const [first = '', ...rest] = wrapToColumns(name, leftColumns, MAX_NAME_LINES);
  if (value === '') return [first, ...rest].map(atLeft);
  return [
    `{width:${leftColumns.toString()},${rightColumns.toString()}}`,
    `${atLeft(first)}${atRight(value).slice(1)}`,
    '{width:auto}',
    ...rest.map(atLeft),
  ];
}

/**
 * Hides a text from receiptline's document language. Everything but letters, digits and Chinese is written as a
 * hexadecimal escape: an unescaped bar made the QR vanish, a line of `===` cut the paper, a trailing space was lost.
 */
export function escapeMarkup(text: string): string {
  return text.replace(/[ -/:-@[-`{-~]/g, (character) => `\\x${character.charCodeAt(0).toString(16)}`);
}
