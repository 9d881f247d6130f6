import type { Settings } from '../../bridge/settings.ts';
import type { Result } from '../../domain/result.ts';
import type { PortEvents, PortFault } from '../serial/serial-ports.ts';

/** Where the printer is, as the technician set it. */
export type PrinterTarget = Exclude<Settings['printer'], { kind: 'none' }>;

/** An open way to a printer. Adapters: serial, TCP. Never throws; a lost device is told by `onClosed`. */
export type PrinterTransport = {
  /**
   * True when the bytes have left this process, false when the connection closed first. No proof of anything on paper.
   * May never resolve while the printer holds the line: callers keep their own time limit.
   */
  readonly write: (bytes: Uint8Array) => Promise<boolean>;
  /** Drops what was not sent. */
  readonly close: () => Promise<void>;
};

export type TransportEvents = PortEvents;

export type OpenTransport = (
  target: PrinterTarget,
  events: TransportEvents,
) => Promise<Result<PrinterTransport, PortFault>>;
