/**
 * The receiving half of the printer: takes real-time commands (DLE EOT, DLE ENQ) out of the stream the moment they arrive and
 * queues everything else in a receive buffer of fixed size, pushing back on the line when that is full.
 */
import { createByteQueue } from './byte-queue.ts';
import { DLE } from './escpos-frames.ts';
import { createEscposLexer } from './escpos-lexer.ts';

export type Receiver = {
  /** Takes what came over the line. Bytes behind a full buffer stay on the line until `pump`. */
  readonly receive: (bytes: Uint8Array) => void;
  /** Continues with bytes left on the line; call it after room was made. */
  readonly pump: () => void;
  readonly shift: () => number | undefined;
  readonly heldBytes: () => number;
  /** True while received bytes wait for room: the transport should stop reading. */
  readonly isPushingBack: () => boolean;
  readonly reset: () => void;
};

type ReceiverOptions = {
  readonly capacityBytes: number;
  readonly onRealTime: (command: 'DLE EOT' | 'DLE ENQ', n: number) => void;
  /** Called after each byte that entered the buffer, so that a fast printer can take it out again. */
  readonly onQueued: () => void;
};

export function createReceiver({ capacityBytes, onRealTime, onQueued }: ReceiverOptions): Receiver {
  const queue = createByteQueue(capacityBytes);
  const lexer = createEscposLexer();
  let onLine: Uint8Array[] = [];
  let openRealTime: number[] = [];
  let isPumping = false;

  function enqueue(byte: number): void {
    queue.push(byte);
    onQueued();
  }

  function take(byte: number): void {
    const token = lexer.push(byte);
    if (lexer.openLead() === DLE) {
      openRealTime.push(byte);
      return;
    }
    if (openRealTime.length === 0) {
      enqueue(byte);
      return;
    }
    const sequence = [...openRealTime, byte];
    openRealTime = [];
    const isRealTime = token?.kind === 'command' && (token.name === 'DLE EOT' || token.name === 'DLE ENQ');
    if (isRealTime) onRealTime(token.name === 'DLE EOT' ? 'DLE EOT' : 'DLE ENQ', token.parameters[0] ?? 0);
    else sequence.forEach(enqueue);
  }

  /** The longest other DLE command has 10 bytes and enters as a whole. */
  const hasRoom = (): boolean => queue.length() + 10 <= capacityBytes;

  function pump(): void {
    if (isPumping) return;
    isPumping = true;
    while (onLine.length > 0 && hasRoom()) {
      const [chunk = new Uint8Array(), ...later] = onLine;
      onLine = later;
      let index = 0;
      for (; index < chunk.length && hasRoom(); index += 1) take(chunk[index] ?? 0);
      if (index < chunk.length) onLine = [chunk.subarray(index), ...onLine];
    }
    isPumping = false;
  }

  return {
    receive(bytes) {
      onLine.push(Uint8Array.from(bytes));
      pump();
    },
    pump,
    shift: () => queue.shift(),
    heldBytes: () => queue.length(),
    isPushingBack: () => onLine.length > 0,
    reset() {
      queue.clear();
      lexer.reset();
      onLine = [];
      openRealTime = [];
    },
  };
}
