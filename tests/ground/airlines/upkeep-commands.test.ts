// An airline after its first day: everything that changes comes in by a command, as a whole or not at all.
import { mkdtempSync, rmSync } from 'node:fs';
import * as nodeCrypto from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generatePrivateJwk } from '../../../domain/crypto/node-crypto.ts';
import { readLegId } from '../../../domain/flight.ts';
import { orderNumber } from '../../../domain/bill/order-number.ts';
import {
  enrollDeviceCommand,
  makeAirlineCommand,
  makeFlightCommand,
} from '../../../ground/airlines/commands.ts';
import {
  importPartnerCommand,
  replaceIssuerCommand,
  revokeDeviceCommand,
} from '../../../ground/airlines/key-commands.ts';
import { renewKeys } from '../../../ground/airlines/renew-keys.ts';
import { trustOf } from '../../../ground/airlines/trust-lists.ts';
import {
  addPreorderCommand,
  saveCatalogueCommand,
  saveCrewCommand,
  saveMerchantCommand,
} from '../../../ground/airlines/upkeep-commands.ts';
import { demoCatalogue, demoPromotions } from '../../../ground/demo/demo-catalogue.ts';
import type { GroundCommand } from '../../../ground/on-ground.ts';
import { refreshPack } from '../../../ground/packs/refresh-pack.ts';
import { makeWechatMerchant } from '../../../ground/simulators/wechat/wechat-merchant.ts';
import { makeAlipayMerchant } from '../../../ground/simulators/alipay/alipay-merchant.ts';
import { openTestGround, TEST_NOW_MS } from '../../support/test-ground.ts';
import { putPassenger, readNewestPack } from '../packs/pack-scene.ts';
import { airlineFile, fileWriter, flightFile } from './airline-files.ts';

const test = await openTestGround();
const { ground, clock } = test;
const folder = mkdtempSync(join(tmpdir(), 'cabintill-upkeep-'));
const file = fileWriter(folder);
const today = flightFile('8835', TEST_NOW_MS, 2);
const tomorrow = flightFile('8837', TEST_NOW_MS, 26);

beforeAll(async () => {
  await run(makeAirlineCommand, file('airline.json', airlineFile()));
  for (const flight of [today, tomorrow]) {
    await run(makeFlightCommand, file('flight.json', flight));
    expect(await refreshPack(ground, flight.leg)).toMatchObject({ ok: true });
  }
  await ground.db.deleteFrom('job').execute();
});

afterAll(async () => {
  await test.close();
  rmSync(folder, { recursive: true, force: true });
});

async function run(command: GroundCommand, ...args: string[]): Promise<Record<string, unknown>> {
  const { exitCode, stdout, stderr } = await command(ground, args);
  const answer = JSON.parse(exitCode === 0 ? stdout : stderr) as Record<string, unknown>;
  return { exitCode, ...answer };
}

const forAirline = (command: GroundCommand, ...args: string[]): Promise<Record<string, unknown>> =>
  run(command, '--airline', '9C', ...args);

/** The flights whose packs have been asked for, and are made with this. */
async function makeAskedPacks(): Promise<readonly string[]> {
  clock.nowMs += 60_000;
  const jobs = await ground.db
    .deleteFrom('job')
    .where('kind', '=', 'refresh-pack')
    .returning('key')
    .execute();
  const legs = jobs.map(({ key }) => key).sort();
  for (const leg of legs) expect(await refreshPack(ground, leg)).toMatchObject({ ok: true });
  return legs;
}

async function lastAudit(): Promise<unknown> {
  return await ground.db
    .selectFrom('audit')
    .select(['who', 'airline', 'what', 'detail'])
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
}

const both = [today.leg, tomorrow.leg].sort();

describe('a catalogue that is saved', () => {
  const [first, ...rest] = demoCatalogue().items;
  if (first === undefined) throw new Error('scene');
  const priced = (priceMinor: number) => ({
    catalogue: { ...demoCatalogue(), items: [{ ...first, priceMinor }, ...rest] },
    promotions: demoPromotions(),
  });
  const priceOf = async (leg: string): Promise<number | undefined> =>
    (await readNewestPack(test, leg)).catalogue.items.find(({ sku }) => sku === first.sku)?.priceMinor;

  it('reaches the flights from the day that is named, and their packs', async () => {
    const before = await priceOf(today.leg);
    const day = tomorrow.leg.slice(7, 15).replace(/(\d{4})(\d\d)(\d\d)/, '$1-$2-$3');
    const saved = await forAirline(saveCatalogueCommand, '--from', day, file('c.json', priced(1234)));
    expect(saved).toEqual({
      exitCode: 0,
      airline: '9C',
      catalogueVersion: 2,
      flights: [tomorrow.leg],
    });
    expect(await makeAskedPacks()).toEqual([tomorrow.leg]);
    expect([await priceOf(today.leg), await priceOf(tomorrow.leg)]).toEqual([before, 1234]);
  });

  it('reaches all flights that have not departed where no day is named', async () => {
    expect(await forAirline(saveCatalogueCommand, file('c.json', priced(1500)))).toMatchObject({
      exitCode: 0,
      flights: [today.leg, tomorrow.leg],
    });
    expect(await lastAudit()).toMatchObject({
      who: 'command',
      what: 'catalogue-saved',
      detail: { version: 3 },
    });
    expect(await makeAskedPacks()).toEqual(both);
    expect([await priceOf(today.leg), await priceOf(tomorrow.leg)]).toEqual([1500, 1500]);
  });

  it('is not kept where something in it is wrong, and the item is named', async () => {
    expect(await forAirline(saveCatalogueCommand, file('c.json', priced(-1)))).toEqual({
      exitCode: 2,
      error: expect.stringContaining('catalog.json: ML-001 (items.0.priceMinor)') as string,
    });
    const without = { catalogue: { ...demoCatalogue(), items: rest }, promotions: demoPromotions() };
    expect(await forAirline(saveCatalogueCommand, file('c.json', without))).toEqual({
      exitCode: 2,
      error: `${today.leg}: ML-001 is loaded and not in this catalogue`,
    });
    const { version } = await ground.db
      .selectFrom('catalogue')
      .select((eb) => eb.fn.max('version').as('version'))
      .executeTakeFirstOrThrow();
    expect(version).toBe(3);
    expect(await makeAskedPacks()).toEqual([]);
  });
});

describe('crew', () => {
  it('join, change their PIN and leave by one file', async () => {
    await forAirline(
      saveCrewCommand,
      file('crew.json', { crew: [{ id: 'C9', name: '周梅', role: 'attendant', pin: '161803' }] }),
    );
    const before = (await readNewestPack(test, today.leg)).crew;
    const change = {
      crew: [
        { id: 'P1', name: '陈静', role: 'purser', pin: '141421' },
        { id: 'C2', name: '吴桐', role: 'attendant', pin: '173205' },
      ],
      remove: ['C9'],
    };
    const saved = await forAirline(saveCrewCommand, file('crew.json', change));
    expect(saved).toEqual({
      exitCode: 0,
      airline: '9C',
      saved: 2,
      removed: 1,
      flights: [today.leg, tomorrow.leg],
    });
    expect(await lastAudit()).toMatchObject({ what: 'crew-removed', detail: { id: 'C9' } });
    expect(await makeAskedPacks()).toEqual(both);
    const after = (await readNewestPack(test, today.leg)).crew;
    expect(after.map(({ pin }, i) => pin?.hash === before[i]?.pin?.hash)).toEqual([false, true]);
    const kept = await ground.db.selectFrom('crew').select('crew_id').orderBy('crew_id').execute();
    expect(kept.map(({ crew_id }) => crew_id)).toEqual(['C1', 'C2', 'P1']);
  });

  const good = { id: 'C3', name: '郑爽', role: 'attendant', pin: '223606' };

  it.each([
    ['an easy PIN', { crew: [good, { ...good, id: 'C4', pin: '123456' }] }, 'crew C4: pin-too-easy'],
    ['somebody twice', { crew: [good, good] }, 'crew C3: stands-twice'],
    [
      'a role there is not',
      { crew: [good, { ...good, id: 'C4', role: 'pilot' }] },
      'crew.json: C4 (crew.1.role)',
    ],
    ['a PIN that is no text', { crew: [{ ...good, pin: 223606 }] }, 'C3 (crew.0.pin): a PIN is text'],
    ['somebody unknown who leaves', { crew: [good], remove: ['C7'] }, 'crew C7: unknown'],
    ['somebody on a flight who leaves', { crew: [good], remove: ['C1'] }, `crew C1 is on ${today.leg}`],
    [
      'a flight without a purser',
      { crew: [good, { ...good, id: 'P1' }] },
      `${today.leg} would have no purser`,
    ],
    ['a part nobody knows', { crews: [good] }, 'crew.json: crews'],
  ])('with %s are refused as a whole', async (_what, change, why) => {
    const refused = await forAirline(saveCrewCommand, file('crew.json', change));
    expect(refused).toEqual({ exitCode: 2, error: expect.stringContaining(why) as string });
    expect(JSON.stringify(refused)).not.toContain('223606');
    expect(
      await ground.db.selectFrom('crew').select('crew_id').where('crew_id', '=', 'C3').execute(),
    ).toEqual([]);
    expect(await makeAskedPacks()).toEqual([]);
  });
});

describe('a merchant that is saved', () => {
  it('changes a contract, and a wallet that is new gets an issuer and a place in the packs', async () => {
    const wechat = await makeWechatMerchant({ address: 'http://127.0.0.1:9' });
    const alipay = await makeAlipayMerchant({ address: 'http://127.0.0.1:9' });
    const changed = { wallet: 1, name: '春秋商城', config: wechat.config, secrets: wechat.secrets };
    expect(await forAirline(saveMerchantCommand, file('m.json', changed))).toMatchObject({
      exitCode: 0,
      issuer: null,
    });
    const added = { wallet: 2, name: '春秋商城', config: alipay.config, secrets: alipay.secrets };
    const saved = await forAirline(saveMerchantCommand, file('m.json', added));
    expect(saved).toMatchObject({ exitCode: 0, wallet: 2, issuer: expect.any(String) as string });
    expect(await makeAskedPacks()).toEqual(both);
    const { manifest, trust } = await readNewestPack(test, today.leg);
    expect(manifest.merchants).toEqual({ 1: '春秋商城', 2: '春秋商城' });
    expect(trust.issuers.find(({ kid }) => kid === saved['issuer'])).toMatchObject({
      iss: '9C',
      wallets: [2],
      maxCum: { 156: 100_000 },
    });
  });

  it.each([
    [
      'settings its adapter cannot start with',
      { wallet: 1, name: 'X', config: {}, secrets: {} },
      'merchant 1: config',
    ],
    ['a wallet nobody has built', { wallet: 9, name: 'X', config: {}, secrets: {} }, 'merchant 9: wallet'],
    ['no name', { wallet: 1, config: {}, secrets: {} }, 'm.json: name'],
  ])('with %s is refused', async (_what, merchant, why) => {
    const refused = await forAirline(saveMerchantCommand, file('m.json', merchant));
    expect(refused).toEqual({ exitCode: 2, error: expect.stringContaining(why) as string });
    expect(await makeAskedPacks()).toEqual([]);
  });
});

describe('keys', () => {
  it('of a stolen issuer are replaced in the packs of all coming flights', async () => {
    const before = (await trustOf(ground, '9C')).issuers.find(({ wallets }) => wallets.includes(1))?.kid;
    const replaced = await forAirline(replaceIssuerCommand, '--wallet', '1');
    expect(replaced).toMatchObject({ exitCode: 0, wallet: 1, reissued: 0 });
    expect(await lastAudit()).toMatchObject({ what: 'issuer-replaced' });
    expect(await makeAskedPacks()).toEqual(both);
    const { trust } = await readNewestPack(test, today.leg);
    expect(trust.revokedKids).toContain(before);
    expect(trust.issuers.map(({ kid }) => kid)).not.toContain(before);
    expect(await forAirline(replaceIssuerCommand, '--wallet', '7')).toMatchObject({ exitCode: 2 });
  });

  const { kty, crv, x, y, d } = generatePrivateJwk(nodeCrypto);
  const nbf = TEST_NOW_MS / 1000;
  const scope = { iss: 'HO', wallets: [1], carriers: ['9C'], maxCum: { 156: 30_000 } };
  const partner = { jwk: { kty, crv, x, y }, scope, nbf, exp: nbf + 86_400 };

  it.each([
    ['with its private half', { ...partner, jwk: { kty, crv, x, y, d } }, 'p.json: jwk.d'],
    [
      'for wallets that are none',
      { ...partner, scope: { ...scope, wallets: [0] } },
      'p.json: scope.wallets.0',
    ],
    ['that is this airline’s own name', { ...partner, scope: { ...scope, iss: '9C' } }, 'scope.iss'],
    ['that ends before it begins', { ...partner, exp: nbf }, 'the key ends before it begins'],
    ['that has ended', { ...partner, nbf: nbf - 10, exp: nbf - 1 }, 'the key has ended'],
  ])('of a partner %s are refused, and the private half is not repeated', async (_what, content, why) => {
    const refused = await forAirline(importPartnerCommand, file('p.json', content));
    expect(refused).toEqual({ exitCode: 2, error: expect.stringContaining(why) as string });
    expect(JSON.stringify(refused)).not.toContain(d);
  });

  it('of a partner come onto our list once, with what they may sign here', async () => {
    const imported = await forAirline(importPartnerCommand, file('p.json', partner));
    expect(imported).toMatchObject({ exitCode: 0, kid: expect.any(String) as string });
    expect(await makeAskedPacks()).toEqual(both);
    const { trust } = await readNewestPack(test, today.leg);
    expect(trust.issuers.find(({ iss }) => iss === 'HO')).toMatchObject({ maxCum: { 156: 30_000 } });
    const again = { ...partner, scope: { ...scope, maxCum: { 156: 99_000 } } };
    expect(await forAirline(importPartnerCommand, file('p.json', again))).toEqual({
      exitCode: 2,
      error: 'jwk: this key is on record already',
    });
  });

  it('that are made because others end reach the coming flights by themselves', async () => {
    const { ops } = await trustOf(ground, '9C');
    const soon = Math.floor(clock.nowMs / 1000) + 3 * 86_400;
    await ground.db.updateTable('signing_key').set({ exp_s: soon }).where('purpose', '=', 'ops').execute();
    expect(await renewKeys(ground, '9C')).toBe(1);
    expect(await makeAskedPacks()).toEqual(both);
    expect((await readNewestPack(test, today.leg)).trust.ops).toHaveLength(ops.length + 1);
  });

  it('of a terminal are taken back with the reason in the audit trail', async () => {
    const key = file('key.json', generatePrivateJwk(nodeCrypto));
    await forAirline(enrollDeviceCommand, '--dev', 'T-0001', '--key', key);
    const device = ['--dev', 'T-0001', '--ep', '1', '--why', 'left in the crew bus'];
    const since = new Date(clock.nowMs - 3_600_000).toISOString();
    expect(await forAirline(revokeDeviceCommand, ...device, '--lost-since', since)).toMatchObject({
      exitCode: 0,
      dev: 'T-0001',
      ep: 1,
    });
    expect(await lastAudit()).toMatchObject({
      what: 'device-revoked',
      detail: { dev: 'T-0001', ep: 1, lostAtMs: clock.nowMs - 3_600_000, why: 'left in the crew bus' },
    });
    expect(await makeAskedPacks()).toEqual(both);
    expect((await readNewestPack(test, today.leg)).trust.revokedDevices).toEqual(['T-0001#1']);
    const nobody = ['--dev', 'T-0009', '--ep', '1', '--why', 'gone'];
    expect(await forAirline(revokeDeviceCommand, ...nobody)).toMatchObject({ exitCode: 2 });
    expect(await forAirline(revokeDeviceCommand, ...device, '--lost-since', 'soon')).toMatchObject({
      exitCode: 2,
    });
  });
});

describe('a pre-order', () => {
  const flight = readLegId(today.leg);
  if (flight === null) throw new Error('scene');
  const preorder = (...args: string[]): Promise<Record<string, unknown>> =>
    run(addPreorderCommand, '--leg', today.leg, ...args);

  it('travels on the passenger list, is replaced by the next and taken back by none', async () => {
    const order = orderNumber(flight, await putPassenger({ ground, demo: today }, '12C'));
    await putPassenger({ ground, demo: today }, '14A');
    const lines = async () =>
      Object.fromEntries(
        (await readNewestPack(test, today.leg)).passengers.map(({ seat, preorders }) => [seat, preorders]),
      );
    const items = [
      { sku: 'ML-001', q: 2 },
      { sku: 'ML-002', q: 1 },
    ];
    expect(await preorder(file('o.json', { preorders: [{ order, items }] }))).toEqual({
      exitCode: 0,
      leg: today.leg,
      passengers: 1,
    });
    expect(await lastAudit()).toMatchObject({ what: 'preorders-saved', airline: '9C' });
    expect(await makeAskedPacks()).toEqual([today.leg]);
    expect(await lines()).toEqual({ '12C': items, '14A': undefined });
    const gone = {
      catalogue: { ...demoCatalogue(), items: demoCatalogue().items.filter(({ sku }) => sku !== 'ML-002') },
      promotions: demoPromotions(),
    };
    expect(await forAirline(saveCatalogueCommand, file('c.json', gone))).toEqual({
      exitCode: 2,
      error: `${today.leg}: ML-002 is pre-ordered and not in this catalogue`,
    });
    await preorder(file('o.json', { preorders: [{ order, items: items.slice(0, 1) }] }));
    await makeAskedPacks();
    expect(await lines()).toEqual({ '12C': items.slice(0, 1), '14A': undefined });
    await preorder(file('o.json', { preorders: [{ order, items: [] }] }));
    await makeAskedPacks();
    expect(await lines()).toEqual({ '12C': undefined, '14A': undefined });
  });

  it('with anything wrong is refused as a whole, by name and place', async () => {
    const order = orderNumber(flight, await putPassenger({ ground, demo: today }, '15A'));
    const one = [{ sku: 'ML-001', q: 1 }];
    const twice = [...one, ...one];
    const cases: readonly (readonly [readonly object[], string])[] = [
      [
        [
          { order, items: one },
          { order: 'CP0', items: one },
        ],
        'CP0 (preorders.1.order): order-unknown',
      ],
      [
        [
          { order, items: one },
          { order, items: one },
        ],
        `${order} (preorders.1.order): order-stands-twice`,
      ],
      [
        [{ order, items: [...one, { sku: 'NO-1', q: 1 }] }],
        `${order} (preorders.0.items.1.sku) NO-1: item-unknown`,
      ],
      [[{ order, items: twice }], 'o.json: preorders.0.items: an item number stands twice'],
      [[{ order, items: [{ sku: 'ML-001', q: 0 }] }], 'o.json: preorders.0.items.0.q'],
    ];
    for (const [preorders, why] of cases) {
      const refused = await preorder(file('o.json', { preorders }));
      expect(refused).toEqual({ exitCode: 2, error: expect.stringContaining(why) as string });
    }
    expect(await ground.db.selectFrom('preorder').selectAll().execute()).toEqual([]);
    const nowhere = ['--leg', '9C1-20261122-SHA-CTU', file('o.json', { preorders: [{ order, items: one }] })];
    expect(await run(addPreorderCommand, ...nowhere)).toMatchObject({ exitCode: 2 });
  });
});

describe('every one of these commands', () => {
  it.each([
    ['save-catalogue', saveCatalogueCommand],
    ['save-crew', saveCrewCommand],
    ['save-merchant', saveMerchantCommand],
    ['import-partner', importPartnerCommand],
  ])(
    '%s knows the airline or says that there is none, and names a file that is no JSON',
    async (_name, command) => {
      expect(await run(command, '--airline', 'XX', file('x.json', {}))).toEqual({
        exitCode: 2,
        error: 'there is no airline XX',
      });
      const refused = await forAirline(command, import.meta.filename);
      expect(refused).toEqual({
        exitCode: 2,
        error: expect.stringContaining('upkeep-commands.test.ts') as string,
      });
    },
  );
});
