/** A network printer's cable: a TCP port on the loopback address that takes one till at a time (the newest wins). */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Cable, CableSocket } from './cable.ts';

const HOST = '127.0.0.1';

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => {
      const address: AddressInfo | string | null = server.address();
      if (address === null || typeof address === 'string') reject(new Error('not a TCP address'));
      else resolve(address.port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}

type OpenPort = { readonly cable: Cable; readonly port: number };

async function openPort(wantedPort: number, onBytes: (bytes: Uint8Array) => void): Promise<OpenPort> {
  let till: Socket | undefined;
  let isReading = true;
  const server = createServer((socket) => {
    till?.destroy();
    till = socket;
    socket.setNoDelay(true);
    socket.on('error', () => undefined); // a till that vanishes is not the printer's problem
    socket.on('data', (bytes) => {
      if (till === socket) onBytes(bytes);
    });
    if (!isReading) socket.pause();
  });
  const port = await listen(server, wantedPort);
  const cable: Cable = {
    send(bytes) {
      if (till?.writable === true) till.write(bytes);
    },
    setReading(next) {
      isReading = next;
      if (next) till?.resume();
      else till?.pause();
    },
    async unplug() {
      till?.resetAndDestroy();
      till = undefined;
      await close(server);
    },
  };
  return { cable, port };
}

/** A free port, found by opening it once; every later `plugIn` uses the same. */
export async function createTcpSocket(): Promise<CableSocket & { readonly port: number }> {
  const { cable, port } = await openPort(0, () => undefined);
  await cable.unplug();
  return {
    address: `${HOST}:${String(port)}`,
    port,
    plugIn: async (onBytes) => (await openPort(port, onBytes)).cable,
    dispose: () => Promise.resolve(),
  };
}
