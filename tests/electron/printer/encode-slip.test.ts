import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composeSlip, type SlipInput } from '../../../domain/receipt/compose-slip.ts';
import type { Slip } from '../../../domain/receipt/slip.ts';
import {
  charactersPerLineOf,
  encodeSlip,
  escapeMarkup,
  type CharactersPerLine,
} from '../../../electron/printer/encode-slip.ts';
import {
  BEER_VOID,
  lineOf,
  LONG_NAME_SALE,
  RECEIPT_CODE,
  saleOf,
  slipInputOf,
  THREE_ITEM_SALE,
} from '../../fixtures/receipts/slip-samples.ts';
import {
  linesOf,
  qrSymbolsOf,
  qrTextOf,
  type DecodedDoc,
  type LineElement,
} from '../../support/virtual-printer/decoded-doc.ts';
import { decodeEscpos } from '../../support/virtual-printer/escpos-decoder.ts';

const PAPERS = [80, 58] as const;
const WIDTHS = [48, 32] as const;
const COLUMN_DOTS = 12;

/** Readable, and exact to the byte: what is not printable ASCII is written as `\xHH`; one row per line feed. */
function spellBytes(bytes: Uint8Array): string {
  return [...bytes]
    .map((byte) => {
      if (byte === 0x5c) return '\\\\';
      if (byte === 0x0a) return '\\n\n';
      if (byte >= 0x20 && byte < 0x7f) return String.fromCharCode(byte);
      return `\\x${byte.toString(16).padStart(2, '0')}`;
    })
    .join('');
}

function printed(slip: Slip, cpl: CharactersPerLine): DecodedDoc {
  return decodeEscpos(encodeSlip(slip, cpl), { cpl });
}

const textOf = (line: LineElement): string => line.runs.map((run) => run.text).join('');

const GOLDEN: readonly (readonly [string, SlipInput])[] = [
  ['sale', slipInputOf(THREE_ITEM_SALE, THREE_ITEM_SALE)],
  ['void-copy', slipInputOf(BEER_VOID, THREE_ITEM_SALE, { isCopy: true, isDemo: true })],
  ['long-name', slipInputOf(LONG_NAME_SALE, LONG_NAME_SALE)],
];

describe.each(PAPERS)('a slip on %i mm paper', (paperMm) => {
  const cpl = charactersPerLineOf(paperMm);

  it.each(GOLDEN)('is the golden one to the byte: %s', async (name, input) => {
    const golden = `../../fixtures/receipts/${name}-${paperMm.toString()}mm.txt`;
    await expect(spellBytes(encodeSlip(composeSlip(input), cpl))).toMatchFileSnapshot(golden);
  });

  it.each(GOLDEN)('prints without any complaint of the printer: %s', (_name, input) => {
    const doc = printed(composeSlip(input), cpl);
    expect(doc.warnings).toEqual([]);
    expect(doc.elements.at(-1)).toMatchObject({ kind: 'cut' });
    expect(doc.elements.filter((element) => element.kind === 'cut')).toHaveLength(1);
    expect(qrSymbolsOf(doc).map(qrTextOf)).toEqual([RECEIPT_CODE]);
  });

  it('says every word of the slip', () => {
    const slip = composeSlip(slipInputOf(THREE_ITEM_SALE, THREE_ITEM_SALE));
    const paper = linesOf(printed(slip, cpl)).map(textOf).join('');
    const texts = slip.elements.flatMap((element) => {
      if (element.kind === 'pair') return [element.left, element.right];
      return element.kind === 'text' ? [element.text] : [];
    });
    for (const word of texts.join(' ').split(' ')) expect(paper).toContain(word);
  });
});

/** Where the amounts' column begins: no item text may reach it. */
function nameEndDots(doc: DecodedDoc, amounts: readonly string[]): number {
  const xs = linesOf(doc).flatMap((line) =>
    line.runs.filter((run) => amounts.includes(run.text)).map((run) => run.xDots),
  );
  return Math.min(...xs);
}

function slipNaming(name: string): Slip {
  const sale = saleOf({
    lines: [{ ...lineOf('BEER', 1), sku: 'HOSTILE', n: name }],
    disc: [{ id: 'x', n: name, amt: 100 }],
    tot: 3400,
  });
  return composeSlip(
    slipInputOf(sale, sale, {
      crewName: name,
      maskedName: name,
      merchantName: name,
      airlineName: { zh: name, en: name },
      cities: { from: { zh: name, en: name }, to: { zh: name, en: name } },
    }),
  );
}

const AMOUNTS = ['￥35.00', '-￥1.00', '￥34.00'];

/** Everything that must hold whatever a name is. */
function expectHarmless(name: string, cpl: CharactersPerLine): DecodedDoc {
  const doc = printed(slipNaming(name), cpl);
  expect(doc.warnings).toEqual([]);
  expect(doc.elements.filter((element) => element.kind === 'drawer-kick')).toEqual([]);
  expect(doc.elements.map((element) => element.kind).filter((kind) => kind === 'cut')).toHaveLength(1);
  expect(qrSymbolsOf(doc).map(qrTextOf)).toEqual([RECEIPT_CODE]);
  const runs = linesOf(doc).flatMap((line) => line.runs);
  for (const amount of AMOUNTS) {
    const ends = runs.filter((run) => run.text === amount).map((run) => run.xDots + run.widthDots);
    expect(ends).toContain(cpl * COLUMN_DOTS);
  }
  return doc;
}

const ATTACKS: readonly (readonly [string, string])[] = [
  ['a drawer kick', 'Beer\x1bp\x00\x19\xfa'],
  ['a paper cut', 'Beer\x1dVA\x00'],
  ['a reset', 'Beer\x1b@'],
  ['an overprint by CR', 'Beer 99.00\rBeer  1.00'],
  ['a right-to-left override', 'Beer \u202e00.53'],
  ['zero-width characters', 'Be\u200be\u200d\u2060r\ufeff'],
  ['C1 controls', 'Beer\x9bp\x90\x85'],
  ['tag characters', 'Beer\u{e0041}\u{e0042}\u{e007f}'],
  ['full-width commands', '\uff1b\uff30\uff22 ＝＝＝ ｛ｃｕｔ｝'],
  ['stacked marks', `Beer${'\u0301'.repeat(60)}`],
  ['a rule', '---'],
  ['a cut in the document language', '==='],
  ['a bar', 'Beer|99.00|'],
  ['a property', '{code:1234;option:qrcode}'],
  ['a command property', '{command:\\x1bp\\x00}'],
  ['an escape', '\\x1bp\\n\\x7f\\'],
  ['markup', '~_"`^^^ Beer \\'],
  ['an emoji', 'Beer 🍺'],
  ['rare Chinese', '𠮷野家 㐂'],
  ['a private character', 'Beer\ue000\uf8ff'],
  ['a lone surrogate', 'Beer\ud800'],
  ['line separators', 'Beer\u2028Wine\u2029\n\n'],
];

describe.each(WIDTHS)('a hostile name on %i columns', (cpl) => {
  it.each(ATTACKS)('cannot do more than be printed: %s', (_what, attack) => {
    expectHarmless(attack, cpl);
  });

  it('cannot enter the column of the amounts', () => {
    const doc = printed(slipNaming('9'.repeat(200)), cpl);
    const endDots = nameEndDots(doc, AMOUNTS);
    const items = linesOf(doc).filter((line) => line.runs.some((run) => AMOUNTS.includes(run.text)));
    expect(items.length).toBeGreaterThanOrEqual(3);
    for (const { runs } of items) {
      for (const run of runs.filter(({ text }) => !AMOUNTS.includes(text))) {
        expect(run.xDots + run.widthDots).toBeLessThanOrEqual(endDots);
      }
    }
  });

  it('adds no control byte, whatever Unicode it is made of', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (name) => {
        expectHarmless(name, cpl);
      }),
      { numRuns: 300 },
    );
  });

  it('is cut between characters, never inside one', () => {
    const hanzi = fc.integer({ min: 0x4e00, max: 0x9fa5 }).map((code) => String.fromCodePoint(code));
    const mixed = fc.array(fc.oneof(hanzi, fc.constantFrom('a', 'Z', '9', ' ', '|', '~')), { maxLength: 90 });
    fc.assert(
      fc.property(mixed, (characters) => {
        expectHarmless(characters.join(''), cpl);
      }),
    );
  });
});

describe('characters a receipt printer has no glyph for', () => {
  it('are spelled out where that is possible, and seen to be missing where it is not', () => {
    const doc = expectHarmless('Café Müller Øl ½ ①', 48);
    const words = linesOf(doc).map(textOf);
    expect(words.some((line) => line.includes('Cafe Muller Ol 1/2 1'))).toBe(true);
    const rare = linesOf(expectHarmless('𠮷野家🍺', 48)).map(textOf);
    expect(rare.some((line) => line.includes('□野家□'))).toBe(true);
  });

  it('do not cost the money sign', () => {
    const words = linesOf(printed(slipNaming('Beer'), 48))
      .map(textOf)
      .join('\n');
    expect(words).toContain('￥34.00');
    expect(words).not.toContain('□');
  });
});

describe('the document language of the layout library', () => {
  it('never sees a character of a text that means something to it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
        expect(escapeMarkup(text).replace(/\\x[0-9a-f]{2}/g, '')).not.toMatch(/[\\|{}~_"`^=;:\- -]/);
      }),
    );
  });
});
