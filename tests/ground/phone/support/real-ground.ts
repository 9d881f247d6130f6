// The whole ground as it is served, with both wallets' simulators and a terminal of the flight: what a phone meets.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { trustOf } from '../../../../ground/airlines/trust-lists.ts';
import { seedDemo, type SeededDemo } from '../../../../ground/demo/seed-demo.ts';
import type { Ground } from '../../../../ground/ground.ts';
import { createApp } from '../../../../ground/server/create-app.ts';
import { openGround } from '../../../../ground/server/open-ground.ts';
import { makeAlipayMerchant } from '../../../../ground/simulators/alipay/alipay-merchant.ts';
import { startAlipaySimulator } from '../../../../ground/simulators/alipay/start-alipay-simulator.ts';
import type { Simulator } from '../../../../ground/simulators/simulator.ts';
import { startWechatSimulator } from '../../../../ground/simulators/wechat/start-wechat-simulator.ts';
import { makeWechatMerchant } from '../../../../ground/simulators/wechat/wechat-merchant.ts';
import { createCabinTerminal, type CabinTerminal } from '../../../support/cabin-terminal.ts';

export type RealGround = {
  readonly address: string;
  readonly ground: Ground;
  readonly demo: SeededDemo;
  readonly wechat: Simulator;
  readonly alipay: Simulator;
  readonly terminal: CabinTerminal;
  readonly close: () => Promise<void>;
};

/** @param pages folder of the built pages; null for a phone without one. */
export async function openRealGround(pages: string | null): Promise<RealGround> {
  const folder = mkdtempSync(join(tmpdir(), 'cabintill-real-ground-'));
  const port = await freePort();
  const address = `http://localhost:${port.toString()}`;
  const opened = await openGround({
    database: { kind: 'embedded', dir: null },
    masterKey: randomBytes(32),
    spoolFolder: folder,
    publicAddress: address,
    nowMs: Date.now,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  if (!opened.ok) throw new Error(opened.error.kind);
  const { ground } = opened.value;
  const wechat = await startWechatSimulator({ port: 0, merchants: [] });
  const alipay = await startAlipaySimulator({ port: 0, merchants: [] });
  const demo = await seed(ground, wechat, alipay);
  const app = await createApp(ground, { tls: null, pages, callsPerMinute: 10_000, isBehindProxy: false });
  await app.listen({ host: 'localhost', port });
  return {
    address,
    ground,
    demo,
    wechat,
    alipay,
    terminal: await openTerminal(ground, demo),
    close: async () => {
      await app.close();
      await Promise.all([wechat.stop(), alipay.stop()]);
      await opened.value.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function seed(ground: Ground, wechat: Simulator, alipay: Simulator): Promise<SeededDemo> {
  const ofWechat = await makeWechatMerchant({ address: wechat.address });
  const ofAlipay = await makeAlipayMerchant({ address: alipay.address });
  if (
    !wechat.control.addMerchant(ofWechat.simulatorKeys) ||
    !alipay.control.addMerchant(ofAlipay.simulatorKeys)
  ) {
    throw new Error('a simulator refused the keys');
  }
  return seedDemo(ground, {
    merchants: [
      { wallet: 1, config: ofWechat.config, secrets: ofWechat.secrets },
      { wallet: 2, config: ofAlipay.config, secrets: ofAlipay.secrets },
    ],
  });
}

async function openTerminal(
  ground: Ground,
  { airline, leg, std, sta, deviceKeys }: SeededDemo,
): Promise<CabinTerminal> {
  const [first] = deviceKeys;
  if (first === undefined) throw new Error('the demo flight has a terminal');
  const [dev, key] = first;
  const trust = await trustOf(ground, airline);
  return createCabinTerminal({ dev, key, certificate: 'of-no-matter', airline, leg, std, sta, trust });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, 'localhost', () => {
      const place = server.address();
      server.close(() => {
        if (place === null || typeof place === 'string') reject(new Error('a port has a number'));
        else resolve(place.port);
      });
    });
  });
}
