// The till in main: how it opens, what is on duty, and how it ends. What the crew asks of it: intents.ts.
import type { Answers, LedgerLine, StartAnswer, StartNotice } from '../../bridge/contract.ts';
import type { Settings } from '../../bridge/settings.ts';
import { ok } from '../../domain/result.ts';
import { isClockBad } from '../../domain/till/till-context.ts';
import { createTillClock } from '../clock/till-clock.ts';
import { systemTimers } from '../clock/timers.ts';
import type { Handlers } from '../ipc/ipc-door.ts';
import type { SerialPorts } from '../serial/serial-ports.ts';
import { readSettings, writeSettings } from '../settings/settings-file.ts';
import { watchNetwork } from '../uplink/network-watch.ts';
import { createBeginning } from './begin.ts';
import { createClockWatch, type ClockWatch } from './clock-watch.ts';
import { createDeviceDesk, type DeviceDesk } from './device-desk.ts';
import { contextOf, endDuty, type Duty } from './duty.ts';
import { composeFlightView } from './flight-view.ts';
import { createGateDesk } from './gate-desk.ts';
import { createIntents, LINES_PER_ANSWER } from './intents.ts';
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

  const handlers: Handlers = {
    ...createIntents(
      ports,
      () => duty,
      () => settings.printer.kind !== 'none',
    ),
    start: ({ ledger }) => start(ledger),
    offerLines: ({ lines }) => beginning.offerLines(lines, duty !== null),
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
