// The till in main: opens once, then turns each intent into a decision, records it, and answers with the lines.
import type { Answers, LedgerLine, Refusal, StartAnswer, StartNotice } from '../../bridge/contract.ts';
import type { Settings } from '../../bridge/settings.ts';
import { ok, type Result } from '../../domain/result.ts';
import { isOrderCode } from '../../domain/handheld/order-code.ts';
import { decideHandOver, decideVoid } from '../../domain/till/decide-correction.ts';
import { decideClose } from '../../domain/till/decide-gate.ts';
import { decideSale } from '../../domain/till/decide-sale.ts';
import { decideScan, type Decision } from '../../domain/till/decide-scan.ts';
import { readOrder } from '../../domain/till/read-order.ts';
import { isClockBad, type TillContext } from '../../domain/till/till-context.ts';
import { createTillClock } from '../clock/till-clock.ts';
import { systemTimers } from '../clock/timers.ts';
import type { Handlers } from '../ipc/ipc-door.ts';
import type { SerialPorts } from '../serial/serial-ports.ts';
import { readSettings, writeSettings } from '../settings/settings-file.ts';
import { watchNetwork } from '../uplink/network-watch.ts';
import { createBeginning } from './begin.ts';
import { createClockWatch, type ClockWatch } from './clock-watch.ts';
import { createDeviceDesk, type DeviceDesk } from './device-desk.ts';
import {
  cardOf,
  cardOfBill,
  carryOut,
  contextOf,
  countLeg,
  decideSeatCheck,
  endDuty,
  seatOfSlip,
  type Duty,
} from './duty.ts';
import { composeFlightView } from './flight-view.ts';
import { createGateDesk } from './gate-desk.ts';
import { openingDrafts, type LedgerHead, type Session } from './open-session.ts';
import { createPackDesk } from './pack-desk.ts';
import { createPhoneDesk } from './phone-desk.ts';
import { createSettlementDesk } from './settlement-desk.ts';
import type { TillPorts } from './ports.ts';
import { numberedLines } from './recorder.ts';
import { refuse } from './refuse.ts';

export type Till = {
  readonly handlers: Handlers;
  /** Reads pack and journal while the window is still being made; the first `start` waits for it and uses them. */
  readonly readAhead: () => void;
  readonly stop: () => Promise<void>;
};

const LINES_PER_ANSWER = 500;

/** @param reloadWindow the page is to start anew: there is a newer flight pack */
export function createTill(
  realPorts: TillPorts,
  serialPorts: SerialPorts,
  reloadWindow: () => void = () => undefined,
): Till {
  const clock = createTillClock(realPorts.clock);
  const ports: TillPorts = { ...realPorts, clock: { ...realPorts.clock, nowMs: clock.nowMs } };
  const beginning = createBeginning(ports);
  let settings = readSettings(ports.dataDir);
  let duty: Duty | null = null;
  let lastSave: Promise<unknown> = Promise.resolve();
  let renewing: Promise<void> = Promise.resolve();

  const start = async (ledger: LedgerHead | null): Promise<StartAnswer> => {
    await renewing;
    const begun = await beginning.begin(ledger);
    if (!('session' in begun)) return begun;
    const { session, agreement } = begun;
    // Told to the first window of this run; one that comes back after a crash has heard it.
    const recovery = duty === null ? beginning.recoveryNotices() : [];
    const opening = duty === null ? beginDuty(session) : [];
    const lines =
      agreement.kind === 'rebuild'
        ? numberedLines(session.recorder.journal.read(1, LINES_PER_ANSWER), 1)
        : [...agreement.lines, ...opening].slice(0, LINES_PER_ANSWER);
    const clockNotices = isTimeBad(session) ? [{ kind: 'clock-bad' as const }] : [];
    return ready(agreement.kind, lines, [...recovery, ...agreement.notices, ...clockNotices]);
  };

  const beginDuty = (session: Session): readonly LedgerLine[] => {
    const recorded = session.recorder.record(openingDrafts(session, ports.appVersion));
    const devices = createDeviceDesk(ports, session, serialPorts, settings);
    if (!recorded.ok) devices.reportStorage(recorded.error);
    duty = {
      session,
      devices,
      gate: createGateDesk(ports, session),
      phone: createPhoneDesk(ports, session, () => contextOf(session, ports)),
      settlement: createSettlementDesk(ports, session),
      clock: watchClock(session, devices),
      packs: createPackDesk(ports, session, () => {
        renewing = renew();
      }),
      network: watchNetwork(ports.networkSign, {
        timers: systemTimers,
        everyMs: ports.uplinkPace.networkMs,
        onNetwork: () => {
          duty?.settlement.noteNetwork();
          duty?.packs?.noteNetwork();
        },
      }),
    };
    ports.log('duty-on', { dev: session.terminal.dev, head: session.recorder.journal.head().seq });
    return recorded.ok ? recorded.value : [];
  };

  /** As if the program had been started again: the same way in for a pack, whichever way it came. */
  const renew = async (): Promise<void> => {
    const ending = duty;
    duty = null;
    if (ending !== null) await endDuty(ending);
    beginning.renew();
    ports.log('duty-anew');
    reloadWindow();
  };

  const ready = (
    kind: 'continue' | 'rebuild',
    lines: readonly LedgerLine[],
    notices: readonly StartNotice[],
  ): StartAnswer => {
    if (duty === null) throw new Error('ready before duty');
    const { session, devices, gate, settlement } = duty;
    const { dev, epoch } = session.terminal;
    return {
      kind: 'ready',
      terminal: { dev, epoch, appVersion: ports.appVersion },
      crew: { id: session.crew.id, name: session.crew.name, role: session.crew.role },
      flight: composeFlightView(session.terminal),
      settings,
      devices: devices.states(),
      ledger: { kind, lines, head: session.recorder.journal.head().seq },
      notices,
      gate: gate.state(),
      settlement: settlement.state(),
    };
  };

  const isTimeBad = (session: Session): boolean =>
    isClockBad(contextOf(session, ports), session.recorder.state);

  const watchClock = (session: Session, devices: DeviceDesk): ClockWatch =>
    createClockWatch({
      clock,
      isBad: () => isTimeBad(session),
      onJump: (byMs) => {
        ports.log('clock-jump', { byMs });
        const recorded = session.recorder.record([{ ty: 'CLOCK_JUMP', b: { byMs } }]);
        devices.reportStorage(recorded.ok ? null : recorded.error);
        if (recorded.ok) ports.push('lines', recorded.value);
      },
      onState: devices.reportClock,
    });

  const onDuty = <T, A>(
    decide: (duty: Duty, context: TillContext) => Decision<T>,
    answer: (duty: Duty, value: T, lines: readonly LedgerLine[]) => A,
  ): Result<A, Refusal> => {
    if (duty === null) return refuse({ kind: 'bad-request' });
    const on = duty;
    return carryOut(
      on,
      ports,
      (context) => decide(on, context),
      (value, lines) => answer(on, value, lines),
    );
  };

  const handlers: Handlers = {
    start: ({ ledger }) => start(ledger),
    offerLines: ({ lines }) => beginning.offerLines(lines, duty !== null),
    linesFrom: ({ from }) => {
      if (duty === null) return refuse({ kind: 'bad-request' });
      const { journal } = duty.session.recorder;
      const lines = numberedLines(journal.read(from, from + LINES_PER_ANSWER - 1), from);
      return ok({ lines, head: journal.head().seq });
    },
    scan: ({ text }) => (isOrderCode(text) ? scanOrder(text) : scanCabinCode(text)),
    confirmSeat: ({ bill }) =>
      onDuty(
        (on) => decideSeatCheck(on, bill),
        (on, { cti }, lines) => ({ kind: 'passenger', card: cardOf(on, cti, ports), lines }),
      ),
    openChallenge: (intent) => {
      if (duty === null) return refuse({ kind: 'bad-request' });
      const asked = duty.phone.ask(intent);
      return asked.ok ? asked : refuse(asked.error);
    },
    closeChallenge: () => {
      duty?.phone.stopAsking();
      return ok({ lines: [] });
    },
    confirmSale: (intent) =>
      onDuty(
        (on, context) => decideSale(on.session.recorder.state, intent, context),
        (on, { bill, seq, again }, lines) => {
          const card = cardOfBill(on, bill, ports);
          if (!again) on.devices.enqueue({ seq, seat: card.seat, copy: false });
          const answered = again ? numberedLines(on.session.recorder.journal.read(seq, seq), seq) : lines;
          return { seq, again, card, lines: answered };
        },
      ),
    voidSale: (intent) =>
      onDuty(
        (on, context) => decideVoid(on.session.recorder.state, intent, context),
        (on, { bill, seq }, lines) => {
          const card = cardOfBill(on, bill, ports);
          on.devices.enqueue({ seq, seat: card.seat, copy: false });
          return { seq, card, lines };
        },
      ),
    handOver: (intent) =>
      onDuty(
        (on, context) => decideHandOver(on.session.recorder.state, intent, context),
        (_on, _value, lines) => ({ lines }),
      ),
    printReceipt: ({ seq }) => {
      const seat = duty === null ? null : seatOfSlip(duty, seq);
      if (duty === null || seat === null) return refuse({ kind: 'sale-unknown' });
      if (settings.printer.kind === 'none') return refuse({ kind: 'printer-not-set' });
      const hasCome = !duty.session.recorder.state.unprinted.has(seq);
      duty.devices.enqueue({ seq, seat, copy: hasCome });
      return ok({ lines: [] });
    },
    previewReceipt: ({ seq }) => {
      const slip = duty?.devices.composeSlip(seq) ?? null;
      return slip === null ? refuse({ kind: 'sale-unknown' }) : ok({ slip });
    },
    copyFrames: ({ seq }) => {
      if (duty === null) return refuse({ kind: 'bad-request' });
      const frames = duty.phone.copyFrames(seq);
      return frames.ok ? ok({ frames: frames.value }) : refuse(frames.error);
    },
    resolvePrint: ({ seq, outcome }) => {
      if (duty === null) return refuse({ kind: 'bad-request' });
      duty.devices.resolve(seq, outcome);
      return ok({ lines: [] });
    },
    closeFlight: ({ acceptUnprinted, unused = [] }) =>
      onDuty(
        (on, context) => {
          const intent = { acceptUnprinted, unused };
          return decideClose(on.session.recorder.state, intent, countLeg(on), context);
        },
        (on, _value, lines) => ({ lines, gate: on.gate.state() }),
      ),
    listVolumes: () =>
      duty === null ? refuse({ kind: 'bad-request' }) : ok({ volumes: duty.gate.volumes() }),
    exportBatch: async ({ volume }) => {
      if (duty === null) return refuse({ kind: 'bad-request' });
      const on = duty;
      const exported = await on.gate.exportBatch(volume);
      on.settlement.noteSealed();
      return exported.ok ? exported : refuse(exported.error);
    },
    sendNow: () => {
      if (duty === null) return refuse({ kind: 'bad-request' });
      duty.settlement.sendNow();
      return ok({ settlement: duty.settlement.state() });
    },
    importResults: async ({ volume }) => {
      const found = duty?.gate.findVolume(volume) ?? null;
      if (duty === null || found === null) return refuse({ kind: 'volume-unknown' });
      const imported = await duty.settlement.importFrom(found.dir);
      return imported.ok ? imported : refuse(imported.error);
    },
    listSerialPorts: async () => {
      if (duty === null) return refuse({ kind: 'bad-request' });
      return ok({ ports: await duty.devices.listSerialPorts() });
    },
    saveSettings: (wanted) => {
      // One after the other: of two quick saves the later must be the one that stays.
      const save = lastSave.then(() => saveSettings(wanted));
      lastSave = save;
      return save;
    },
  };

  /** Nothing is recorded of an order: the sale made of it is. */
  const scanOrder = (text: string): Answers['scan'] => {
    if (duty === null) return refuse({ kind: 'bad-request' });
    const order = readOrder(text, duty.session.terminal.pack.catalogue);
    return order.ok ? ok({ kind: 'order', ...order.value, lines: [] }) : refuse(order.error);
  };

  const scanCabinCode = (text: string): Answers['scan'] =>
    onDuty(
      (on, context) => decideScan(on.session.recorder.state, text, context, on.phone.asked()),
      (on, { cti }, lines) => {
        const card = cardOf(on, cti, ports);
        if (card.mode === 'confirmed') on.phone.stopAsking();
        return { kind: 'passenger', card, lines };
      },
    );

  const saveSettings = async (wanted: Settings): Promise<Answers['saveSettings']> => {
    try {
      await writeSettings(ports.dataDir, wanted);
    } catch {
      return refuse({ kind: 'settings-not-saved' });
    }
    settings = wanted;
    duty?.devices.applySettings(wanted);
    return ok({ settings });
  };

  return {
    handlers,
    readAhead: beginning.readAhead,
    stop: async () => {
      await renewing;
      if (duty !== null) await endDuty(duty);
      beginning.close();
    },
  };
}
