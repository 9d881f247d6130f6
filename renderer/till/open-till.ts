// From a bare window to a till that may sell: open the ledger, agree with the journal, listen to main.
import type { DeviceStates, LedgerLine, TillBridge } from '../../bridge/contract.ts';
import type { SettlementState } from '../../bridge/settlement-state.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { catchUp, type CatchUpFault, type ReadyAnswer } from '../ledger/catch-up.ts';
import { createLedgerWriter, type LedgerFault } from '../ledger/ledger-writer.ts';
import { openLedger } from '../ledger/open-ledger.ts';
import type { CrewProblem } from './crew-problem.ts';
import { createTillClient, type TillClient } from './till-client.ts';

export type OpenTill = {
  readonly till: TillClient;
  readonly answer: ReadyAnswer;
  /** The newest state of the devices: a push may come while the ledger catches up, or before there is a screen. */
  readonly devices: () => DeviceStates;
  /** Likewise, of the money's way to the wallets. */
  readonly settlement: () => SettlementState;
};

type OpenParts = {
  readonly bridge: TillBridge;
  readonly ledgerName?: string;
  readonly onLedgerFault: (problem: CrewProblem) => void;
};

/** Never rejects: whatever stops the till has a screen of its own. */
export async function openTill(parts: OpenParts): Promise<Result<OpenTill, CrewProblem>> {
  const { bridge } = parts;
  const opened = await openLedger(parts.ledgerName);
  if (!opened.ok) {
    // Written by a newer app: the same thing, and the same way out, as a journal from the future.
    const isFuture = opened.error === 'from-the-future';
    return fail({ kind: isFuture ? 'journal-from-the-future' : 'ledger-unavailable' });
  }
  const ledger = opened.value;
  try {
    const pushed = holdPushes(bridge);
    const ready = await catchUp(ledger, bridge);
    if (!ready.ok) return fail(problemOf(ready.error));
    const writer = createLedgerWriter({ ledger, fetchLines: (from) => fetchLines(bridge, from) });
    const onLedgerFault = (fault: LedgerFault): void => {
      parts.onLedgerFault(problemOf(fault));
    };
    const till = createTillClient({ bridge, ledger, writer, onLedgerFault });
    pushed.release((lines) => void till.record(lines));
    return ok({
      till,
      answer: ready.value,
      devices: () => pushed.devices() ?? ready.value.devices,
      settlement: () => pushed.settlement() ?? ready.value.settlement,
    });
  } catch (error) {
    console.error('the till could not start', error);
    return fail({ kind: 'call-failed' });
  }
}

async function fetchLines(bridge: TillBridge, from: number): Promise<readonly LedgerLine[] | null> {
  const answer = await bridge.call('linesFrom', { from });
  return answer.ok ? answer.value.lines : null;
}

function problemOf(fault: CatchUpFault): CrewProblem {
  switch (fault.kind) {
    case 'refused':
      return fault.problem;
    case 'conflict':
      return { kind: 'journal-fork', seq: fault.seq };
    case 'not-written':
    case 'no-progress':
      return { kind: 'ledger-unavailable' };
  }
}

type HeldPushes = {
  readonly release: (record: (lines: readonly LedgerLine[]) => void) => void;
  /** What was pushed last, or null. */
  readonly devices: () => DeviceStates | null;
  readonly settlement: () => SettlementState | null;
};

/** Main may speak before the ledger can listen: lines wait until they are released, in their order. */
function holdPushes(bridge: TillBridge): HeldPushes {
  const held: LedgerLine[] = [];
  let devices: DeviceStates | null = null;
  let settlement: SettlementState | null = null;
  let record: ((lines: readonly LedgerLine[]) => void) | null = null;
  bridge.on('lines', (lines) => {
    if (record === null) held.push(...lines);
    else record(lines);
  });
  bridge.on('devices', (states) => {
    devices = states;
  });
  bridge.on('settlement', (state) => {
    settlement = state;
  });
  return {
    release: (listener) => {
      record = listener;
      if (held.length > 0) listener(held);
    },
    devices: () => devices,
    settlement: () => settlement,
  };
}
