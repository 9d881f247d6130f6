// A simulator as a process of its own, driven over HTTP alone, as another process of the demo does.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { makeAlipayMerchant } from '../../../ground/simulators/alipay/alipay-merchant.ts';
import { makeWechatMerchant } from '../../../ground/simulators/wechat/wechat-merchant.ts';
import type { Books } from '../../../ground/simulators/simulator.ts';
import { walletFactories } from '../../../ground/wallets/registry.ts';
import type { WalletAdapter, WalletOrderStatus } from '../../../ground/wallets/wallet.ts';
import { makeTempFolder, projectRoot, runGround } from '../ground-cli.ts';
import { mandateFor, settlementFor, valueOf } from '../wallets/wallet-bench.ts';

const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const running: ChildProcess[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map(stop));
});

async function start(...args: readonly string[]): Promise<{ child: ChildProcess; address: string }> {
  const main = join(projectRoot, 'ground', 'main.ts');
  const child = spawn(process.execPath, ['--import', loader, main, 'simulate', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.push(child);
  const line = await new Promise<string>((done, failed) => {
    child.stdout.setEncoding('utf8').once('data', done);
    child.once('exit', () => {
      failed(new Error('it ended before it listened'));
    });
  });
  const { address } = JSON.parse(line) as { address: string };
  return { child, address };
}

function stop(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((done) => {
    child.once('exit', done);
    child.kill('SIGTERM');
  });
}

function adapterOf(wallet: number, config: unknown, secrets: unknown): WalletAdapter {
  const factory = walletFactories.find((known) => known.wallet === wallet);
  const made = factory?.create({
    config,
    secrets,
    nowMs: Date.now,
    noticeAddress: 'http://127.0.0.1:9/nobody',
  });
  if (made?.ok !== true) throw new Error('no adapter');
  return made.value;
}

const post = (address: string, path: string, body: unknown) =>
  fetch(`${address}${path}`, { method: 'POST', body: JSON.stringify(body) });

async function waitForPaid(adapter: WalletAdapter, orderNumber: string): Promise<WalletOrderStatus> {
  for (;;) {
    const status = valueOf(await adapter.confirmStatus(orderNumber));
    if (status.state === 'paid') return status;
    await new Promise((done) => setTimeout(done, 20));
  }
}

describe('a simulator as a process', () => {
  it.each([
    ['wechat', 1, makeWechatMerchant],
    ['alipay', 2, makeAlipayMerchant],
  ] as const)(
    'of %s takes merchants, faults and orders over HTTP, and ends when told',
    async (name, wallet, make) => {
      const { child, address } = await start(name, '--deduct-after-ms', '10');
      expect((await fetch(`${address}/simulator/health`)).status).toBe(200);
      const { config, secrets, simulatorKeys } = await make({ address });
      expect((await post(address, '/simulator/merchants', { any: 1 })).status).toBe(409);
      expect((await post(address, '/simulator/merchants', simulatorKeys)).status).toBe(200);
      const adapter = adapterOf(wallet, config, secrets);
      const request = mandateFor('p-700-process');
      valueOf(await adapter.createMandate(request));
      await post(address, '/simulator/faults', { on: 'complete', kind: 'drop-after' });
      expect((await post(address, '/simulator/faults', { on: 'nothing', kind: 'x' })).status).toBe(400);
      const body = adapter.composeSettlement(settlementFor(request.orderNumber));
      expect(await adapter.settleOnce(request.orderNumber, body)).toMatchObject({
        error: { kind: 'no-answer' },
      });
      expect(await waitForPaid(adapter, request.orderNumber)).toMatchObject({ paidMinor: 5000 });
      const books = (await (await fetch(`${address}/simulator/books`)).json()) as Books;
      expect(books).toMatchObject({ chargedMinor: 5000, orders: [{ completes: 1 }] });
      expect((await post(address, '/simulator/clock', { ms: 3_600_000 })).status).toBe(200);
      expect(await stop(child)).toBe(0);
    },
  );

  it('reads its merchants from a folder', async () => {
    const folder = join(await makeTempFolder(), 'keys');
    await mkdir(folder);
    const made = await makeWechatMerchant({ address: 'http://127.0.0.1:1' });
    await writeFile(join(folder, 'demo.json'), JSON.stringify(made.simulatorKeys));
    const { address } = await start('wechat', '--keys', folder);
    const adapter = adapterOf(1, { ...made.config, baseUrl: address }, made.secrets);
    valueOf(await adapter.createMandate(mandateFor('p-700-folder')));
  });

  it.each([
    [['paypal']],
    [['wechat', '--port', 'x']],
    [['wechat', '--deduct-after-ms', '-1']],
    [['wechat', '--keys', '/nowhere']],
  ])('does not start with %j', async (args) => {
    expect(await runGround('simulate', ...args)).toMatchObject({ exitCode: 2, stdout: '' });
  });
});
