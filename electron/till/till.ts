// The till in main: opens once, then turns each intent into a decision, records it, and answers with the lines.
import type { Answers, LedgerLine, Refusal, StartAnswer, StartNotice } from '../../bridge/contract.ts';
import type { Settings } from '../../bridge/settings.ts';
import { legTotals } from '../../domain/settlement/totals.ts';
import type { PassengerCard } from '../../domain/bill/passenger-card.ts';
import { readLine } from '../../domain/journal/line.ts';
import type { Problem, StartProblem } from '../../domain/problem.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { decideHandOver, decideVoid } from '../../domain/till/decide-correction.ts';
import { decideClose, type LegCount } from '../../domain/till/decide-gate.ts';
import { decideSale } from '../../domain/till/decide-sale.ts';
import { decideScan, type Decision } from '../../domain/till/decide-scan.ts';
import { composeCard, isClockBad, type TillContext } from '../../domain/till/till-context.ts';
import { createTillClock } from '../clock/till-clock.ts';
import type { EventDraft } from '../../domain/till/till-state.ts';
import type { Handlers } from '../ipc/ipc-door.ts';
import { openJournal, type OpenedJournal } from '../journal/journal.ts';
import { readSettings, writeSettings } from '../settings/settings-file.ts';
import type { Terminal } from '../provisioning/terminal.ts';
import { createClockWatch, type ClockWatch } from './clock-watch.ts';
import { composeFlightView } from './flight-view.ts';
import { createGateDesk, type GateDesk } from './gate-desk.ts';
import { createDeviceDesk, type DeviceDesk } from './device-desk.ts';
import {
  agree,
  findRollback,
  journalPorts,
  openingDrafts,
  openJournalOrAsk,
  openSession,
  type LedgerHead,
  type Rescue,
  type Session,
} from './open-session.ts';
import type { SerialPorts } from '../serial/serial-ports.ts';
import type { TillPorts } from './ports.ts';
import { numberedLines } from './recorder.ts';

export type Till = {
  readonly handlers: Handlers;
  /** Reads pack and journal while the window is still being made; the first `start` waits for it and uses them. */
  readonly readAhead: () => void;
  readonly stop: () => Promise<void>;
};

const LINES_PER_ANSWER = 500;

type Open = {
  readonly session: Session;
  readonly devices: DeviceDesk;
  readonly gate: GateDesk;
  readonly clock: ClockWatch;
};

export function createTill(realPorts: TillPorts, serialPorts: SerialPorts): Till {
  const clock = createTillClock(realPorts.clock);
  const ports: TillPorts = { ...realPorts, clock: { ...realPorts.clock, nowMs: clock.nowMs } };
  let settings = readSettings(ports.dataDir);
  let terminal: Terminal | null = null;
  let session: Session | null = null;
  let rescue: Rescue | null = null;
  let open: Open | null = null;
  let hasRestored = 0;
  let readingAhead: Promise<void> | null = null;
  let lastSave: Promise<unknown> = Promise.resolve();

  const blocked = (problem: StartProblem): StartAnswer => {
    ports.log('start-blocked', { kind: problem.kind });
    return { kind: 'blocked', problem };
  };

  /** What goes wrong here goes wrong again in `start`, which has the ledger's help and an answer to give. */
  const readAhead = async (): Promise<void> => {
    const read = await ports.readTerminal();
    if (!read.ok) return;
    terminal = read.value;
    const opened = openJournalOrAsk(ports, terminal, null);
    if (opened.ok && 'journal' in opened.value) session = openSession(ports, terminal, opened.value);
  };

  const start = async (ledger: LedgerHead | null): Promise<StartAnswer> => {
    await readingAhead;
    if (terminal === null) {
      const read = await ports.readTerminal();
      if (!read.ok) return blocked(read.error);
      terminal = read.value;
    }
    if (session === null) {
      const opened = openJournalOrAsk(ports, terminal, ledger);
      if (!opened.ok) return blocked(opened.error);
      if ('until' in opened.value) {
        rescue = opened.value;
        return { kind: 'send-lines', from: rescue.from };
      }
      session = openSession(ports, terminal, opened.value);
    }
    const rollback = findRollback(session);
    if (rollback !== null) {
      // The newest pack may be put in before the crew tries again: all of it is read anew.
      session.recorder.journal.close();
      session = null;
      terminal = null;
      return blocked(rollback);
    }
    const agreement = agree(ports, session, ledger);
    if (agreement.kind === 'fork') return blocked({ kind: 'journal-fork', seq: agreement.seq });
    if (agreement.kind === 'send-lines') return agreement;
    const recovery = open === null ? recoveryNotices(session) : [];
    const opening = open === null ? beginDuty(session) : [];
    const lines =
      agreement.kind === 'rebuild'
        ? numberedLines(session.recorder.journal.read(1, LINES_PER_ANSWER), 1)
        : [...agreement.lines, ...opening].slice(0, LINES_PER_ANSWER);
    const clockNotices = isTimeBad(session) ? [{ kind: 'clock-bad' as const }] : [];
    return ready(agreement.kind, lines, [...recovery, ...agreement.notices, ...clockNotices]);
  };

  /** Told to the first window of this run; one that comes back after a crash has heard it. */
  const recoveryNotices = ({ tornBytes }: Session): readonly StartNotice[] => [
    ...(hasRestored > 0 ? [{ kind: 'journal-restored' as const, lines: hasRestored }] : []),
    ...(tornBytes > 0 ? [{ kind: 'torn-tail' as const, bytes: tornBytes }] : []),
  ];

  const beginDuty = (begun: Session): readonly LedgerLine[] => {
    const recorded = begun.recorder.record(openingDrafts(begun, ports.appVersion));
    const devices = createDeviceDesk(ports, begun, serialPorts, settings);
    if (!recorded.ok) devices.reportStorage(recorded.error);
    open = { session: begun, devices, gate: createGateDesk(ports, begun), clock: watchClock(begun, devices) };
    ports.log('duty-on', { dev: begun.terminal.dev, head: begun.recorder.journal.head().seq });
    return recorded.ok ? recorded.value : [];
  };

  const ready = (
    kind: 'continue' | 'rebuild',
    lines: readonly LedgerLine[],
    notices: readonly StartNotice[],
  ): StartAnswer => {
    if (open === null) throw new Error('ready before duty');
    const { session: on, devices, gate } = open;
    const { dev, epoch } = on.terminal;
    return {
      kind: 'ready',
      terminal: { dev, epoch, appVersion: ports.appVersion },
      crew: { id: on.crew.id, name: on.crew.name, role: on.crew.role },
      flight: composeFlightView(on.terminal),
      settings,
      devices: devices.states(),
      ledger: { kind, lines, head: on.recorder.journal.head().seq },
      notices,
      gate: gate.state(),
    };
  };

  const offerLines = (lines: readonly string[]): Answers['offerLines'] => {
    if (rescue !== null && terminal !== null) {
      rescue.lines.push(...lines);
      if (rescue.from + rescue.lines.length <= rescue.until)
        return ok({ head: rescue.from + rescue.lines.length - 1 });
      const opened: Result<OpenedJournal, StartProblem> = openJournal(
        journalPorts(ports, terminal),
        rescue.lines,
      );
      if (!opened.ok) return refuse(opened.error);
      hasRestored += rescue.lines.length;
      rescue = null;
      session = openSession(ports, terminal, opened.value);
      return ok({ head: session.recorder.journal.head().seq });
    }
    if (session === null || open !== null) return refuse({ kind: 'bad-request' });
    const adopted = session.recorder.adopt(lines);
    if (!adopted.ok) return refuse(adopted.error);
    hasRestored += lines.length;
    return ok({ head: session.recorder.journal.head().seq });
  };

  const isTimeBad = (on: Session): boolean => isClockBad(contextIn(on), on.recorder.state);

  const watchClock = (begun: Session, devices: DeviceDesk): ClockWatch =>
    createClockWatch({
      clock,
      isBad: () => isTimeBad(begun),
      onJump: (byMs) => {
        ports.log('clock-jump', { byMs });
        const recorded = begun.recorder.record([{ ty: 'CLOCK_JUMP', b: { byMs } }]);
        devices.reportStorage(recorded.ok ? null : recorded.error);
        if (recorded.ok) ports.push('lines', recorded.value);
      },
      onState: devices.reportClock,
    });

  const contextOf = ({ session: on }: Open): TillContext => contextIn(on);

  const contextIn = (on: Session): TillContext => ({
    dev: on.terminal.dev,
    epoch: on.terminal.epoch,
    crew: on.crew.id,
    pack: on.terminal.pack,
    nowMs: ports.clock.nowMs(),
    crypto: ports.crypto,
  });

  /** Decide, record, and only then answer (journal.md 5.2). */
  const carryOut = <T, A>(
    decide: (till: Open, context: TillContext) => Decision<T>,
    answer: (till: Open, value: T, lines: readonly LedgerLine[]) => A,
  ): Result<A, Refusal> => {
    if (open === null) return refuse({ kind: 'bad-request' });
    const till = open;
    const { recorder } = till.session;
    till.clock.look();
    const shortage = till.devices.findStorageShortage();
    const decision = decide(till, contextOf(till));
    if (shortage !== null && decision.outcome.ok && needsRoom(decision.drafts)) return refuse(shortage);
    const recorded = recorder.record(decision.drafts);
    till.devices.reportStorage(recorded.ok ? null : recorded.error);
    if (!recorded.ok) return refuse(decision.outcome.ok ? recorded.error : decision.outcome.error);
    if (!decision.outcome.ok) return refuse(decision.outcome.error, recorded.value);
    return ok(answer(till, decision.outcome.value, recorded.value));
  };

  const cardOf = (till: Open, cti: string): PassengerCard => {
    const { state } = till.session.recorder;
    const bill = state.bills.get(state.billOfPassenger.get(cti) ?? '');
    const presence = state.presenceOf.get(cti);
    if (bill === undefined || presence === undefined) throw new Error('a card needs a bill and a scan');
    return composeCard(bill, presence, state, contextOf(till));
  };

  const cardOfBill = (till: Open, billId: string): PassengerCard =>
    cardOf(till, till.session.recorder.state.bills.get(billId)?.cti ?? '');

  const handlers: Handlers = {
    start: ({ ledger }) => start(ledger),
    offerLines: ({ lines }) => offerLines(lines),
    linesFrom: ({ from }) => {
      if (open === null) return refuse({ kind: 'bad-request' });
      const { journal } = open.session.recorder;
      const lines = numberedLines(journal.read(from, from + LINES_PER_ANSWER - 1), from);
      return ok({ lines, head: journal.head().seq });
    },
    scan: ({ text }) =>
      carryOut(
        (till, context) => decideScan(till.session.recorder.state, text, context),
        (till, { cti }, lines) => ({ card: cardOf(till, cti), lines }),
      ),
    confirmSeat: ({ bill }) =>
      carryOut(
        (till) => decideSeatCheck(till, bill),
        (till, { cti }, lines) => ({ card: cardOf(till, cti), lines }),
      ),
    confirmSale: (intent) =>
      carryOut(
        (till, context) => decideSale(till.session.recorder.state, intent, context),
        (till, { bill, seq, again }, lines) => {
          const card = cardOfBill(till, bill);
          if (!again) till.devices.enqueue({ seq, seat: card.seat, copy: false });
          const answered = again ? numberedLines(till.session.recorder.journal.read(seq, seq), seq) : lines;
          return { seq, again, card, lines: answered };
        },
      ),
    voidSale: (intent) =>
      carryOut(
        (till, context) => decideVoid(till.session.recorder.state, intent, context),
        (till, { bill, seq }, lines) => {
          const card = cardOfBill(till, bill);
          till.devices.enqueue({ seq, seat: card.seat, copy: false });
          return { seq, card, lines };
        },
      ),
    handOver: (intent) =>
      carryOut(
        (till, context) => decideHandOver(till.session.recorder.state, intent, context),
        (_till, _value, lines) => ({ lines }),
      ),
    printReceipt: ({ seq }) => {
      const seat = open === null ? null : seatOfSlip(open, seq);
      if (open === null || seat === null) return refuse({ kind: 'sale-unknown' });
      if (settings.printer.kind === 'none') return refuse({ kind: 'printer-not-set' });
      const hasCome = !open.session.recorder.state.unprinted.has(seq);
      open.devices.enqueue({ seq, seat, copy: hasCome });
      return ok({ lines: [] });
    },
    previewReceipt: ({ seq }) => {
      const slip = open?.devices.composeSlip(seq) ?? null;
      return slip === null ? refuse({ kind: 'sale-unknown' }) : ok({ slip });
    },
    resolvePrint: ({ seq, outcome }) => {
      if (open === null) return refuse({ kind: 'bad-request' });
      open.devices.resolve(seq, outcome);
      return ok({ lines: [] });
    },
    closeFlight: ({ acceptUnprinted }) =>
      carryOut(
        (till, context) => {
          const intent = { acceptUnprinted, unused: [] };
          return decideClose(till.session.recorder.state, intent, countLeg(till), context);
        },
        (till, _value, lines) => ({ lines, gate: till.gate.state() }),
      ),
    listVolumes: () =>
      open === null ? refuse({ kind: 'bad-request' }) : ok({ volumes: open.gate.volumes() }),
    exportBatch: async ({ volume }) => {
      if (open === null) return refuse({ kind: 'bad-request' });
      const exported = await open.gate.exportBatch(volume);
      return exported.ok ? exported : refuse(exported.error);
    },
    listSerialPorts: async () => {
      if (open === null) return refuse({ kind: 'bad-request' });
      return ok({ ports: await open.devices.listSerialPorts() });
    },
    saveSettings: (wanted) => {
      // One after the other: of two quick saves the later must be the one that stays.
      const save = lastSave.then(() => saveSettings(wanted));
      lastSave = save;
      return save;
    },
  };

  const saveSettings = async (wanted: Settings): Promise<Answers['saveSettings']> => {
    try {
      await writeSettings(ports.dataDir, wanted);
    } catch {
      return refuse({ kind: 'settings-not-saved' });
    }
    settings = wanted;
    open?.devices.applySettings(wanted);
    return ok({ settings });
  };

  return {
    handlers,
    readAhead: () => {
      readingAhead ??= readAhead();
    },
    stop: async () => {
      open?.clock.stop();
      await open?.devices.stop();
      session?.recorder.journal.close();
    },
  };
}

/** A disk that is short of room takes nothing that leads to more; what ends a flight still finds its place. */
function needsRoom(drafts: readonly EventDraft[]): boolean {
  return drafts.some(({ ty }) => ty === 'CRED_SEEN' || ty === 'LOOKUP' || ty === 'SALE');
}

function refuse(problem: Problem, lines: readonly LedgerLine[] = []): Result<never, Refusal> {
  return fail({ problem, lines });
}

function decideSeatCheck({ session }: Open, billId: string): Decision<{ readonly cti: string }> {
  const bill = session.recorder.state.bills.get(billId);
  if (bill?.isOpen !== true) return { drafts: [], outcome: fail({ kind: 'bill-unknown' }) };
  const { cti, seat } = bill;
  return {
    drafts: [{ ty: 'LOOKUP', b: { cti, seat, how: 'static-check', who: session.crew.id } }],
    outcome: ok({ cti }),
  };
}

function seatOfSlip({ session }: Open, seq: number): string | null {
  const { state } = session.recorder;
  return state.bills.get(state.billOfSeq.get(seq) ?? '')?.seat ?? null;
}

function countLeg({ session }: Open): LegCount {
  const { journal, state } = session.recorder;
  const leg = session.terminal.pack.manifest.leg;
  const events = journal
    .read(1, state.headSeq)
    .map(readLine)
    .filter((event) => event?.leg === leg)
    .filter((event) => event !== null);
  const counts: Record<string, number> = {};
  for (const { ty } of events) counts[ty] = (counts[ty] ?? 0) + 1;
  return { totals: legTotals(events), counts };
}
