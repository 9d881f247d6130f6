/** What stands between till and printer. The serial pty and TCP port 9100 are its two kinds. */

export type Cable = {
  /** Printer to till. */
  readonly send: (bytes: Uint8Array) => void;
  /** False makes the printer stop reading, so that the till's writes end up waiting. */
  readonly setReading: (isReading: boolean) => void;
  /** Takes the device away from the till; resolves when it is gone. */
  readonly unplug: () => Promise<void>;
};

export type CableSocket = {
  /** What the till is told to open: a device path, or `host:port`. Stays the same over unplugging. */
  readonly address: string;
  readonly plugIn: (onBytes: (bytes: Uint8Array) => void) => Promise<Cable>;
  /** Removes what the socket left on disk. */
  readonly dispose: () => Promise<void>;
};
