import { describe, expect, it } from 'vitest';
import { renderText } from '../support/virtual-printer/render-text.ts';
import { splitSlips } from '../support/virtual-printer/split-slips.ts';
import * as esc from './escpos-bytes.ts';
import { RECEIPT_CODE, sampleSlip } from './sample-slip.ts';

const latin1 = (raw: Uint8Array): string => Buffer.from(raw).toString('latin1');

describe('splitting a stream into slips', () => {
  it('ends a slip at each cut and keeps its bytes', () => {
    const first = esc.bytes(esc.ascii('one\n'), esc.cutAfterFeed);
    const second = esc.bytes(esc.initialize, esc.ascii('two\n'), esc.cutAfterFeed);
    const { slips, rest } = splitSlips(esc.bytes([...first], [...second], esc.ascii('three\n')), { cpl: 48 });
    expect(slips.map((slip) => latin1(slip.raw))).toEqual([latin1(first), latin1(second)]);
    expect(slips.map((slip) => renderText(slip.doc))).toEqual([
      'one\n------ cut ------\n',
      'two\n------ cut ------\n',
    ]);
    expect(renderText(rest.doc)).toBe('three\n');
    expect(latin1(rest.raw)).toBe('three\n');
  });

  it('leaves status queries out of the bytes of a slip', () => {
    const noisy = esc.bytes(
      esc.realTimeStatus(1),
      esc.ascii('a'),
      esc.realTimeStatus(4),
      10,
      esc.sensorStatus,
    );
    expect(latin1(splitSlips(noisy, { cpl: 48 }).rest.raw)).toBe('a\n');
  });

  it('says in the rest what never reached the paper', () => {
    const { slips, rest } = splitSlips(esc.bytes(esc.cutAfterFeed, esc.ascii('tail')), { cpl: 48 });
    expect(slips).toHaveLength(1);
    expect(rest.doc.warnings.map((warning) => warning.kind)).toEqual(['unprinted-text-at-end']);
  });
});

describe('a slip as text', () => {
  it('counts Chinese characters as two columns, so that prices stand under each other', () => {
    const lines = renderText(splitSlips(sampleSlip(48), { cpl: 48 }).slips[0]?.doc ?? emptyDoc).split('\n');
    expect(lines).toContain('青岛啤酒 Tsingtao 330ml                  ￥25.00');
    expect(lines).toContain('毛毯 Blanket                             ￥88.00');
    expect(lines).toContain(`[QR: ${RECEIPT_CODE}]`);
  });

  it('names pictures, barcodes and the drawer', () => {
    const barcode = [0x1d, 0x6b, 67, 13, ...esc.ascii('6901234567892')];
    const { rest } = splitSlips(esc.bytes(esc.raster(1, 1, [255]), barcode, esc.kickDrawer), { cpl: 48 });
    expect(renderText(rest.doc)).toBe('[picture 8x1]\n[EAN13: 6901234567892]\n[drawer opens]\n');
  });
});

const emptyDoc = { cpl: 48, elements: [], warnings: [] } as const;
