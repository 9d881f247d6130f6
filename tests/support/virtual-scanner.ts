// A serial scanner that is not there: the till opens a real serial path, the test says what is scanned.
import type { Cable } from './virtual-printer/cable.ts';
import { createPtySocket } from './virtual-printer/pty-cable.ts';

export type VirtualScanner = {
  /** The device path; the same after it was unplugged. */
  readonly address: string;
  readonly scan: (code: string) => void;
  /** Anything at all, without a line end. */
  readonly send: (bytes: Uint8Array) => void;
  readonly unplug: () => Promise<void>;
  readonly plugIn: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** The path is a pty made by `socat`, which must be installed. */
export async function openVirtualScanner(): Promise<VirtualScanner> {
  const socket = await createPtySocket();
  let cable: Cable | null = null;
  const send = (bytes: Uint8Array): void => {
    cable?.send(bytes);
  };
  const plugIn = async (): Promise<void> => {
    cable ??= await socket.plugIn(() => undefined);
  };
  const unplug = async (): Promise<void> => {
    const unplugged = cable;
    cable = null;
    await unplugged?.unplug();
  };
  await plugIn();
  return {
    address: socket.address,
    scan: (code) => {
      send(new TextEncoder().encode(`${code}\r\n`));
    },
    send,
    unplug,
    plugIn,
    close: async () => {
      await unplug();
      await socket.dispose();
    },
  };
}
