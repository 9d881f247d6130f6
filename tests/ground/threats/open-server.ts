// Ground's whole HTTP server on a port of its own, over an airline with a terminal, for whoever attacks it.
import { connect, type AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { createApp, type AppOptions } from '../../../ground/server/create-app.ts';
import type { DatabasePlace } from '../../../ground/database/open-database.ts';
import { openIngestScene, type IngestScene } from '../ingest/ingest-scene.ts';

export type GroundServer = IngestScene & {
  readonly app: FastifyInstance;
  readonly address: string;
  readonly port: number;
  readonly stop: () => Promise<void>;
};

export async function openServer(
  options: Partial<AppOptions> = {},
  place?: DatabasePlace,
): Promise<GroundServer> {
  const test = await openIngestScene(place);
  const app = await createApp(test.ground, {
    tls: null,
    pages: null,
    callsPerMinute: 100_000,
    isBehindProxy: false,
    ...options,
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return {
    ...test,
    app,
    port,
    address: `http://127.0.0.1:${port.toString()}`,
    stop: async () => {
      await app.close();
      await test.close();
    },
  };
}

/** Writes bytes as they are to the port and answers everything that comes back until the other side hangs up. */
export function sendRaw(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      text += chunk;
    });
    socket.on('error', reject);
    socket.on('close', () => {
      resolve(text);
    });
    socket.write(bytes);
  });
}
