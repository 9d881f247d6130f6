// A printer driver on a real serial path or a real TCP port, with a virtual printer at the other end.
import { vi } from 'vitest';
import type { PrinterState } from '../../../bridge/contract.ts';
import { composeSlip } from '../../../domain/receipt/compose-slip.ts';
import { encodeSlip } from '../../../electron/printer/encode-slip.ts';
import { createOpenTransport } from '../../../electron/printer/open-transport.ts';
import { PRINTER_TIMING, type PrinterTiming } from '../../../electron/printer/printer-timing.ts';
import { createPrinter, type Printer } from '../../../electron/printer/printer.ts';
import type { PrinterTarget } from '../../../electron/printer/transport.ts';
import { createSerialPorts, type SerialPorts } from '../../../electron/serial/serial-ports.ts';
import { lineOf, saleOf, slipInputOf } from '../../fixtures/receipts/slip-samples.ts';
import { linesOf } from '../../support/virtual-printer/decoded-doc.ts';
import {
  openVirtualPrinter,
  openVirtualTcpPrinter,
  type VirtualPrinter,
  type VirtualPrinterOptions,
} from '../../support/virtual-printer/virtual-printer.ts';

export type Cable = 'serial' | 'tcp';

export type Bench = {
  readonly device: VirtualPrinter;
  readonly printer: Printer;
  readonly serialPorts: SerialPorts;
  readonly target: PrinterTarget;
  /** Every state the printer has shown, oldest first. */
  readonly seen: readonly PrinterState[];
  readonly untilState: (kind: PrinterState['kind']) => Promise<PrinterState>;
  /** What was cut off so far, as the numbers of the slips (`#1287`); `torso` for a piece without a number. */
  readonly paper: () => readonly string[];
  readonly close: () => Promise<void>;
};

/** As patient as the product where it matters, quick where a test would only wait. */
export const QUICK: PrinterTiming = {
  ...PRINTER_TIMING,
  ...{ pollMs: 60, answerMs: 400, processMs: 1500, perByteMs: 0.1, stallMs: 2000, quietMs: 400 },
  ...{ reopenMs: 1500, retryMs: [40, 80], graceMs: 3000 },
};

const WAIT = { timeout: 15_000, interval: 10 };

export async function until(isReached: () => boolean): Promise<void> {
  await vi.waitUntil(isReached, WAIT);
}

export async function openBench(
  cable: Cable,
  options: Partial<VirtualPrinterOptions> = {},
  timing: PrinterTiming = QUICK,
): Promise<Bench> {
  const { device, target } = await plugIn(cable, { cpl: 48, ...options });
  const serialPorts = createSerialPorts();
  const printer = createPrinter({ target, openTransport: createOpenTransport(serialPorts), timing });
  const seen: PrinterState[] = [];
  printer.listen((state) => seen.push(state));
  return {
    device,
    printer,
    serialPorts,
    target,
    seen,
    untilState: async (kind) => {
      await until(() => printer.state().kind === kind);
      return printer.state();
    },
    paper: () => device.slips().map(({ doc }) => numberOn(linesOf(doc).map(wordsOf))),
    close: async () => {
      await printer.stop();
      await serialPorts.closeAll();
      await device.close();
    },
  };
}

async function plugIn(
  cable: Cable,
  options: VirtualPrinterOptions,
): Promise<{ device: VirtualPrinter; target: PrinterTarget }> {
  if (cable === 'serial') {
    const device = await openVirtualPrinter(options);
    return { device, target: { kind: 'serial', path: device.path, baud: 115_200, paperMm: 80 } };
  }
  const device = await openVirtualTcpPrinter(options);
  return { device, target: { kind: 'tcp', host: '127.0.0.1', port: device.port, paperMm: 80 } };
}

function wordsOf(line: ReturnType<typeof linesOf>[number]): string {
  return line.runs.map(({ text }) => text).join(' ');
}

function numberOn(lines: readonly string[]): string {
  const verify = lines.find((line) => line.includes('Verify'));
  const copy = lines.some((line) => line.includes('COPY')) ? ' COPY' : '';
  return verify === undefined ? 'torso' : `#${verify.split('#')[1] ?? ''}${copy}`;
}

/** A sale's slip with its number at the end; `lineCount` lines make it longer than a printer's buffer from about 30. */
export function slipBytes(seq: number, { isCopy = false, lineCount = 2 } = {}): Uint8Array {
  const lines = Array.from({ length: lineCount }, () => lineOf('BEER', 1));
  const sale = saleOf({ lines, tot: 3500 * lineCount }, seq);
  return encodeSlip(composeSlip(slipInputOf(sale, sale, { isCopy })), 48);
}
