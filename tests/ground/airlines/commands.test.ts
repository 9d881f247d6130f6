import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as nodeCrypto from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { generatePrivateJwk } from '../../../domain/crypto/node-crypto.ts';
import {
  addMemberCommand,
  enrollDeviceCommand,
  makeAirlineCommand,
  makeFlightCommand,
  makePackCommand,
} from '../../../ground/airlines/commands.ts';
import { demoCatalogue, demoPromotions } from '../../../ground/demo/demo-catalogue.ts';
import type { GroundCommand } from '../../../ground/on-ground.ts';
import { openTestGround, TEST_NOW_MS } from '../../support/test-ground.ts';

const { ground, close } = await openTestGround();
const folder = mkdtempSync(join(tmpdir(), 'cabintill-commands-'));
afterAll(async () => {
  await close();
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
}

async function run(command: GroundCommand, ...args: string[]): Promise<unknown> {
  const { exitCode, stdout, stderr } = await command(ground, args);
  return { exitCode, ...(JSON.parse(exitCode === 0 ? stdout : stderr) as object) };
}

const airline = {
  airline: { airline: 'HO', nameZh: '吉祥航空', nameEn: 'Juneyao Air', utcOffsetMinutes: 480 },
  merchants: [{ wallet: 1, name: '吉祥机上商城', config: {}, secrets: { key: 'K' } }],
  crew: [{ id: 'P1', name: '陈静', role: 'purser', pin: '314159' }],
  catalogue: demoCatalogue(),
  promotions: demoPromotions(),
};

const STD = TEST_NOW_MS / 1000 + 7200;
const flight = {
  airline: 'HO',
  leg: 'HO1234-20261122-SHA-CTU',
  stdSeconds: STD,
  staSeconds: STD + 9000,
  aircraft: 'A320',
  cabin: { rows: { from: 1, to: 30 }, columns: ['ABC', 'DEF'] },
  loading: { trolleys: [] },
  crew: ['P1'],
  roster: [{ dev: 'H-1', zone: { fromRow: 1, toRow: 30 } }],
  cities: { SHA: { zh: '上海', en: 'Shanghai' }, CTU: { zh: '成都', en: 'Chengdu' } },
  limits: {},
  catalogueVersion: 1,
  isDemo: false,
};

describe('an airline on the command line', () => {
  it('that is wrong anywhere is not made at all, and the place is named', async () => {
    const [first, ...rest] = airline.catalogue.items;
    const bad = {
      ...airline,
      catalogue: { ...airline.catalogue, items: [{ ...first, priceMinor: -1 }, ...rest] },
    };
    const refused = await run(makeAirlineCommand, file('bad.json', bad));
    expect(refused).toMatchObject({
      exitCode: 2,
      error: expect.stringContaining('ML-001 (items.0.priceMinor)') as string,
    });
    expect(await ground.db.selectFrom('airline').selectAll().execute()).toEqual([]);
    expect(await ground.db.selectFrom('signing_key').select('kid').execute()).toEqual([]);
  });

  it('is made from one file, flies, and gets a pack and a terminal', async () => {
    expect(await run(makeAirlineCommand, file('airline.json', airline))).toEqual({
      exitCode: 0,
      airline: 'HO',
      wallets: [1],
      catalogueVersion: 1,
      trustVersion: 1,
    });
    expect(await run(makeAirlineCommand, file('airline.json', airline))).toEqual({
      exitCode: 2,
      error: 'airline HO exists',
    });
    const path = file('flight.json', flight);
    expect(await run(makeFlightCommand, path)).toEqual({ exitCode: 0, leg: flight.leg, changed: false });
    expect(await run(makeFlightCommand, path)).toEqual({ exitCode: 0, leg: flight.leg, changed: true });
    expect(await run(makePackCommand, '--leg', flight.leg)).toMatchObject({ exitCode: 0, n: 1, isNew: true });
    const key = file('key.json', generatePrivateJwk(nodeCrypto));
    const device = ['--airline', 'HO', '--dev', 'H-1', '--key', key];
    expect(await run(enrollDeviceCommand, ...device)).toMatchObject({ exitCode: 0, dev: 'H-1', ep: 1 });
  });

  it('tells how it wants to be called, and what is unknown', async () => {
    for (const command of [makeAirlineCommand, makeFlightCommand, makePackCommand, enrollDeviceCommand]) {
      const { exitCode, stderr } = await command(ground, ['--nothing']);
      expect([exitCode, stderr.includes('error')]).toEqual([2, true]);
    }
    const member = ['--airline', 'HO', '--order', 'CP0', '--tier', '1', '--label', 'X'];
    expect(await run(addMemberCommand, ...member)).toEqual({ exitCode: 2, error: 'enrolment-unknown' });
    expect(await run(makePackCommand, '--leg', 'XX1')).toMatchObject({ exitCode: 2 });
  });
});
