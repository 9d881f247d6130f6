// A till that has flown: some passengers charged, the flight closed and its batch sealed.
import * as fs from 'node:fs';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import type { SettlementState } from '../../../bridge/settlement-state.ts';
import type { EventDraft } from '../../../domain/till/till-state.ts';
import { journalFolder, openJournal } from '../../../electron/journal/journal.ts';
import { readDemoTerminal } from '../../../electron/provisioning/terminal.ts';
import { crypto } from '../../support/keys.ts';
import { ordinaryPassenger, showCode, type DemoPassenger } from '../../support/demo-passengers.ts';
import {
  openMainTill,
  scanCode,
  startFresh,
  type MainTill,
  type MainTillOptions,
} from '../../support/main-till.ts';
import { openStubGround, type StubGround } from '../../support/stub-ground.ts';

/** Everything in milliseconds where the product takes seconds and minutes. */
export const QUICK_PACE = {
  firstRetryMs: 5,
  mostRetryMs: 40,
  firstPollMs: 5,
  mostPollMs: 40,
  /** Long enough for a busy machine to judge a batch, short enough to wait for. */
  idleMs: 5000,
  callMs: 60_000,
  networkMs: 5,
  packMs: 20,
  untouchedMs: 60_000,
} as const;

export type FlownTill = { readonly till: MainTill; readonly ground: StubGround };

/** With an address of ground from the start, unless the test gives it later. */
export async function openFlownTill(
  prepare: (ground: StubGround) => void = () => undefined,
  isIntroduced = true,
  past: readonly EventDraft[] = [],
  options: MainTillOptions = {},
): Promise<FlownTill> {
  const till = await openMainTill({ uplinkPace: QUICK_PACE, ...options });
  if (past.length > 0) await beginJournal(till, past);
  const ground = await openStubGround(till.dir);
  onTestFinished(ground.close);
  if (isIntroduced) ground.introduceTo(till.dir);
  prepare(ground);
  await startFresh(till);
  return { till, ground };
}

export async function sellTo(till: MainTill, passenger: DemoPassenger, basket: string): Promise<string> {
  till.clock.nowMs += 2000;
  const scanned = await scanCode(till, showCode(passenger, Math.floor(till.clock.nowMs / 1000)));
  if (!scanned.ok) throw new Error(scanned.error.problem.kind);
  const { bill } = scanned.value.card;
  const sold = await till.call.confirmSale({ bill, basket, items: [{ sku: 'DR-001', q: 1 }] });
  if (!sold.ok) throw new Error(sold.error.problem.kind);
  return bill;
}

/** Answers the batch's id and the bill that is on it. */
export async function sealFlight(
  till: MainTill,
): Promise<{ readonly batchId: string; readonly bill: string }> {
  const bill = await sellTo(till, ordinaryPassenger(till.people), 'basket-0001');
  const closed = await till.call.closeFlight({ acceptUnprinted: true });
  if (!closed.ok) throw new Error(closed.error.problem.kind);
  const exported = await till.call.exportBatch({ volume: 'outbox' });
  if (!exported.ok) throw new Error(exported.error.problem.kind);
  return { batchId: exported.value.batchId, bill };
}

/** The newest state the window was told. */
export function settlementOf(till: MainTill): SettlementState {
  const newest = till.pushed.settlement.at(-1);
  if (newest === undefined) throw new Error('the window has not been told yet');
  return newest;
}

/** Waits until the window has been told a state like this. */
export async function untilTold(
  till: MainTill,
  isIt: (state: SettlementState) => boolean,
): Promise<SettlementState> {
  return vi.waitFor(
    () => {
      const state = settlementOf(till);
      if (!isIt(state)) throw new Error(`still ${JSON.stringify(state)}`);
      return state;
    },
    { timeout: 30_000, interval: 10 },
  );
}

export function resultsIn(till: MainTill): number {
  return till.events().filter(({ ty }) => ty === 'RESULT').length;
}

/** Writes the beginning of a till's journal: what it did on an earlier flight. */
export async function beginJournal(till: MainTill, drafts: readonly EventDraft[]): Promise<void> {
  const terminal = await readDemoTerminal(till.dir, till.clock.nowMs, crypto);
  if (!terminal.ok) throw new Error(terminal.error.kind);
  const { dev, epoch, certificate, signer, pack } = terminal.value;
  const opened = openJournal({
    ...{ dir: journalFolder(join(till.dir, 'till')), dev, epoch, certificate, signer, crypto, files: fs },
    ...{ clock: { nowMs: () => till.clock.nowMs, monotonicMs: () => 0 }, boot: 'earlier' },
  });
  if (!opened.ok) throw new Error(opened.error.kind);
  const { journal } = opened.value;
  const recorded = journal.record(
    [{ ty: 'JOURNAL_OPEN', b: { cert: certificate, appVer: '0.1.0' } }, ...drafts],
    { leg: pack.manifest.leg, crew: 'C0123' },
  );
  if (!recorded.ok) throw new Error(recorded.error.kind);
  journal.close();
}
