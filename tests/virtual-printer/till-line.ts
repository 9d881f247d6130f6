/** The till's side of the cable in these tests: writes bytes, collects answers, waits for them by count. */
import { connect, type Socket } from 'node:net';
import { SerialPort } from 'serialport';

export type TillLine = {
  readonly write: (bytes: Uint8Array) => void;
  /** Resolves with everything received as soon as it is at least `count` bytes; the answers are then forgotten. */
  readonly answers: (count: number) => Promise<readonly number[]>;
  /** Sends a query and waits for its answer. */
  readonly ask: (query: readonly number[], answerLength?: number) => Promise<readonly number[]>;
  readonly receivedBytes: () => number;
  /**
   * Resolves when the other side has gone and this side noticed. Write something first: a read in progress at the unplugging
   * answers 0 bytes, which serialport 13 takes for "nothing yet" and repeats for ever; only a write then finds out (EIO).
   */
  readonly whenLost: Promise<void>;
  readonly close: () => Promise<void>;
};

type Inbox = Pick<TillLine, 'answers' | 'receivedBytes'> & { readonly take: (bytes: Uint8Array) => void };

function createInbox(): Inbox {
  let received: number[] = [];
  let wake: (() => void) | undefined;
  return {
    take(bytes) {
      received.push(...bytes);
      wake?.();
    },
    receivedBytes: () => received.length,
    async answers(count) {
      while (received.length < count) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const all = received;
      received = [];
      return all;
    },
  };
}

function lineOver(
  inbox: Inbox,
  write: (bytes: Uint8Array) => void,
  whenLost: Promise<void>,
  close: () => Promise<void>,
): TillLine {
  return {
    write,
    answers: inbox.answers,
    receivedBytes: inbox.receivedBytes,
    ask(query, answerLength = 1) {
      write(Uint8Array.from(query));
      return inbox.answers(answerLength);
    },
    whenLost,
    close,
  };
}

/** Opens the path with the serial library the till uses. */
export async function openSerialTill(path: string): Promise<TillLine> {
  const inbox = createInbox();
  const port = new SerialPort({ path, baudRate: 115_200, autoOpen: false });
  port.on('data', inbox.take);
  port.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    port.open((failure) => {
      if (failure === null) resolve();
      else reject(failure);
    });
  });
  const whenLost = new Promise<void>((resolve) => {
    port.once('close', () => {
      resolve();
    });
  });
  const close = async (): Promise<void> => {
    if (port.isOpen) port.close();
    await whenLost;
  };
  return lineOver(inbox, (bytes) => port.write(Buffer.from(bytes)), whenLost, close);
}

export async function openTcpTill(port: number): Promise<TillLine> {
  const inbox = createInbox();
  const socket = await new Promise<Socket>((resolve, reject) => {
    const opening = connect(port, '127.0.0.1', () => {
      resolve(opening);
    });
    opening.once('error', reject);
  });
  socket.on('data', inbox.take);
  socket.on('error', () => undefined);
  const whenLost = new Promise<void>((resolve) => {
    socket.once('close', () => {
      resolve();
    });
  });
  const close = async (): Promise<void> => {
    socket.destroy();
    await whenLost;
  };
  return lineOver(inbox, (bytes) => socket.write(bytes), whenLost, close);
}
