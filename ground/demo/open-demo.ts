// `serve --demo`: an airline to try ground with. Wallets are simulators, the flight is open for sign-up although it is in
// the air, and the terminal's folder is one `npm start` can open.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeConsoleUser } from '../console-api/console-users.ts';
import type { Ground } from '../ground.ts';
import { AUTHORITY_FILE } from '../server/authority.ts';
import { exportTerminalFolder } from './export-terminal-folder.ts';
import { DEMO_TERMINAL } from './demo-keys.ts';
import { seedDemo, type SeededDemo } from './seed-demo.ts';
import { startSimulatedWallets } from './simulated-wallets.ts';

export type OpenDemo = {
  /** What a person wants to know of it, by what it is. */
  readonly facts: readonly (readonly [what: string, where: string])[];
  readonly stop: () => Promise<void>;
};

const DEDUCT_AFTER_MS = 3000;
const CONSOLE_USER = 'demo';
/** Long enough to look at everything in peace. */
const ENROLMENT_OPEN_MS = 12 * 3_600_000;

export async function openDemo(
  ground: Ground,
  {
    dataDir,
    secureAddress,
    authority,
  }: {
    readonly dataDir: string;
    /** Where terminals reach ground. */
    readonly secureAddress: string;
    /** PEM of what they pin; null where the airline brought its own certificate. */
    readonly authority: string | null;
  },
): Promise<OpenDemo> {
  const wallets = await startSimulatedWallets(DEDUCT_AFTER_MS);
  try {
    const enrolmentUntilMs = ground.nowMs() + ENROLMENT_OPEN_MS;
    const flight = await seedDemo(ground, { merchants: wallets.merchants, enrolmentUntilMs });
    const terminalDir = join(dataDir, `terminal-${flight.leg}`);
    await handOver(ground, flight, terminalDir);
    await writeFile(join(terminalDir, 'ground.json'), `${JSON.stringify({ address: secureAddress })}\n`);
    if (authority !== null) await writeFile(join(terminalDir, AUTHORITY_FILE), authority);
    const user = { name: CONSOLE_USER, role: 'administrator', airline: null, password: null } as const;
    const made = await makeConsoleUser(ground, user);
    if (!made.ok) throw new Error(`the console's user: ${made.error}`);
    return {
      facts: [
        ['sign in', `${CONSOLE_USER} / ${made.value.password}`],
        ['flight', flight.leg],
        ['till', `npm start -- --dir ${terminalDir}`],
        ...[...wallets.addresses.values()].map((address) => ['simulator', address] as const),
      ],
      stop: wallets.stop,
    };
  } catch (error) {
    await wallets.stop();
    throw error;
  }
}

async function handOver(ground: Ground, flight: SeededDemo, dir: string): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const { dev } = DEMO_TERMINAL;
  const deviceKey = flight.deviceKeys.get(dev);
  if (deviceKey === undefined) throw new Error(`the demo has no terminal ${dev}`);
  const exported = await exportTerminalFolder(ground, { leg: flight.leg, dev, deviceKey, dir });
  if (!exported.ok) throw new Error(`the terminal's folder: ${exported.error.kind}`);
}
