// A till on duty: its session and desks, and the one way in which an intent becomes a record.
import type { LedgerLine, Refusal } from '../../bridge/contract.ts';
import type { PassengerCard } from '../../domain/bill/passenger-card.ts';
import { readLine } from '../../domain/journal/line.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { deniedByResults } from '../../domain/settlement/decide-result.ts';
import { legTotals } from '../../domain/settlement/totals.ts';
import type { LegCount } from '../../domain/till/decide-gate.ts';
import type { Decision } from '../../domain/till/decide-scan.ts';
import { composeCard, type TillContext } from '../../domain/till/till-context.ts';
import type { EventDraft } from '../../domain/till/till-state.ts';
import type { NetworkWatch } from '../uplink/network-watch.ts';
import type { ClockWatch } from './clock-watch.ts';
import type { DeviceDesk } from './device-desk.ts';
import type { GateDesk } from './gate-desk.ts';
import type { Session } from './open-session.ts';
import type { PackDesk } from './pack-desk.ts';
import type { PhoneDesk } from './phone-desk.ts';
import type { SettlementDesk } from './settlement-desk.ts';
import type { TillPorts } from './ports.ts';
import { refuse } from './refuse.ts';

export type Duty = {
  readonly session: Session;
  readonly devices: DeviceDesk;
  readonly gate: GateDesk;
  readonly phone: PhoneDesk;
  readonly settlement: SettlementDesk;
  readonly clock: ClockWatch;
  /** Null where no address of ground is known. */
  readonly packs: PackDesk | null;
  readonly network: NetworkWatch;
};

/** Everything that runs by itself comes to its end; the journal stays open. */
export async function endDuty({ clock, network, packs, settlement, devices }: Duty): Promise<void> {
  clock.stop();
  network.stop();
  await packs?.stop();
  await settlement.stop();
  await devices.stop();
}

/** What the rules need to know of the moment. */
export function contextOf({ terminal, crew, results }: Session, { clock, crypto }: TillPorts): TillContext {
  return {
    dev: terminal.dev,
    epoch: terminal.epoch,
    crew: crew.id,
    pack: terminal.pack,
    deniedSince: deniedByResults(results.taken(), terminal.pack.deny.version),
    nowMs: clock.nowMs(),
    crypto,
  };
}

/** Decide, record, and only then answer (journal.md 5.2). */
export function carryOut<T, A>(
  duty: Duty,
  ports: TillPorts,
  decide: (context: TillContext) => Decision<T>,
  answer: (value: T, lines: readonly LedgerLine[]) => A,
): Result<A, Refusal> {
  const { recorder } = duty.session;
  duty.clock.look();
  const shortage = duty.devices.findStorageShortage();
  const decision = decide(contextOf(duty.session, ports));
  if (shortage !== null && decision.outcome.ok && needsRoom(decision.drafts)) return refuse(shortage);
  const recorded = recorder.record(decision.drafts);
  duty.devices.reportStorage(recorded.ok ? null : recorded.error);
  if (recorded.ok && recorded.value.length > 0) duty.settlement.noteRecord();
  if (!recorded.ok) return refuse(decision.outcome.ok ? recorded.error : decision.outcome.error);
  if (!decision.outcome.ok) return refuse(decision.outcome.error, recorded.value);
  return ok(answer(decision.outcome.value, recorded.value));
}

/** A disk that is short of room takes nothing that leads to more; what ends a flight still finds its place. */
function needsRoom(drafts: readonly EventDraft[]): boolean {
  return drafts.some(({ ty }) => ty === 'CRED_SEEN' || ty === 'LOOKUP' || ty === 'SALE');
}

export function cardOf({ session }: Duty, cti: string, ports: TillPorts): PassengerCard {
  const { state } = session.recorder;
  const bill = state.bills.get(state.billOfPassenger.get(cti) ?? '');
  const presence = state.presenceOf.get(cti);
  if (bill === undefined || presence === undefined) throw new Error('a card needs a bill and a scan');
  return composeCard(bill, presence, state, contextOf(session, ports));
}

export function cardOfBill(duty: Duty, billId: string, ports: TillPorts): PassengerCard {
  return cardOf(duty, duty.session.recorder.state.bills.get(billId)?.cti ?? '', ports);
}

export function decideSeatCheck({ session }: Duty, billId: string): Decision<{ readonly cti: string }> {
  const bill = session.recorder.state.bills.get(billId);
  if (bill?.isOpen !== true) return { drafts: [], outcome: fail({ kind: 'bill-unknown' }) };
  const { cti, seat } = bill;
  return {
    drafts: [{ ty: 'LOOKUP', b: { cti, seat, how: 'static-check', who: session.crew.id } }],
    outcome: ok({ cti }),
  };
}

export function seatOfSlip({ session }: Duty, seq: number): string | null {
  const { state } = session.recorder;
  return state.bills.get(state.billOfSeq.get(seq) ?? '')?.seat ?? null;
}

/** What the leg adds up to, from the lines themselves. */
export function countLeg({ session }: Duty): LegCount {
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
