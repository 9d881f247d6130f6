// The one door to serial ports: printer and scanner open theirs here, and nothing else imports `serialport`.
import type { SerialPortInfo } from '../../bridge/contract.ts';
import { fail, ok, type Result } from '../../domain/result.ts';

/** Why a port cannot be opened. */
export type PortFault = 'not-found' | 'no-permission' | 'busy' | 'other';

export type PortEvents = {
  readonly onData: (bytes: Uint8Array) => void;
  /** The connection is over, whoever ended it. Called once. */
  readonly onClosed: () => void;
};

/** An open port. It never throws: a device that goes away is an ordinary event. */
export type OpenPort = {
  /**
   * True when the operating system has taken all bytes: no proof that the device has them. False when the port closed
   * first. May never resolve while the device holds the line: callers keep their own time limit.
   */
  readonly write: (bytes: Uint8Array) => Promise<boolean>;
  readonly close: () => Promise<void>;
};

type Done = (error?: Error | null) => void;

/** The part of a serialport stream that is used; tests hand in `SerialPortMock`. */
export type SerialStream = {
  readonly isOpen: boolean;
  open(done: Done): void;
  write(bytes: Buffer, done: Done): boolean;
  flush(done: Done): void;
  close(done: Done): void;
  on(event: 'data', listen: (bytes: Buffer) => void): unknown;
  on(event: 'close' | 'end' | 'error', listen: () => void): unknown;
};

export type SerialBinding = {
  readonly create: (options: { path: string; baudRate: number; autoOpen: false }) => SerialStream;
  readonly list: () => Promise<
    readonly { readonly path: string; readonly manufacturer?: string | undefined }[]
  >;
};

export type SerialPorts = {
  /** Any path may be typed in: `list` does not show pseudo-terminals and some adapters. */
  readonly open: (path: string, baudRate: number, events: PortEvents) => Promise<Result<OpenPort, PortFault>>;
  readonly list: () => Promise<readonly SerialPortInfo[]>;
  /** Leaving Electron with an open port aborts the process: to be awaited before quitting. */
  readonly closeAll: () => Promise<void>;
};

/** Loaded when the first port is wanted: a till without one starts sooner. */
async function loadSystemBinding(): Promise<SerialBinding> {
  const { SerialPort } = await import('serialport');
  return { create: (options) => new SerialPort(options), list: () => SerialPort.list() };
}

export function createSerialPorts(given?: SerialBinding): SerialPorts {
  const loadBinding = (): Promise<SerialBinding> =>
    given === undefined ? loadSystemBinding() : Promise.resolve(given);
  const openPorts = new Set<OpenPort>();
  return {
    open: async (path, baudRate, events) => {
      const binding = await loadBinding();
      const stream = binding.create({ path, baudRate, autoOpen: false });
      const error = await new Promise<Error | null | undefined>((resolve) => {
        stream.open(resolve);
      });
      if (error !== null && error !== undefined) return fail(faultOf(error.message));
      const port = watchPort(stream, {
        onData: events.onData,
        onClosed: () => {
          openPorts.delete(port);
          events.onClosed();
        },
      });
      openPorts.add(port);
      return ok(port);
    },
    list: async () => {
      const binding = await loadBinding();
      // On Linux serialport asks `udevadm`, which small systems lack; a path can still be typed in.
      const ports = await binding.list().catch(() => []);
      return ports.map(({ path, manufacturer }) => ({
        path,
        label: manufacturer === undefined ? path : `${path} (${manufacturer})`,
      }));
    },
    closeAll: async () => {
      await Promise.all([...openPorts].map((port) => port.close()));
    },
  };
}

function watchPort(stream: SerialStream, { onData, onClosed }: PortEvents): OpenPort {
  let ending: Promise<void> | null = null;
  // A write while closed never calls back, hence the set of those still waiting.
  const waiting = new Set<(isWritten: boolean) => void>();

  const release = (): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        resolve();
      };
      if (!stream.isOpen) {
        done();
        return;
      }
      // Unsent bytes are dropped first: the kernel would hold a closing port for 30 s to send them.
      stream.flush(() => {
        if (stream.isOpen) stream.close(done);
        else done();
      });
    });
  // `close` can come twice, and an `error` or `end` without it: the first of them ends the connection.
  const end = (): Promise<void> => {
    if (ending !== null) return ending;
    for (const settle of waiting) settle(false);
    ending = release().then(onClosed);
    return ending;
  };
  stream.on('data', (bytes) => {
    if (ending === null) onData(bytes);
  });
  stream.on('close', () => void end());
  stream.on('end', () => void end());
  stream.on('error', () => void end());

  return {
    write: (bytes) =>
      new Promise((resolve) => {
        const settle = (isWritten: boolean): void => {
          waiting.delete(settle);
          resolve(isWritten);
        };
        if (ending !== null) {
          settle(false);
          return;
        }
        waiting.add(settle);
        stream.write(Buffer.from(bytes), (error) => {
          settle(error === null || error === undefined);
        });
      }),
    close: end,
  };
}

/** Linux, macOS and Windows say it in their own words; Windows means «in use» by «Access denied». */
function faultOf(message: string): PortFault {
  if (
    /no such file|file not found|not a directory|no such device|not a typewriter|cannot find/i.test(message)
  )
    return 'not-found';
  if (/permission denied|not permitted/i.test(message)) return 'no-permission';
  if (/access denied|busy|lock|temporarily unavailable/i.test(message)) return 'busy';
  return 'other';
}
