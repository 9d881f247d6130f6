// What the crew asks of a till on duty: each intent is decided, recorded, and answered with its lines.
import type { Answers, LedgerLine, Refusal } from '../../bridge/contract.ts';
import { isOrderCode } from '../../domain/handheld/order-code.ts';
import { ok, type Result } from '../../domain/result.ts';
import { decideHandOver, decideVoid } from '../../domain/till/decide-correction.ts';
import { decideClose } from '../../domain/till/decide-gate.ts';
import { decideSale } from '../../domain/till/decide-sale.ts';
import { decideScan, type Decision } from '../../domain/till/decide-scan.ts';
import { readOrder } from '../../domain/till/read-order.ts';
import type { TillContext } from '../../domain/till/till-context.ts';
import type { Handlers } from '../ipc/ipc-door.ts';
import { cardOf, cardOfBill, carryOut, countLeg, decideSeatCheck, seatOfSlip, type Duty } from './duty.ts';
import type { TillPorts } from './ports.ts';
import { numberedLines } from './recorder.ts';
import { refuse } from './refuse.ts';

/** The most lines one answer brings. */
export const LINES_PER_ANSWER = 500;

export type Intents = Omit<Handlers, 'start' | 'offerLines' | 'saveSettings'>;

/** @param dutyNow null before the till has opened, and while it opens anew: then every intent is refused */
export function createIntents(
  ports: TillPorts,
  dutyNow: () => Duty | null,
  hasPrinter: () => boolean,
): Intents {
  const onDuty = <T, A>(
    decide: (duty: Duty, context: TillContext) => Decision<T>,
    answer: (duty: Duty, value: T, lines: readonly LedgerLine[]) => A,
  ): Result<A, Refusal> => {
    const on = dutyNow();
    if (on === null) return refuse({ kind: 'bad-request' });
    return carryOut(
      on,
      ports,
      (context) => decide(on, context),
      (value, lines) => answer(on, value, lines),
    );
  };

  /** Nothing is recorded of an order: the sale made of it is. */
  const scanOrder = (text: string): Answers['scan'] => {
    const on = dutyNow();
    if (on === null) return refuse({ kind: 'bad-request' });
    const order = readOrder(text, on.session.terminal.pack.catalogue);
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

  return {
    linesFrom: ({ from }) => {
      const on = dutyNow();
      if (on === null) return refuse({ kind: 'bad-request' });
      const { journal } = on.session.recorder;
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
      const on = dutyNow();
      if (on === null) return refuse({ kind: 'bad-request' });
      const asked = on.phone.ask(intent);
      return asked.ok ? asked : refuse(asked.error);
    },
    closeChallenge: () => {
      dutyNow()?.phone.stopAsking();
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
      const on = dutyNow();
      const seat = on === null ? null : seatOfSlip(on, seq);
      if (on === null || seat === null) return refuse({ kind: 'sale-unknown' });
      if (!hasPrinter()) return refuse({ kind: 'printer-not-set' });
      const hasCome = !on.session.recorder.state.unprinted.has(seq);
      on.devices.enqueue({ seq, seat, copy: hasCome });
      return ok({ lines: [] });
    },
    previewReceipt: ({ seq }) => {
      const slip = dutyNow()?.devices.composeSlip(seq) ?? null;
      return slip === null ? refuse({ kind: 'sale-unknown' }) : ok({ slip });
    },
    copyFrames: ({ seq }) => {
      const on = dutyNow();
      if (on === null) return refuse({ kind: 'bad-request' });
      const frames = on.phone.copyFrames(seq);
      return frames.ok ? ok({ frames: frames.value }) : refuse(frames.error);
    },
    resolvePrint: ({ seq, outcome }) => {
      const on = dutyNow();
      if (on === null) return refuse({ kind: 'bad-request' });
      on.devices.resolve(seq, outcome);
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
    listVolumes: () => {
      const on = dutyNow();
      return on === null ? refuse({ kind: 'bad-request' }) : ok({ volumes: on.gate.volumes() });
    },
    exportBatch: async ({ volume }) => {
      const on = dutyNow();
      if (on === null) return refuse({ kind: 'bad-request' });
      const exported = await on.gate.exportBatch(volume);
      on.settlement.noteSealed();
      return exported.ok ? exported : refuse(exported.error);
    },
    sendNow: () => {
      const on = dutyNow();
      if (on === null) return refuse({ kind: 'bad-request' });
      on.settlement.sendNow();
      return ok({ settlement: on.settlement.state() });
    },
    importResults: async ({ volume }) => {
      const on = dutyNow();
      const found = on?.gate.findVolume(volume) ?? null;
      if (on === null || found === null) return refuse({ kind: 'volume-unknown' });
      const imported = await on.settlement.importFrom(found.dir);
      return imported.ok ? imported : refuse(imported.error);
    },
    listSerialPorts: async () => {
      const on = dutyNow();
      if (on === null) return refuse({ kind: 'bad-request' });
      return ok({ ports: await on.devices.listSerialPorts() });
    },
  };
}
