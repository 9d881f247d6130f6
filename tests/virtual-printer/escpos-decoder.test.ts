import { describe, expect, it } from 'vitest';
import {
  linesOf,
  qrSymbolsOf,
  qrTextOf,
  type CharactersPerLine,
  type DecodedDoc,
  type LineElement,
} from '../support/virtual-printer/decoded-doc.ts';
import { decodeEscpos } from '../support/virtual-printer/escpos-decoder.ts';
import * as esc from './escpos-bytes.ts';
import { RECEIPT_CODE, sampleSlip } from './sample-slip.ts';

type Part = number | readonly number[];

function decode(parts: readonly Part[], cpl: CharactersPerLine = 48): DecodedDoc {
  return decodeEscpos(esc.bytes(...parts), { cpl });
}

function onlyLine(doc: DecodedDoc): LineElement {
  const [line, ...others] = linesOf(doc);
  if (line === undefined || others.length > 0) throw new Error('expected exactly one line');
  return line;
}

const warningKinds = (doc: DecodedDoc): readonly string[] => doc.warnings.map((warning) => warning.kind);
const text = (line: LineElement): string => line.runs.map((run) => run.text).join('');

describe('text', () => {
  it('prints ASCII at a line feed, 12 dots a character', () => {
    const line = onlyLine(decode([esc.ascii('Seat 12A'), esc.lf]));
    expect(line.runs).toHaveLength(1);
    expect(line.runs[0]).toMatchObject({ text: 'Seat 12A', xDots: 0, widthDots: 96, isBold: false });
  });

  it('decodes a Chinese line in GB18030, 24 dots a character', () => {
    const doc = decode([esc.chineseMode, esc.gb('青岛啤酒 ￥25.00'), esc.lf]);
    expect(text(onlyLine(doc))).toBe('青岛啤酒 ￥25.00');
    expect(onlyLine(doc).runs[0]?.widthDots).toBe(5 * 24 + 6 * 12);
    expect(doc.warnings).toEqual([]);
  });

  it('decodes a four-byte character and warns that most printers lack it', () => {
    const doc = decode([esc.chineseMode, [0x81, 0x30, 0x84, 0x36], esc.lf]);
    expect(text(onlyLine(doc))).toBe('¥');
    expect(warningKinds(doc)).toEqual(['four-byte-character']);
  });

  it('decodes a character beyond the basic plane', () => {
    const doc = decode([esc.chineseMode, [0x95, 0x32, 0x82, 0x36], esc.lf]);
    expect(text(onlyLine(doc))).toBe('\u{20000}');
  });

  it('warns of Chinese bytes sent without Chinese mode and prints code page characters', () => {
    const doc = decode([esc.gb('中'), esc.lf]);
    expect(text(onlyLine(doc))).toBe('╓╨');
    expect(warningKinds(doc)).toEqual(['high-byte-outside-chinese-mode', 'high-byte-outside-chinese-mode']);
  });

  it('leaves Chinese mode at FS . and with ESC @', () => {
    expect(warningKinds(decode([esc.chineseMode, [0x1c, 0x2e], [0xe9], esc.lf]))).toHaveLength(1);
    expect(warningKinds(decode([esc.chineseMode, esc.initialize, [0xe9], esc.lf]))).toHaveLength(1);
  });

  it('uses the code page of ESC t outside Chinese mode', () => {
    expect(text(onlyLine(decode([[0x1b, 0x74, 16, 0xe9], esc.lf])))).toBe('é');
    expect(text(onlyLine(decode([[0x1b, 0x74, 1, 0x95], esc.lf])))).toBe('─');
  });

  it('warns of half a Chinese character before a line feed', () => {
    const doc = decode([esc.chineseMode, [0xc7], esc.lf]);
    expect(text(onlyLine(doc))).toBe('〓');
    expect(warningKinds(doc)).toEqual(['undecodable-gb18030']);
  });

  it('prints the byte behind a broken Chinese character as itself', () => {
    const doc = decode([esc.chineseMode, [0xc7, 0x20], esc.ascii('A'), esc.lf]);
    expect(text(onlyLine(doc))).toBe('〓 A');
  });

  it('warns of private-use characters, which have no agreed glyph', () => {
    expect(warningKinds(decode([esc.chineseMode, [0xaa, 0xa1], esc.lf]))).toEqual(['undecodable-gb18030']);
  });

  it('prints a yuan sign for a dollar under the Chinese international set', () => {
    expect(text(onlyLine(decode([[0x1b, 0x52, 15], esc.ascii('$5'), esc.lf])))).toBe('¥5');
  });
});

describe('the dot cursor', () => {
  it('fits exactly 48 characters on 80 mm and 32 on 58 mm', () => {
    for (const cpl of [48, 32] as const) {
      const doc = decode([esc.ascii('x'.repeat(cpl)), esc.lf], cpl);
      expect(linesOf(doc)).toHaveLength(1);
      expect(doc.warnings).toEqual([]);
    }
  });

  it('wraps what does not fit and warns', () => {
    const doc = decode([esc.chineseMode, esc.ascii('x'.repeat(47)), esc.gb('中'), esc.lf]);
    expect(linesOf(doc).map(text)).toEqual(['x'.repeat(47), '中']);
    expect(warningKinds(doc)).toEqual(['line-wrapped']);
  });

  it('fits 64 characters of font B on 80 mm', () => {
    const doc = decode([[0x1b, 0x4d, 1], esc.ascii('x'.repeat(64)), esc.lf]);
    expect(doc.warnings).toEqual([]);
    expect(onlyLine(doc).runs[0]).toMatchObject({ font: 'B', widthDots: 576 });
  });

  it('centres and right-aligns', () => {
    const centred = onlyLine(decode([esc.align(1), esc.ascii('ab'), esc.lf]));
    expect(centred.runs[0]).toMatchObject({ xDots: 276, align: 'center' });
    const right = onlyLine(decode([esc.align(2), esc.ascii('ab'), esc.lf]));
    expect(right.runs[0]).toMatchObject({ xDots: 552, align: 'right' });
  });

  it('ignores an alignment sent in the middle of a line and says so', () => {
    const doc = decode([esc.ascii('ab'), esc.align(1), esc.lf]);
    expect(onlyLine(doc).runs[0]?.xDots).toBe(0);
    expect(warningKinds(doc)).toEqual(['align-ignored-mid-line']);
  });

  it('moves to absolute and relative positions', () => {
    const line = onlyLine(
      decode([
        esc.ascii('a'),
        [0x1b, 0x24, 0x20, 0x01],
        esc.ascii('b'),
        [0x1b, 0x5c, 0xf4, 0xff],
        esc.ascii('c'),
        10,
      ]),
    );
    expect(line.runs.map((run) => [run.text, run.xDots])).toEqual([
      ['a', 0],
      ['b', 288],
      ['c', 288],
    ]);
  });

  it('prints inside the area of GS L and GS W', () => {
    const doc = decode([[0x1d, 0x4c, 24, 0, 0x1d, 0x57, 48, 0], esc.align(2), esc.ascii('abcde'), esc.lf]);
    expect(linesOf(doc).map((line) => [text(line), line.runs[0]?.xDots])).toEqual([
      ['abcd', 24],
      ['e', 60],
    ]);
  });

  it('jumps to tab stops of eight columns, or to those of ESC D', () => {
    expect(onlyLine(decode([esc.ascii('a\tb\n')])).runs[1]?.xDots).toBe(96);
    const own = decode([[0x1b, 0x44, 10, 20, 0], esc.ascii('a\tb\tc\n')]);
    expect(onlyLine(own).runs.map((run) => run.xDots)).toEqual([0, 120, 240]);
  });

  it('adds the spacing of ESC SP and FS S', () => {
    const line = onlyLine(decode([[0x1b, 0x20, 6], esc.ascii('ab'), esc.lf]));
    expect(line.runs.map((run) => run.xDots)).toEqual([0, 18]);
    const chinese = decode([esc.chineseMode, [0x1c, 0x53, 2, 4], esc.gb('中文'), esc.lf]);
    expect(onlyLine(chinese).runs.map((run) => run.xDots)).toEqual([2, 32]);
  });
});

describe('styles', () => {
  it('marks bold, underline and inversion on their runs only', () => {
    const line = onlyLine(
      decode([
        ...[
          esc.bold(true),
          esc.ascii('b'),
          esc.bold(false),
          esc.underline(2),
          esc.ascii('u'),
          esc.underline(0),
        ],
        ...[esc.inverted(true), esc.ascii('i'), esc.inverted(false), esc.ascii('n'), esc.lf],
      ]),
    );
    expect(line.runs.map((run) => [run.text, run.isBold, run.underlineDots, run.isInverted])).toEqual([
      ['b', true, 0, false],
      ['u', false, 2, false],
      ['i', false, 0, true],
      ['n', false, 0, false],
    ]);
  });

  it('scales Western and Chinese characters with GS !', () => {
    const line = onlyLine(decode([esc.chineseMode, esc.size(2, 3), esc.gb('中a'), esc.lf]));
    expect(line.runs[0]).toMatchObject({ text: '中a', widthScale: 2, heightScale: 3, widthDots: 72 });
    expect(line.heightDots).toBe(72);
  });

  it('scales Western with ESC ! and Chinese with FS !, each alone', () => {
    const line = onlyLine(decode([esc.chineseMode, [0x1b, 0x21, 0x30], esc.gb('中a'), esc.lf]));
    expect(line.runs.map((run) => run.widthScale)).toEqual([1, 2]);
    const chinese = onlyLine(decode([esc.chineseMode, [0x1c, 0x21, 0x0c], esc.gb('中a'), esc.lf]));
    expect(chinese.runs.map((run) => [run.widthScale, run.heightScale])).toEqual([
      [2, 2],
      [1, 1],
    ]);
  });

  it('advances by the line spacing, or by the tallest character when that is more', () => {
    const doc = decode([
      esc.ascii('a\n'),
      [0x1b, 0x33, 0],
      esc.ascii('b\n'),
      [0x1b, 0x32],
      esc.size(1, 2),
      esc.ascii('c\n'),
    ]);
    expect(linesOf(doc).map((line) => line.advanceDots)).toEqual([30, 24, 48]);
  });

  it('marks lines printed upside down', () => {
    expect(onlyLine(decode([[0x1b, 0x7b, 1], esc.ascii('a\n')])).isUpsideDown).toBe(true);
  });
});

describe('symbols and pictures', () => {
  it('reads a QR symbol of GS ( k back to its text', () => {
    const doc = decode([esc.qr(RECEIPT_CODE, 3, 49), esc.lf]);
    const [symbol] = qrSymbolsOf(doc);
    expect(symbol).toMatchObject({ moduleDots: 3, errorCorrection: 'M' });
    expect(symbol && qrTextOf(symbol)).toBe(RECEIPT_CODE);
    expect(doc.warnings).toEqual([]);
  });

  it('leaves out a QR symbol wider than the paper and says so', () => {
    const doc = decode([esc.qr(RECEIPT_CODE, 12), esc.lf], 32);
    expect(qrSymbolsOf(doc)).toEqual([]);
    expect(warningKinds(doc)).toEqual(['qr-too-wide']);
  });

  it('warns of a QR symbol printed without data', () => {
    const empty = [0x1d, 0x28, 0x6b, 3, 0, 49, 81, 48];
    expect(warningKinds(decode([empty]))).toEqual(['qr-not-printable']);
  });

  it('prints waiting text before a symbol and warns', () => {
    const doc = decode([esc.ascii('x'), esc.qr('A', 3)]);
    expect(doc.elements.map((element) => element.kind)).toEqual(['line', 'qr']);
    expect(warningKinds(doc)).toEqual(['block-mid-line']);
  });

  it('takes the rows of GS v 0', () => {
    const doc = decode([esc.raster(2, 2, [0x80, 0x01, 0xff, 0x00])]);
    expect(doc.elements).toMatchObject([{ kind: 'raster', widthDots: 16, heightDots: 2, widthScale: 1 }]);
  });

  it('stores and prints graphics of GS 8 L and GS ( L', () => {
    const stored = [48, 112, 48, 1, 1, 49, 8, 0, 2, 0, 0xaa, 0x55];
    const long = [0x1d, 0x38, 0x4c, stored.length, 0, 0, 0, ...stored];
    const short = [0x1d, 0x28, 0x4c, stored.length, 0, ...stored];
    const print = [0x1d, 0x28, 0x4c, 2, 0, 48, 50];
    for (const store of [long, short]) {
      const doc = decode([store, print]);
      expect(doc.elements).toMatchObject([{ kind: 'raster', widthDots: 8, heightDots: 2 }]);
      expect(doc.warnings).toEqual([]);
    }
  });

  it('puts an ESC * picture on its line, columns turned into rows', () => {
    const line = onlyLine(decode([[0x1b, 0x2a, 33, 2, 0, 0x80, 0, 0, 0, 0, 1], esc.lf]));
    const [image] = line.images;
    expect(image).toMatchObject({ widthDots: 2, heightDots: 24, xDots: 0 });
    expect([image?.bits[0], image?.bits[23]]).toEqual([0x80, 0x40]);
  });

  it('reads barcodes of both shapes of GS k', () => {
    const counted = [0x1d, 0x6b, 67, 13, ...esc.ascii('6901234567892')];
    const ended = [0x1d, 0x6b, 2, ...esc.ascii('6901234567892'), 0];
    for (const barcode of [counted, ended]) {
      expect(decode([barcode]).elements).toMatchObject([{ symbology: 'EAN13', text: '6901234567892' }]);
    }
  });

  it('unfolds the code sets of Code 128', () => {
    const barcode = [0x1d, 0x6b, 73, 8, ...esc.ascii('{BCT-{C'), 42];
    expect(decode([barcode]).elements).toMatchObject([{ symbology: 'Code128', text: 'CT-42' }]);
  });
});

describe('paper and drawer', () => {
  it('feeds, cuts and kicks the drawer', () => {
    const doc = decode([
      esc.ascii('a\n'),
      esc.feedLines(3),
      [0x1b, 0x4a, 15],
      esc.cutAfterFeed,
      esc.kickDrawer,
    ]);
    expect(doc.elements.slice(1)).toEqual([
      { kind: 'feed', lines: 3, dots: 90 },
      { kind: 'feed', lines: 1, dots: 15 },
      { kind: 'cut', mode: 'partial', feedDots: 0 },
      { kind: 'drawer-kick', pin: 2, onMs: 50, offMs: 500 },
    ]);
    expect(doc.warnings).toEqual([]);
  });

  it('warns of a cut while text waits for its line feed', () => {
    const doc = decode([esc.ascii('lost?'), esc.cutAfterFeed]);
    expect(warningKinds(doc)).toEqual(['cut-with-unprinted-text']);
  });

  it('warns of a cut that does not feed and would leave the last lines inside', () => {
    expect(warningKinds(decode([esc.ascii('a\n'), [0x1d, 0x56, 0]]))).toEqual(['cut-through-text']);
    expect(warningKinds(decode([esc.ascii('a\n'), esc.feedLines(3), [0x1d, 0x56, 0]]))).toEqual([]);
  });

  it('warns of text that never got a line feed', () => {
    const doc = decode([esc.ascii('lost')]);
    expect(linesOf(doc)).toEqual([]);
    expect(warningKinds(doc)).toEqual(['unprinted-text-at-end']);
  });
});

describe('bytes that are no text', () => {
  it('warns of stray control bytes and prints nothing for them', () => {
    const doc = decode([esc.ascii('a'), 0x07, esc.ascii('b'), 0x7f, esc.lf]);
    expect(text(onlyLine(doc))).toBe('ab');
    expect(doc.warnings).toEqual([
      { kind: 'stray-control', detail: 'control byte 07h', atByte: 1 },
      { kind: 'stray-control', detail: 'control byte 7Fh', atByte: 3 },
    ]);
  });

  it('ignores CR, so CR LF is one line', () => {
    expect(linesOf(decode([esc.ascii('a\r\nb\r\n')])).map(text)).toEqual(['a', 'b']);
  });

  it('warns of commands it has never heard of', () => {
    expect(warningKinds(decode([[0x1b, 0x7e], esc.lf]))).toEqual(['unknown-command']);
  });

  it('skips commands it knows but cannot act on, parameters included', () => {
    const doc = decode([[0x1d, 0x28, 0x45, 3, 0, 0x41, 0x42, 0x43], esc.ascii('x'), esc.lf]);
    expect(text(onlyLine(doc))).toBe('x');
    expect(warningKinds(doc)).toEqual(['unsupported-command']);
  });

  it('warns when the stream ends inside a command', () => {
    expect(warningKinds(decode([esc.raster(72, 10, [1, 2, 3])]))).toEqual(['stream-ended-mid-command']);
  });

  it('reports queries without printing them', () => {
    const { queries, elements } = decodeEscpos(
      esc.bytes(esc.realTimeStatus(4), esc.sensorStatus, [0x1d, 0x49, 67]),
      { cpl: 48 },
    );
    expect(elements).toEqual([]);
    expect(queries).toEqual([
      { kind: 'real-time-status', n: 4 },
      { kind: 'sensor-status', n: 1 },
      { kind: 'printer-id', n: 67 },
    ]);
  });

  it('finds nothing to warn of in a well-made slip', () => {
    for (const cpl of [32, 48] as const) {
      expect(decodeEscpos(sampleSlip(cpl), { cpl }).warnings).toEqual([]);
    }
  });
});
