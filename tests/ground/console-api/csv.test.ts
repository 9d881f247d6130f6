import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvAmount, csvLine } from '../../../ground/console-api/csv.ts';

describe('a CSV line', () => {
  it('quotes commas, quotes and line breaks as RFC 4180 says', () => {
    expect(csvLine(['a,b', 'say "no"', 'two\nlines', 'plain', null, 7])).toBe(
      '"a,b","say ""no""","two\nlines",plain,,7\r\n',
    );
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1', ' =1'])(
    'lets no spreadsheet calculate %j',
    (text) => {
      expect(csvLine([text])).toMatch(/^"?'/);
    },
  );

  it('keeps every digit of a long number', () => {
    expect(csvLine(['4200000000000000000000012345'])).toBe("'4200000000000000000000012345\r\n");
  });

  it('gives back any text but for the apostrophe', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1 }), (cells) => {
        const read = parse(csvLine(cells)).map((cell, i) =>
          cell === `'${cells[i] ?? ''}` ? cell.slice(1) : cell,
        );
        expect(read).toEqual(cells);
      }),
    );
  });

  it('writes amounts exactly', () => {
    fc.assert(
      fc.property(fc.integer({ min: -9_000_000_000_000, max: 9_000_000_000_000 }), (minor) => {
        expect(Math.round(Number(csvAmount(minor)) * 100)).toBe(minor === 0 ? 0 : minor);
      }),
    );
  });
});

/** RFC 4180 by its own words, for one record. */
function parse(line: string): readonly string[] {
  const cells: string[] = [];
  let rest = line.slice(0, -2);
  for (;;) {
    const quoted = /^"((?:[^"]|"")*)"/.exec(rest);
    const cell = quoted?.[1]?.replaceAll('""', '"') ?? /^[^,]*/.exec(rest)?.[0] ?? '';
    rest = rest.slice(quoted?.[0].length ?? cell.length);
    cells.push(cell);
    if (!rest.startsWith(',')) return cells;
    rest = rest.slice(1);
  }
}
