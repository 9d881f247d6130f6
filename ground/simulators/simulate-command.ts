// `simulate wechat --port P`: a wallet's simulator as a process of its own, until it is told to stop.
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { cannotRun, describeError, type Command } from '../command.ts';
import { startAlipaySimulator } from './alipay/start-alipay-simulator.ts';
import { readJson } from './control-routes.ts';
import type { Simulator, SimulatorOptions, SimulatorTiming } from './simulator.ts';
import { startWechatSimulator } from './wechat/start-wechat-simulator.ts';

const SIMULATE_USAGE =
  'simulate wechat|alipay [--port P] [--host H] [--keys DIR] [--deduct-after-ms MS] [--deduct-every-ms MS]';

const STARTERS: Readonly<
  Record<string, ((options: SimulatorOptions<never>) => Promise<Simulator>) | undefined>
> = { wechat: startWechatSimulator, alipay: startAlipaySimulator };

/**
 * Prints one line of JSON with the address on stdout as soon as it listens; ends with SIGINT or SIGTERM. Merchants come
 * from `DIR/*.json` (the `simulatorKeys` of a made merchant) or later by POST /simulator/merchants.
 */
export const simulateCommand: Command = async (args) => {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        port: { type: 'string', default: '0' },
        host: { type: 'string', default: '127.0.0.1' },
        keys: { type: 'string' },
        'deduct-after-ms': { type: 'string' },
        'deduct-every-ms': { type: 'string' },
      },
    });
    const [wallet = ''] = positionals;
    const start = Object.hasOwn(STARTERS, wallet) ? STARTERS[wallet] : undefined;
    const port = Number(values.port);
    const timing = readTiming(values['deduct-after-ms'], values['deduct-every-ms']);
    if (start === undefined || !Number.isInteger(port) || timing === null) {
      return cannotRun(`usage: ${SIMULATE_USAGE}`);
    }
    const keys = values.keys === undefined ? [] : await readKeys(resolve(values.keys));
    const simulator = await start({ port, host: values.host, merchants: [], timing });
    const refused = keys.find(({ merchant }) => !simulator.control.addMerchant(merchant));
    if (refused !== undefined) {
      await simulator.stop();
      return cannotRun(`${refused.name} holds no merchant of this wallet`);
    }
    process.stdout.write(`${JSON.stringify({ wallet, address: simulator.address })}\n`);
    await untilTold();
    await simulator.stop();
    return { exitCode: 0, stdout: '', stderr: '' };
  } catch (error) {
    return cannotRun(describeError(error));
  }
};

function readTiming(after: string | undefined, every: string | undefined): Partial<SimulatorTiming> | null {
  const read = [after, every].map((text) => (text === undefined ? undefined : Number(text)));
  if (read.some((ms) => ms !== undefined && !(ms >= 0))) return null;
  const [deductAfterMs, deductEveryMs] = read;
  return {
    ...(deductAfterMs === undefined ? {} : { deductAfterMs }),
    ...(deductEveryMs === undefined ? {} : { deductEveryMs }),
  };
}

/** Rejects where there is no such folder. */
async function readKeys(
  folder: string,
): Promise<readonly { readonly name: string; readonly merchant: unknown }[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  return Promise.all(
    names.map(async (name) => ({ name, merchant: readJson(await readFile(join(folder, name), 'utf8')) })),
  );
}

function untilTold(): Promise<void> {
  return new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        done();
      });
    }
  });
}
