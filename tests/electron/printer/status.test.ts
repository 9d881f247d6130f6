import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerKindOf, readStatus } from '../../../electron/printer/status.ts';
import {
  realTimeStatus,
  sensorStatus,
  type PaperLevel,
  type PrinterCondition,
} from '../../support/virtual-printer/printer-status.ts';

const FINE: PrinterCondition = { paper: 'ok', isCoverOpen: false, fault: 'none' };

function statusOf(condition: Partial<PrinterCondition>): ReturnType<typeof readStatus> {
  const [a = 0, b = 0, c = 0, d = 0] = [1, 2, 3, 4].map((n) => realTimeStatus(n, { ...FINE, ...condition }));
  return readStatus([a, b, c, d]);
}

describe('the four status answers', () => {
  it('are read as the state the crew can do something about', () => {
    expect(statusOf({})).toEqual({ kind: 'ready', isPaperLow: false });
    expect(statusOf({ paper: 'near-end' })).toEqual({ kind: 'ready', isPaperLow: true });
    expect(statusOf({ paper: 'out' })).toEqual({ kind: 'paper-out' });
    expect(statusOf({ isCoverOpen: true })).toEqual({ kind: 'cover-open' });
    expect(statusOf({ isCoverOpen: true, paper: 'out' })).toEqual({ kind: 'cover-open' });
    expect(statusOf({ fault: 'cutter-jam' })).toEqual({ kind: 'offline' });
    expect(statusOf({ fault: 'overheated' })).toEqual({ kind: 'offline' });
    expect(readStatus([0x1a, 0x12, 0x12, 0x12])).toEqual({ kind: 'offline' });
  });

  it('make a state out of any four bytes', () => {
    const byte = fc.nat(255);
    fc.assert(
      fc.property(fc.tuple(byte, byte, byte, byte), (answers) => {
        expect(['ready', 'paper-out', 'cover-open', 'offline']).toContain(readStatus(answers).kind);
      }),
    );
  });
});

describe('a received byte', () => {
  it('is told by its fixed bits', () => {
    const papers: readonly PaperLevel[] = ['ok', 'near-end', 'out'];
    for (const paper of papers) {
      for (const isCoverOpen of [true, false]) {
        const condition: PrinterCondition = { ...FINE, paper, isCoverOpen };
        for (const n of [1, 2, 3, 4]) expect(answerKindOf(realTimeStatus(n, condition) ?? 0)).toBe('status');
        expect(answerKindOf(sensorStatus(1, condition) ?? 0xff)).toBe('processed');
      }
    }
    expect([0x11, 0x13].map(answerKindOf)).toEqual(['flow-control', 'flow-control']);
    expect([0x41, 0x80, 0xff, 0x92, 0x1f].map(answerKindOf)).toEqual(Array(5).fill('foreign'));
  });
});
