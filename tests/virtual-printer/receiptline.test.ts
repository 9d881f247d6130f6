import { commands, transform } from 'receiptline';
import { describe, expect, it } from 'vitest';
import { linesOf } from '../support/virtual-printer/decoded-doc.ts';
import { decodeEscpos } from '../support/virtual-printer/escpos-decoder.ts';
import { renderText } from '../support/virtual-printer/render-text.ts';

/** Columns of a width, prices to the right, a title of double size, and a symbol the library draws as a picture. */
const SOURCE = `^^^春秋航空

{width:*,10}
青岛啤酒 x2 |       ￥50.00
"合计 TOTAL |      "￥50.00
{code:CT20261120000042;option:qrcode,3,M}`;

const EXPECTED = [
  '                春秋航空',
  '',
  '青岛啤酒 x2                              ￥50.00',
  '合计 TOTAL                               ￥50.00',
  '                [picture 80x75]',
  '------ cut ------',
  '',
].join('\n');

describe('what the receipt library sends', () => {
  it('decodes without a warning in Chinese, with columns, sizes and a raster symbol', () => {
    const printed = transform(SOURCE, { cpl: 48, encoding: 'gb18030', command: commands.generic });
    const doc = decodeEscpos(Buffer.from(printed, 'latin1'), { cpl: 48 });
    expect(doc.warnings).toEqual([]);
    expect(doc.queries.at(-1)).toEqual({ kind: 'sensor-status', n: 1 });
    expect(renderText(doc)).toBe(EXPECTED);
    expect(linesOf(doc)[0]?.runs).toMatchObject([{ text: '春秋航空', widthScale: 2, heightScale: 2 }]);
    expect(
      linesOf(doc)
        .at(-1)
        ?.runs.every((run) => run.isBold),
    ).toBe(true);
  });
});
