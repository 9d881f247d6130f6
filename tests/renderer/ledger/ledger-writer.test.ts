import { describe, expect, it } from 'vitest';
import { createLedgerWriter } from '../../../renderer/ledger/ledger-writer.ts';
import { readHeadSeq } from '../../../renderer/ledger/ledger-head.ts';
import { flyShortFlight, openTestLedger } from '../support/ledger-scene.ts';

const { lines } = flyShortFlight();

describe('the ledger’s writer', () => {
  it('fetches what is missing before a pushed line', async () => {
    const ledger = await openTestLedger();
    const asked: number[] = [];
    const writer = createLedgerWriter({
      ledger,
      fetchLines: (from) => {
        asked.push(from);
        return Promise.resolve(lines.slice(from - 1, -1));
      },
    });
    expect(await writer.apply(lines.slice(-1))).toEqual({ ok: true, value: null });
    expect(asked).toEqual([1]);
    expect(await readHeadSeq(ledger)).toBe(lines.length);
  });

  it('puts answers and pushes that come at once in a row', async () => {
    const ledger = await openTestLedger();
    const writer = createLedgerWriter({ ledger, fetchLines: () => Promise.resolve(null) });
    const done = await Promise.all([
      writer.apply(lines.slice(0, 3)),
      writer.apply(lines.slice(2, 5)),
      writer.apply(lines.slice(4)),
    ]);
    expect(done.every((one) => one.ok)).toBe(true);
    expect(await readHeadSeq(ledger)).toBe(lines.length);
  });

  it('gives up when main sends the same lines again instead of the missing ones', async () => {
    const ledger = await openTestLedger();
    const writer = createLedgerWriter({ ledger, fetchLines: () => Promise.resolve(lines.slice(3)) });
    expect(await writer.apply(lines.slice(3))).toEqual({ ok: false, error: { kind: 'not-written' } });
  });

  it('reports a line that differs from the one it holds', async () => {
    const ledger = await openTestLedger();
    const writer = createLedgerWriter({ ledger, fetchLines: () => Promise.resolve(null) });
    await writer.apply(lines);
    const other = flyShortFlight();
    expect(await writer.apply(other.lines.slice(1, 2))).toEqual({
      ok: false,
      error: { kind: 'conflict', seq: 2 },
    });
  });
});
