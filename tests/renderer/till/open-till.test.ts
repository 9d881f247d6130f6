import 'fake-indexeddb/auto';
import { Dexie } from 'dexie';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { LedgerLine, TillBridge } from '../../../bridge/contract.ts';
import { deleteLedger } from '../../../renderer/ledger/open-ledger.ts';
import { readHeadSeq } from '../../../renderer/ledger/ledger-head.ts';
import type { CrewProblem } from '../../../renderer/till/crew-problem.ts';
import { openTill } from '../../../renderer/till/open-till.ts';
import { createTillClient } from '../../../renderer/till/till-client.ts';
import { createLedgerWriter, type LedgerFault } from '../../../renderer/ledger/ledger-writer.ts';
import { flyShortFlight, newLedgerName, openTestLedger } from '../support/ledger-scene.ts';

const NO_PUSHES: TillBridge['on'] = () => () => undefined;

function bridgeAnswering(answer: unknown): TillBridge {
  return { call: () => Promise.resolve(answer as never), on: NO_PUSHES };
}

async function problemOf(bridge: TillBridge, ledgerName = newLedgerName()): Promise<CrewProblem | null> {
  onTestFinished(() => deleteLedger(ledgerName));
  const opened = await openTill({ bridge, ledgerName, onLedgerFault: () => undefined });
  return opened.ok ? null : opened.error;
}

describe('opening the till', () => {
  it('shows what main says when it cannot open', async () => {
    const problem = { kind: 'pack-expired', untilMs: 1 };
    expect(await problemOf(bridgeAnswering({ kind: 'blocked', problem }))).toEqual(problem);
  });

  it('does not touch a ledger of a newer app', async () => {
    const name = newLedgerName();
    const newer = new Dexie(name);
    newer.version(9).stores({ events: 'seq' });
    await newer.open();
    newer.close();
    const calls: string[] = [];
    const bridge: TillBridge = {
      call: (call) => Promise.reject(new Error(calls.push(call).toString())),
      on: NO_PUSHES,
    };
    expect(await problemOf(bridge, name)).toEqual({ kind: 'journal-from-the-future' });
    expect(calls).toEqual([]);
  });

  it('has words for a main that does not answer', async () => {
    const bridge: TillBridge = { call: () => Promise.reject(new Error('gone')), on: NO_PUSHES };
    expect(await problemOf(bridge)).toEqual({ kind: 'call-failed' });
  });

  it('gives up on a main that asks for the ledger’s lines for ever', async () => {
    const bridge: TillBridge = {
      call: (name) =>
        Promise.resolve(
          (name === 'start' ? { kind: 'send-lines', from: 1 } : { ok: true, value: { head: 0 } }) as never,
        ),
      on: NO_PUSHES,
    };
    expect(await problemOf(bridge)).toEqual({ kind: 'ledger-unavailable' });
  });
});

describe('an intent', () => {
  async function clientAnswering(
    answer: unknown,
  ): Promise<{ client: ReturnType<typeof createTillClient>; faults: LedgerFault[] }> {
    const ledger = await openTestLedger();
    const faults: LedgerFault[] = [];
    const writer = createLedgerWriter({ ledger, fetchLines: () => Promise.resolve(null) });
    const client = createTillClient({
      bridge: bridgeAnswering(answer),
      ledger,
      writer,
      onLedgerFault: (fault) => faults.push(fault),
    });
    return { client, faults };
  }

  const { lines } = flyShortFlight();

  it('is answered only after its lines are in the ledger', async () => {
    const { client } = await clientAnswering({ ok: true, value: { lines: lines.slice(0, 3) } });
    await client.ask('handOver', { seq: 1 });
    expect(await readHeadSeq(client.ledger)).toBe(3);
  });

  it('that is refused may have been recorded all the same', async () => {
    const problem = { kind: 'code-replay' };
    const { client } = await clientAnswering({ ok: false, error: { problem, lines: lines.slice(0, 2) } });
    expect(await client.ask('scan', { text: 'CP1:X' })).toEqual({ ok: false, error: problem });
    expect(await readHeadSeq(client.ledger)).toBe(2);
  });

  it('whose lines disagree with the ledger stops the till', async () => {
    const wrong: LedgerLine[] = [{ seq: 1, line: 'no.journal.line' }];
    const { client, faults } = await clientAnswering({ ok: true, value: { lines: wrong } });
    await client.ask('handOver', { seq: 1 });
    expect(faults).toEqual([{ kind: 'conflict', seq: 1 }]);
  });
});
