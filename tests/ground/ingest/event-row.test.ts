import { describe, expect, it } from 'vitest';
import { eventRowOf, monthOfLine } from '../../../ground/ingest/event-row.ts';
import { createScene, crypto, flyOrdinaryFlight } from '../../domain/settlement/journal-scene.ts';

describe('the month of a line', () => {
  it('is that of its leg, whenever it was written', () => {
    const leg = '9C8835-20261130-SHA-CTU';
    expect(monthOfLine({ leg, t: Date.UTC(2026, 11, 1) })).toBe(202_611);
    expect(monthOfLine({ leg, t: Date.UTC(2031, 5, 1) })).toBe(202_611);
  });

  it('is that of its own time where it has no leg, and one for all where that makes no sense', () => {
    expect(monthOfLine({ leg: '', t: Date.UTC(2026, 11, 31, 23, 59) })).toBe(202_612);
    for (const t of [0, -1, Number.MAX_SAFE_INTEGER, Date.UTC(2100, 0, 1)]) {
      expect(monthOfLine({ leg: '', t })).toBe(200_001);
    }
  });
});

describe('the row of a line', () => {
  const rows = flyOrdinaryFlight(createScene()).lines.map((line) =>
    eventRowOf(line, { airline: '9C', source: 'batch', crypto }),
  );

  it('names its bill and passenger, also the line that opened the bill', () => {
    const opened = rows.find((row) => row?.ty === 'BILL_OPEN');
    expect(opened).toMatchObject({ bill: 'T-0001.1.4', seq: 4, tot_minor: null, tender: null });
    expect(rows.find((row) => row?.ty === 'SALE')).toMatchObject({ bill: 'T-0001.1.4', cti: opened?.cti });
  });

  it('has an amount for what moves money and for nothing else, so that a sum is a sum', () => {
    const amounts = rows.flatMap((row) => (row?.tot_minor == null ? [] : [row.ty]));
    expect(new Set(amounts)).toEqual(new Set(['SALE', 'VOID']));
    const wallet = rows.filter((row) => row?.tender === 'wallet' && !row.is_practice);
    expect(wallet.reduce((sum, row) => sum + (row?.tot_minor ?? 0), 0)).toBe(8550);
  });

  it('is not made of what is no journal line', () => {
    expect(eventRowOf('no.journal.line', { airline: '9C', source: 'phone', crypto })).toBeNull();
  });
});
