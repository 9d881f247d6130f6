/** A slip as plain text, for terminals, logs and golden files. Chinese characters count as two columns. */
import {
  FONT_CELL,
  type DecodedDoc,
  type LineElement,
  type PaperElement,
  type Placement,
} from './decoded-doc.ts';
import { qrTextOf } from './decoded-doc.ts';

const COLUMN_DOTS = FONT_CELL.A.widthDots;

const CUT_TEXT = '------ cut ------';

/** Runs are put at their column; where double width leaves columns over, spaces follow. */
function lineText(line: LineElement): string {
  let text = '';
  let columns = 0;
  for (const run of [...line.runs].sort((a, b) => a.xDots - b.xDots)) {
    const startColumn = Math.round(run.xDots / COLUMN_DOTS);
    if (startColumn > columns) {
      text += ' '.repeat(startColumn - columns);
      columns = startColumn;
    }
    text += run.text;
    columns += Math.round(run.widthDots / run.widthScale / COLUMN_DOTS);
  }
  return text.trimEnd();
}

function place(text: string, { align, leftDots, widthDots }: Placement): string {
  const left = Math.round(leftDots / COLUMN_DOTS);
  const spare = Math.max(0, Math.round(widthDots / COLUMN_DOTS) - text.length);
  const shift = align === 'center' ? Math.floor(spare / 2) : align === 'right' ? spare : 0;
  return ' '.repeat(left + shift) + text;
}

function elementText(element: PaperElement): readonly string[] {
  switch (element.kind) {
    case 'line':
      return element.images.length > 0 ? [`${lineText(element)}[picture]`] : [lineText(element)];
    case 'feed':
      return Array.from({ length: element.lines }, () => '');
    case 'qr':
      return [place(`[QR: ${qrTextOf(element)}]`, element.placement)];
    case 'barcode':
      return [place(`[${element.symbology}: ${element.text}]`, element.placement)];
    case 'raster':
      return [
        place(`[picture ${String(element.widthDots)}x${String(element.heightDots)}]`, element.placement),
      ];
    case 'drawer-kick':
      return ['[drawer opens]'];
    case 'cut':
      return [CUT_TEXT];
  }
}

/** One line of text per printed line, each ended by a line feed; symbols as `[QR: CR1:...]`, cuts as `------ cut ------`. */
export function renderText(doc: DecodedDoc): string {
  return doc.elements
    .flatMap(elementText)
    .map((line) => `${line}\n`)
    .join('');
}
