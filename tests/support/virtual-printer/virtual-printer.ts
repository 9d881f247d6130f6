/**
 * A receipt printer that is not there: the till talks to it over a real serial path or a real TCP port.
 *
 * Choices where real printers differ: DLE EOT is answered on arrival, whatever is still unprinted, but its bytes inside the
 * parameters of another command (pictures, symbols) are data; GS r and GS I are answered in their turn, behind everything sent
 * before them; while paper, cover or a fault keep the printer offline it prints nothing and holds what comes.
 */
import type { Cable, CableSocket } from './cable.ts';
import type { DecodedDoc } from './decoded-doc.ts';
import { createPacedLine } from './paced-line.ts';
import {
  createPrinterMachine,
  type PrinterMachine,
  type PrinterMachineOptions,
  type PrinterSnapshot,
} from './printer-machine.ts';
import type { PaperLevel, PrinterFault } from './printer-status.ts';
import { createPtySocket } from './pty-cable.ts';
import type { Slip } from './split-slips.ts';
import { createTcpSocket } from './tcp-cable.ts';
import { createWaitingRoom } from './waiting-room.ts';

export type VirtualPrinterOptions = PrinterMachineOptions & {
  /** Serial line speed; bytes arrive no faster than baud / 10 per second. As fast as the machine can when absent. */
  readonly baud?: number;
  /** Called at each cut; `number` counts from 1. */
  readonly onSlip?: (slip: Slip, number: number) => void;
};

export type VirtualPrinter = {
  /** The device path, or `host:port`. The same after `reappear`. */
  readonly address: string;
  /** `out` takes the printer offline at once; it prints what it holds when paper is `ok` or `near-end` again. */
  readonly setPaper: (paper: PaperLevel) => void;
  readonly setCover: (isOpen: boolean) => void;
  readonly setFault: (fault: PrinterFault) => void;
  readonly setSilent: (isSilent: boolean) => void;
  readonly runOutOfPaperAfterLines: (lines: number) => void;
  /** Sends bytes nobody asked for. */
  readonly babble: (bytes: Uint8Array) => void;
  /** The device disappears and the printer loses power: what it had received but not printed is lost. */
  readonly vanish: () => Promise<void>;
  /** The device is back at the same address, in its power-on state. */
  readonly reappear: () => Promise<void>;
  readonly snapshot: () => PrinterSnapshot;
  /** The slips cut so far, oldest first. */
  readonly slips: () => readonly Slip[];
  /** What hangs out of the printer, not cut off yet. */
  readonly uncut: () => DecodedDoc;
  /** Resolves with all slips as soon as there are `count`; rejects after `timeoutMs` (default 10,000) saying what it has. */
  readonly waitForSlip: (count: number, timeoutMs?: number) => Promise<readonly Slip[]>;
  /** Resolves with the first snapshot that satisfies the condition; rejects after `timeoutMs` (default 10,000). */
  readonly waitUntil: (
    isReached: (snapshot: PrinterSnapshot) => boolean,
    timeoutMs?: number,
  ) => Promise<PrinterSnapshot>;
  /** Ends the cable and leaves nothing behind. Slips stay readable. */
  readonly close: () => Promise<void>;
};

const DEFAULT_TIMEOUT_MS = 10_000;

type PluggedLine = {
  readonly send: (bytes: Uint8Array) => void;
  readonly refresh: () => void;
  readonly plugIn: () => Promise<void>;
  readonly unplug: () => Promise<void>;
};

/** Joins cable, line speed and machine; reading stops while the machine or the line has more than it can take. */
function createPluggedLine(
  socket: CableSocket,
  baud: number | undefined,
  machine: () => PrinterMachine,
): PluggedLine {
  let cable: Cable | undefined;
  const receive = (bytes: Uint8Array): void => {
    machine().receive(bytes);
  };
  const paced = baud === undefined ? undefined : createPacedLine(baud / 10, receive);

  function refresh(): void {
    cable?.setReading(!machine().snapshot().isPushingBack && (paced?.pendingBytes() ?? 0) === 0);
  }

  return {
    send: (bytes) => cable?.send(bytes),
    refresh,
    async plugIn() {
      cable ??= await socket.plugIn((bytes) => {
        if (paced === undefined) receive(bytes);
        else paced.take(bytes);
        refresh();
      });
    },
    async unplug() {
      const unplugged = cable;
      cable = undefined;
      await unplugged?.unplug();
      paced?.clear();
    },
  };
}

async function openPrinter(socket: CableSocket, options: VirtualPrinterOptions): Promise<VirtualPrinter> {
  let slipCount = 0;
  const line = createPluggedLine(socket, options.baud, () => machine);
  const waitingRoom = createWaitingRoom(() => machine.snapshot());
  const machine: PrinterMachine = createPrinterMachine(options, {
    onAnswer: line.send,
    onChange: () => {
      line.refresh();
      waitingRoom.look();
    },
    onSlip: (slip) => {
      slipCount += 1;
      options.onSlip?.(slip, slipCount);
    },
  });
  await line.plugIn();

  const waitUntil: VirtualPrinter['waitUntil'] = (isReached, timeoutMs = DEFAULT_TIMEOUT_MS) =>
    waitingRoom.waitUntil(isReached, timeoutMs);
  const { setPaper, setCover, setFault, setSilent, runOutOfPaperAfterLines, snapshot, slips, uncut } =
    machine;
  return {
    ...{
      setPaper,
      setCover,
      setFault,
      setSilent,
      runOutOfPaperAfterLines,
      snapshot,
      slips,
      uncut,
      waitUntil,
    },
    address: socket.address,
    babble: line.send,
    async vanish() {
      await line.unplug();
      machine.loseMemory();
    },
    reappear: line.plugIn,
    async waitForSlip(count, timeoutMs) {
      await waitUntil((seen) => seen.slipCount >= count, timeoutMs);
      return machine.slips();
    },
    async close() {
      await line.unplug();
      machine.stop();
      waitingRoom.close();
      await socket.dispose();
    },
  };
}

/** Opens a printer on a serial device path (a pty made by `socat`, which must be installed). */
export async function openVirtualPrinter(
  options: VirtualPrinterOptions,
): Promise<VirtualPrinter & { readonly path: string }> {
  const socket = await createPtySocket();
  return { ...(await openPrinter(socket, options)), path: socket.address };
}

/** Opens a printer on a free TCP port of the loopback address. */
export async function openVirtualTcpPrinter(
  options: VirtualPrinterOptions,
): Promise<VirtualPrinter & { readonly port: number }> {
  const socket = await createTcpSocket();
  return { ...(await openPrinter(socket, options)), port: socket.port };
}
