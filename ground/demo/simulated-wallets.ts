// The wallets of a demo: both simulators, each a process of its own, and the merchants they know.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { makeAlipayMerchant } from '../simulators/alipay/alipay-merchant.ts';
import type { Books } from '../simulators/simulator.ts';
import { makeWechatMerchant } from '../simulators/wechat/wechat-merchant.ts';
import { DEMO_MERCHANT } from './demo-pack.ts';
import type { DemoSeed } from './seed-demo.ts';

export type SimulatedWallets = {
  readonly merchants: DemoSeed['merchants'];
  /** Addresses by wallet number. */
  readonly addresses: ReadonlyMap<number, string>;
  /** What the wallet itself has in its books. */
  readonly books: (wallet: number) => Promise<Books>;
  readonly stop: () => Promise<void>;
};

const WALLETS = [
  { wallet: 1, name: 'wechat', makeMerchant: makeWechatMerchant },
  { wallet: 2, name: 'alipay', makeMerchant: makeAlipayMerchant },
] as const;

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const startedSchema = v.object({ address: v.string() });

/** @param deductAfterMs how long after completion the wallets take the money */
export async function startSimulatedWallets(deductAfterMs: number): Promise<SimulatedWallets> {
  const children: ChildProcess[] = [];
  const addresses = new Map<number, string>();
  const merchants: DemoSeed['merchants'][number][] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(children.map(end));
  };
  try {
    for (const { wallet, name, makeMerchant } of WALLETS) {
      const { child, address } = await startSimulator(name, deductAfterMs);
      children.push(child);
      addresses.set(wallet, address);
      const made = await makeMerchant({ address, name: DEMO_MERCHANT });
      await post(`${address}/simulator/merchants`, made.simulatorKeys);
      merchants.push({ wallet, config: made.config, secrets: made.secrets });
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    merchants,
    addresses,
    books: async (wallet) => {
      const answer = await fetch(`${addresses.get(wallet) ?? ''}/simulator/books`);
      return (await answer.json()) as Books;
    },
    stop,
  };
}

async function startSimulator(
  name: string,
  deductAfterMs: number,
): Promise<{ readonly child: ChildProcess; readonly address: string }> {
  const args = ['simulate', name, '--port', '0', '--deduct-after-ms', deductAfterMs.toString()];
  const child = spawn(process.execPath, [...process.execArgv, MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    return { child, address: v.parse(startedSchema, JSON.parse(line)).address };
  }
  throw new Error(`the simulator of ${name} did not start`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

async function post(address: string, body: unknown): Promise<void> {
  const answer = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${address}: ${answer.status.toString()}`);
}
