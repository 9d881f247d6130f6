// The till's side of the loop with ground: batches out, results in, and where every bill stands.
import type { ImportAnswer, LedgerLine } from '../../bridge/contract.ts';
import type { SettlementState } from '../../bridge/settlement-state.ts';
import type { Problem, ResultProblem } from '../../domain/problem.ts';
import type { Result } from '../../domain/result.ts';
import { prunableResults } from '../../domain/settlement/prunable-results.ts';
import { settlementView } from '../../domain/settlement/settlement-view.ts';
import { OUTBOX_SINK } from '../../domain/till/till-state.ts';
import { systemTimers } from '../clock/timers.ts';
import { bytesInOutbox, sealBatch, sealIntoOutbox } from '../gate/seal-batch.ts';
import { writeBatch } from '../gate/write-batch.ts';
import { createGroundClient } from '../uplink/ground-client.ts';
import { importResults } from '../uplink/import-results.ts';
import { takeResult, type TakenResult } from '../uplink/take-result.ts';
import { createUplink, type Uplink } from '../uplink/uplink.ts';
import { tokenOf } from './ground-token.ts';
import type { Session } from './open-session.ts';
import type { TillPorts } from './ports.ts';

export type SettlementDesk = {
  readonly state: () => SettlementState;
  /** Something was recorded: the window is told soon. */
  readonly noteRecord: () => void;
  /** A batch was sealed: it sets out at once, whatever was being waited for. */
  readonly noteSealed: () => void;
  readonly sendNow: () => void;
  /** This machine has come onto another network. */
  readonly noteNetwork: () => void;
  readonly importFrom: (dir: string) => Promise<Result<ImportAnswer, Problem>>;
  readonly stop: () => Promise<void>;
};

/** Records come in bursts, and the window needs the state after the last one. */
const TELL_AFTER_MS = 50;

export function createSettlementDesk(ports: TillPorts, session: Session): SettlementDesk {
  const { recorder, results } = session;
  let cancelTelling: (() => void) | null = null;
  let told = '';
  let uplink: Uplink | null = null;

  const state = (): SettlementState => ({
    ...settlementView(recorder.state, results.taken(), uplink?.arrived ?? new Set()),
    ground: uplink?.state() ?? { kind: 'none' },
  });

  const tell = (): void => {
    cancelTelling = null;
    const now = state();
    const text = JSON.stringify(now);
    if (text === told) return;
    told = text;
    ports.push('settlement', now);
  };
  const tellSoon = (): void => {
    cancelTelling ??= systemTimers.after(TELL_AFTER_MS, tell);
  };

  const take = (text: string): Result<TakenResult, ResultProblem> => {
    const taken = takeResult(text, { ...session, crypto: ports.crypto });
    ports.log('result', taken.ok ? { status: taken.value.file.status } : { refused: taken.error.kind });
    if (taken.ok) pushLines(taken.value.lines);
    return taken;
  };
  const pushLines = (lines: readonly LedgerLine[]): void => {
    if (lines.length > 0) ports.push('lines', lines);
  };

  /** The program ended between a result file and its record. */
  results.untaken().forEach(take);
  dropOldResults(ports, session);
  uplink = openUplink(ports, session, { take, pushLines, onChange: tellSoon });

  return {
    state,
    noteRecord: tellSoon,
    noteSealed: () => {
      tellSoon();
      uplink?.wake();
    },
    sendNow: () => uplink?.sendNow(),
    noteNetwork: () => uplink?.noteNetwork(),
    importFrom: async (dir) => {
      const imported = await importResults(dir, { openSealed: session.terminal.openSealed, take });
      if (!imported.ok) return imported;
      tellSoon();
      uplink?.wake();
      return { ok: true, value: { ...imported.value, settlement: state() } };
    },
    stop: async () => {
      cancelTelling?.();
      await uplink?.stop();
    },
  };
}

/** A clock far ahead makes nothing old: no pack is valid then, and the till does not come this far. */
function dropOldResults(ports: TillPorts, { terminal, recorder, results }: Session): void {
  const nowMs = ports.clock.nowMs();
  const packDenyVersion = terminal.pack.deny.version;
  const old = prunableResults(recorder.state, results.taken(), { nowMs, packDenyVersion });
  if (old.size === 0) return;
  results.drop(old);
  ports.log('results-dropped', { count: old.size });
}

/** Null where no address is known. */
function openUplink(
  ports: TillPorts,
  session: Session,
  on: {
    readonly take: (text: string) => Result<TakenResult, ResultProblem>;
    readonly pushLines: (lines: readonly LedgerLine[]) => void;
    readonly onChange: () => void;
  },
): Uplink | null {
  const { recorder, terminal, results } = session;
  if (terminal.ground === null) return null;
  return createUplink({
    ...on,
    client: createGroundClient(terminal.ground, () => tokenOf(session, ports), ports.uplinkPace),
    facts: () => ({ state: recorder.state, results: results.taken(), nowMs: ports.clock.nowMs() }),
    bytesOf: (batch) => bytesInOutbox(batch, session, ports),
    freshBytesOf: (batch) => sealIntoOutbox(batch, session, ports),
    reseal: async ({ to }, from) => {
      const sealed = await sealBatch({ from, to }, session, ports);
      if (!sealed.ok) return false;
      const { batch, bytes } = sealed.value;
      writeBatch(terminal.batchDir, batch.fileName, bytes);
      const { batchId } = batch;
      const recorded = recorder.record([{ ty: 'EXPORT', b: { batchId, from, to, sink: OUTBOX_SINK } }]);
      if (recorded.ok) on.pushLines(recorded.value);
      return recorded.ok;
    },
    nowMs: ports.clock.nowMs,
    timers: systemTimers,
    pace: ports.uplinkPace,
    onBroken: (error) => {
      ports.log('uplink-broken', { why: error instanceof Error ? error.name : 'unknown' });
    },
  });
}
