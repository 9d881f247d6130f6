// The demo's ground: the real server with its workers and an embedded database, and both wallets' simulators beside it.
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { seedDemo, type SeededDemo } from '../../ground/demo/seed-demo.ts';
import { exportTerminalFolder } from '../../ground/demo/export-terminal-folder.ts';
import { startSimulatedWallets, type SimulatedWallets } from '../../ground/demo/simulated-wallets.ts';
import type { Ground } from '../../ground/ground.ts';
import { AUTHORITY_FILE, makeServerCertificate } from '../../ground/server/authority.ts';
import { createApp } from '../../ground/server/create-app.ts';
import { createLog } from '../../ground/server/log.ts';
import { openGround } from '../../ground/server/open-ground.ts';
import { startRounds, startWorkers } from '../../ground/server/workers.ts';

export type DemoGround = {
  readonly ground: Ground;
  /** Where the phones reach it. */
  readonly address: string;
  readonly wallets: SimulatedWallets;
  /** One more flight of the demo airline that passengers can sign up for. */
  readonly seed: () => Promise<SeededDemo>;
  /** Makes the newest pack and writes what the terminal needs into `dir`, ground's address and authority included. */
  readonly handOver: (flight: SeededDemo, dir: string) => Promise<void>;
  /** What the wallets took, less what they gave back, minor units. */
  readonly settledMinor: () => Promise<number>;
  readonly stop: () => Promise<void>;
};

const DEDUCT_AFTER_MS = 500;
const WORKERS = 8;
const TERMINAL = 'T-0001';

/** @param folder for the database and what is received; deleted by nobody */
export async function openDemoGround(folder: string): Promise<DemoGround> {
  await mkdir(folder, { recursive: true });
  const [port, securePort] = [await findFreePort(), await findFreePort()];
  const address = `http://127.0.0.1:${port.toString()}`;
  const opened = await openGround({
    database: { kind: 'embedded', dir: join(folder, 'database') },
    spoolFolder: join(folder, 'received'),
    masterKey: Uint8Array.from(randomBytes(32)),
    publicAddress: address,
    nowMs: Date.now,
    log: createLog('warn'),
  });
  if (!opened.ok) throw new Error(opened.error.kind);
  const { ground } = opened.value;
  const tls = await makeServerCertificate(['127.0.0.1'], Date.now());
  const options = { pages: null, callsPerMinute: 100_000, isBehindProxy: false };
  const apps = [
    await createApp(ground, { ...options, tls: null }),
    await createApp(ground, { ...options, tls }),
  ];
  await apps[0]?.listen({ host: '127.0.0.1', port });
  await apps[1]?.listen({ host: '127.0.0.1', port: securePort });
  const wallets = await startSimulatedWallets(DEDUCT_AFTER_MS);
  await startRounds(ground);
  const workers = startWorkers(ground, WORKERS);
  return {
    ground,
    address,
    wallets,
    seed: () => seedDemo(ground, { merchants: wallets.merchants }),
    handOver: async (flight, dir) => {
      const deviceKey = flight.deviceKeys.get(TERMINAL);
      if (deviceKey === undefined) throw new Error(`the demo has no terminal ${TERMINAL}`);
      const exported = await exportTerminalFolder(ground, { leg: flight.leg, dev: TERMINAL, deviceKey, dir });
      if (!exported.ok) throw new Error(`the terminal's folder: ${exported.error.kind}`);
      const secure = `https://127.0.0.1:${securePort.toString()}`;
      await writeFile(join(dir, 'ground.json'), `${JSON.stringify({ address: secure })}\n`);
      await writeFile(join(dir, AUTHORITY_FILE), tls.authority);
    },
    settledMinor: async () => {
      const books = await Promise.all([...wallets.addresses.keys()].map((wallet) => wallets.books(wallet)));
      return books.reduce((sum, { chargedMinor, refundedMinor }) => sum + chargedMinor - refundedMinor, 0);
    },
    stop: async () => {
      await Promise.all(workers.map((worker) => worker.stop()));
      await Promise.all(apps.map((app) => app.close()));
      await wallets.stop();
      await opened.value.close();
    },
  };
}

/** Ground must know its own address before it listens: wallets are told where to report to. */
async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
