// Printer, scanner and storage as the crew sees them, and the slips that wait for paper.
import type {
  ClockState,
  DeviceStates,
  Request,
  SerialPortInfo,
  StorageState,
} from '../../bridge/contract.ts';
import type { Settings } from '../../bridge/settings.ts';
import { JOURNAL } from '../../domain/limits.ts';
import type { TerminalProblem } from '../../domain/problem.ts';
import type { Slip } from '../../domain/receipt/slip.ts';
import { createInFlightStore } from '../printer/in-flight-store.ts';
import { createOpenTransport } from '../printer/open-transport.ts';
import { createPrintQueue, type PrintJob } from '../printer/print-queue.ts';
import { createPrinter } from '../printer/printer.ts';
import { createSerialScanner } from '../scanner/serial-scanner.ts';
import type { SerialPorts } from '../serial/serial-ports.ts';
import type { Session } from './open-session.ts';
import type { TillPorts } from './ports.ts';
import { composeSlipOf } from './slips.ts';

export type DeviceDesk = {
  readonly states: () => DeviceStates;
  readonly enqueue: (job: PrintJob) => void;
  readonly resolve: (seq: number, outcome: Request<'resolvePrint'>['outcome']) => void;
  /** The slip as it would be printed now, for the screen. */
  readonly composeSlip: (seq: number) => Slip | null;
  readonly applySettings: (settings: Settings) => void;
  readonly listSerialPorts: () => Promise<readonly SerialPortInfo[]>;
  /** Refuses to record while the disk has too little room left to go on safely. */
  readonly findStorageShortage: () => TerminalProblem | null;
  /** What the last record said of the disk; null when it went well. */
  readonly reportStorage: (problem: TerminalProblem | null) => void;
  readonly reportClock: (state: ClockState) => void;
  readonly stop: () => Promise<void>;
};

export function createDeviceDesk(
  ports: TillPorts,
  session: Session,
  serialPorts: SerialPorts,
  firstSettings: Settings,
): DeviceDesk {
  const { recorder, terminal } = session;
  let settings = firstSettings;
  let storage: StorageState = { kind: 'ready' };
  let clock: ClockState = { kind: 'right' };

  const printer = createPrinter({
    target: settings.printer,
    openTransport: createOpenTransport(serialPorts),
  });
  const scanner = createSerialScanner({
    target: settings.scanner,
    serialPorts,
    onText: (text) => {
      ports.push('scannerText', text);
    },
    onState: () => {
      announce();
    },
  });

  const composeSlip = (seq: number, isCopy: boolean): Slip | null =>
    composeSlipOf(seq, isCopy, recorder, terminal, ports.crypto);

  /** Throws when the journal cannot take it: the slip then stays in the queue and asks the crew later. */
  const recordPrinted = ({ seq, copy }: PrintJob): void => {
    const bill = recorder.state.billOfSeq.get(seq);
    if (bill === undefined) throw new Error(`no bill for slip ${seq.toString()}`);
    const recorded = recorder.record([{ ty: 'RECEIPT', b: { bill, seq, copy } }]);
    reportStorage(recorded.ok ? null : recorded.error);
    if (!recorded.ok) throw new Error(recorded.error.kind);
    ports.push('lines', recorded.value);
  };

  const queue = createPrintQueue({
    printer,
    inFlight: createInFlightStore(ports.dataDir),
    compose: async (job) => {
      // The character tables of receipt printers are large, and no start should wait for them.
      const { charactersPerLineOf, encodeSlip } = await import('../printer/encode-slip.ts');
      const slip = composeSlip(job.seq, job.copy);
      if (slip === null) throw new Error(`no sale or void at ${job.seq.toString()}`);
      const paperMm = settings.printer.kind === 'none' ? 80 : settings.printer.paperMm;
      return encodeSlip(slip, charactersPerLineOf(paperMm));
    },
    onPrinted: (job) => {
      recordPrinted(job);
      return Promise.resolve();
    },
    onFault: (job, what, error) => {
      ports.log('slip-fault', { seq: job.seq, what, error: error instanceof Error ? error.name : 'unknown' });
    },
    onChange: () => {
      announce();
    },
  });

  const states = (): DeviceStates => ({
    printer: printer.state(),
    scanner: scanner.state(),
    storage,
    clock,
    waitingSlips: queue.waiting(),
  });

  const announce = (): void => {
    ports.push('devices', states());
  };

  const setStorage = (next: StorageState): void => {
    if (next.kind === storage.kind) return;
    storage = next;
    ports.log('storage', { kind: next.kind });
    announce();
  };

  const reportStorage = (problem: TerminalProblem | null): void => {
    if (problem !== null) setStorage(storageStateOf(problem));
    else if (storage.kind !== 'nearly-full') setStorage({ kind: 'ready' });
  };

  printer.listen((state) => {
    ports.log('printer', { kind: state.kind });
    announce();
  });
  void queue.restore(waitingJobs(session), new Set());

  return {
    states,
    enqueue: (job) => {
      queue.add(job);
    },
    resolve: (seq, outcome) => {
      void queue.resolve(seq, outcome);
    },
    composeSlip: (seq) => composeSlip(seq, false),
    applySettings: (next) => {
      settings = next;
      printer.use(next.printer);
      scanner.use(next.scanner);
    },
    listSerialPorts: () => serialPorts.list(),
    findStorageShortage: () => {
      const freeBytes = ports.freeBytes(ports.dataDir);
      // Said while there is still time to export, long before the first sale is refused.
      if (freeBytes < JOURNAL.freeBytesForDuty) setStorage({ kind: 'nearly-full' });
      else if (storage.kind === 'nearly-full') setStorage({ kind: 'ready' });
      return freeBytes < JOURNAL.freeBytesForSale ? { kind: 'disk-nearly-full' } : null;
    },
    reportStorage,
    reportClock: (next) => {
      if (next.kind === clock.kind) return;
      clock = next;
      ports.log('clock', { kind: next.kind });
      announce();
    },
    stop: async () => {
      await Promise.all([queue.stop(), scanner.stop()]);
      await serialPorts.closeAll();
    },
  };
}

/** Slips of sales and voids that have no RECEIPT in the journal yet, oldest first. */
function waitingJobs({ recorder }: Session): readonly PrintJob[] {
  const { state } = recorder;
  return [...state.unprinted].map(([seq, bill]) => ({
    seq,
    seat: state.bills.get(bill)?.seat ?? '',
    copy: false,
  }));
}

function storageStateOf(problem: TerminalProblem): StorageState {
  if (problem.kind === 'journal-full') return { kind: 'full' };
  return problem.kind === 'journal-read-only' ? { kind: 'read-only' } : { kind: 'failing' };
}
