/** A first-in first-out buffer of fixed size: the printer's receive buffer. */

type ByteQueue = {
  readonly isFull: () => boolean;
  readonly length: () => number;
  /** The caller checks `isFull` first; a byte pushed into a full queue is a bug. */
  readonly push: (byte: number) => void;
  readonly shift: () => number | undefined;
  readonly clear: () => void;
};

export function createByteQueue(capacity: number): ByteQueue {
  const ring = new Uint8Array(capacity);
  let start = 0;
  let length = 0;
  return {
    isFull: () => length === capacity,
    length: () => length,
    push(byte) {
      if (length === capacity) throw new RangeError('the receive buffer is full');
      ring[(start + length) % capacity] = byte;
      length += 1;
    },
    shift() {
      if (length === 0) return undefined;
      const byte = ring[start];
      start = (start + 1) % capacity;
      length -= 1;
      return byte;
    },
    clear() {
      start = 0;
      length = 0;
    },
  };
}
