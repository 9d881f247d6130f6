// A ground with two airlines and its console, served to a real browser with the real headers.
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { fastify } from 'fastify';
import { build } from 'vite';
import { makeAirlineKeys } from '../../ground/airlines/keys.ts';
import { registerConsoleRoutes } from '../../ground/console-api/console-routes.ts';
import { makeConsoleUser } from '../../ground/console-api/console-users.ts';
import type { ConsoleRole } from '../../ground/database/tables.ts';
import type { Ground } from '../../ground/ground.ts';
import { servePages } from '../../ground/server/pages.ts';
import { addSecurityHeaders } from '../../ground/server/security-headers.ts';
import { fillGround } from '../support/fill-ground.ts';
import { openTestGround } from '../support/test-ground.ts';

export const PASSWORD = 'a quiet morning in Chengdu';

/** 17:00 in China: the day's early flights have landed. */
export const DESK_NOW_MS = Date.parse('2026-11-25T09:00:00Z');

export type ConsoleDesk = {
  readonly address: string;
  readonly ground: Ground;
  readonly legs: readonly string[];
  readonly close: () => Promise<void>;
};

const root = fileURLToPath(new URL('../..', import.meta.url));

export async function openConsoleDesk({ flights = 60, isFilled = true } = {}): Promise<ConsoleDesk> {
  await build({ configFile: `${root}/ground/console/vite.config.ts`, logLevel: 'error' });
  const { ground, close } = await openTestGround({ nowMs: DESK_NOW_MS });
  const plan = { nowMs: DESK_NOW_MS, passengersPerFlight: 40, eventsPerPassenger: 5, seed: 7 };
  const spring = { airline: '9C', nameZh: '春秋航空', nameEn: 'Spring Airlines' };
  const juneyao = { airline: 'HO', nameZh: '吉祥航空', nameEn: 'Juneyao Air' };
  const { legs } = await fillGround(ground.db, { ...plan, ...spring, flights: isFilled ? flights : 0 });
  await fillGround(ground.db, { ...plan, ...juneyao, flights: isFilled ? 6 : 0 });
  // Files are judged and terminals revoked with the airline's own keys.
  await makeAirlineKeys(ground, '9C', { wallets: [1, 2], maxCum: { 156: 100_000 } });
  await addUser(ground, 'lin.finance', 'finance', '9C');
  await addUser(ground, 'wu.operations', 'operations', '9C');
  await addUser(ground, 'gu.viewer', 'viewer', '9C');
  await addUser(ground, 'ada.admin', 'administrator', null);
  const app = fastify({ bodyLimit: 1024 * 1024 });
  addSecurityHeaders(app);
  registerConsoleRoutes(app, ground);
  await servePages(app, `${root}/out/ground`);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port.toString()}`,
    ground,
    legs,
    close: async () => {
      await app.close();
      await close();
    },
  };
}

async function addUser(
  ground: Ground,
  name: string,
  role: ConsoleRole,
  airline: string | null,
): Promise<void> {
  const made = await makeConsoleUser(ground, { name, role, airline, password: PASSWORD });
  if (!made.ok) throw new Error(made.error);
}
