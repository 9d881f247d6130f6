import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PRINTABLE_DOTS, linesOf, type DecodedDoc } from '../support/virtual-printer/decoded-doc.ts';
import { createEscposDecoder, decodeEscpos } from '../support/virtual-printer/escpos-decoder.ts';
import { renderText } from '../support/virtual-printer/render-text.ts';
import { splitSlips } from '../support/virtual-printer/split-slips.ts';
import * as esc from './escpos-bytes.ts';
import { sampleSlip } from './sample-slip.ts';

/** Bytes that often form commands: random bytes alone rarely get past the first ESC. */
const commandLike = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        0x1b,
        0x1d,
        0x1c,
        0x10,
        0x0a,
        0x04,
        0x26,
        0x28,
        0x6b,
        0x4c,
        0x56,
        0x76,
        0x40,
        0x30,
        0x31,
      ),
      fc.integer({ min: 0, max: 255 }),
    ),
    { maxLength: 400 },
  )
  .map((numbers) => Uint8Array.from(numbers));

const anyBytes = fc.oneof(fc.uint8Array({ maxLength: 600 }), commandLike);
const anyPaper = fc.constantFrom(32 as const, 48 as const);

function widestDots(doc: DecodedDoc): number {
  const ends = linesOf(doc).flatMap((line) => line.runs.map((run) => run.xDots + run.widthDots));
  return Math.max(0, ...ends);
}

describe('any bytes at all', () => {
  it('never make the decoder, the splitter or the text throw', () => {
    fc.assert(
      fc.property(anyBytes, anyPaper, (bytes, cpl) => {
        expect(typeof renderText(decodeEscpos(bytes, { cpl }))).toBe('string');
        expect(splitSlips(bytes, { cpl }).slips.length).toBeLessThanOrEqual(bytes.length);
      }),
      { numRuns: 2000 },
    );
  });

  it('decode the same however the line cuts them into portions', () => {
    fc.assert(
      fc.property(anyBytes, fc.array(fc.nat(600), { maxLength: 8 }), (bytes, places) => {
        const ends = [...places.filter((place) => place < bytes.length), bytes.length].sort((a, b) => a - b);
        const decoder = createEscposDecoder({ cpl: 48 });
        const inPortions = ends.flatMap((end, index) =>
          decoder.push(bytes.subarray(ends[index - 1] ?? 0, end)),
        );
        expect(inPortions).toEqual(createEscposDecoder({ cpl: 48 }).push(bytes));
      }),
      { numRuns: 500 },
    );
  });

  it('never print beyond the paper, unless one character alone is wider than the print area', () => {
    fc.assert(
      fc.property(anyBytes, anyPaper, (bytes, cpl) => {
        const widest = widestDots(decodeEscpos(bytes, { cpl }));
        expect(widest).toBeLessThanOrEqual(PRINTABLE_DOTS[cpl] + 8 * 24);
      }),
      { numRuns: 500 },
    );
  });

  it('do not throw when they are a real slip with one damaged byte', () => {
    const slip = sampleSlip(48);
    fc.assert(
      fc.property(fc.nat(slip.length - 1), fc.integer({ min: 0, max: 255 }), (place, value) => {
        const damaged = Uint8Array.from(slip);
        damaged[place] = value;
        expect(() => decodeEscpos(damaged, { cpl: 48 })).not.toThrow();
      }),
      { numRuns: 500 },
    );
  });
});

describe('a stream without end', () => {
  it('is decoded without keeping more than one slip may have', () => {
    const page = esc.bytes(esc.ascii('x'.repeat(400)), 0x07, 0x0a);
    const endless = Uint8Array.from(
      { length: page.length * 600 },
      (_, index) => page[index % page.length] ?? 0,
    );
    const doc = decodeEscpos(endless, { cpl: 48 });
    expect(doc.elements.length).toBe(5_000);
    expect(doc.warnings.length).toBeLessThanOrEqual(501);
  });

  it('keeps one line bounded when the cursor is moved back for ever', () => {
    const backAndForth = esc.bytes(esc.ascii('x'), [0x1b, 0x5c, 0xf4, 0xff]);
    const endless = Uint8Array.from({ length: 50_000 }, (_, i) => backAndForth[i % backAndForth.length] ?? 0);
    const doc = decodeEscpos(endless, { cpl: 48 });
    expect(Math.max(...linesOf(doc).map((line) => line.runs.length))).toBeLessThanOrEqual(1024);
  });

  it('drops the end of a picture that claims four gigabytes', () => {
    const claim = esc.bytes([0x1d, 0x38, 0x4c, 0xff, 0xff, 0xff, 0xff]);
    const decoder = createEscposDecoder({ cpl: 48 });
    decoder.push(claim);
    const megabyte = new Uint8Array(1_048_576);
    for (let count = 0; count < 4; count += 1) expect(decoder.push(megabyte)).toEqual([]);
    expect(decoder.finish().map((event) => event.kind === 'warned' && event.warning.kind)).toEqual([
      'stream-ended-mid-command',
    ]);
  });
});
