// The same commands as a person runs them: each opens the data folder for itself and finds what the last one left there.
import { mkdtempSync, rmSync } from 'node:fs';
import * as nodeCrypto from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { orderNumber } from '../../../domain/bill/order-number.ts';
import { generatePrivateJwk } from '../../../domain/crypto/node-crypto.ts';
import { readLegId } from '../../../domain/flight.ts';
import { COMMANDS } from '../../../ground/command-list.ts';
import { demoCatalogue, demoPromotions } from '../../../ground/demo/demo-catalogue.ts';
import { onGround, type GroundCommand } from '../../../ground/on-ground.ts';
import { makeWechatMerchant } from '../../../ground/simulators/wechat/wechat-merchant.ts';
import { runGround, runGroundWith } from '../ground-cli.ts';
import { putPassenger } from '../packs/pack-scene.ts';
import { airlineFile, fileWriter, flightFile } from './airline-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'cabintill-on-disk-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const file = fileWriter(folder);
const place = ['--data', join(folder, 'data')];

/** Through `onGround`, on a database of its own on disk. */
async function run(name: string, ...args: string[]): Promise<unknown> {
  const entry = COMMANDS[name];
  if (entry === undefined || 'load' in entry) throw new Error(`${name} does not work on ground's data`);
  const { exitCode, stdout, stderr } = await onGround(await entry.loadOnGround())([...args, ...place]);
  return { exitCode, ...(JSON.parse(exitCode === 0 ? stdout : stderr) as object) };
}

it('an airline is made, changed and kept over many openings of its data', { timeout: 240_000 }, async () => {
  const flight = flightFile('8835', Date.now(), 2);
  const { leg } = flight;
  const airline = ['--airline', '9C'];
  const made = await runGround('make-airline', file('airline.json', airlineFile()), ...place);
  expect(made).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await run('make-flight', file('flight.json', flight))).toMatchObject({ exitCode: 0, leg });
  const goods = { catalogue: demoCatalogue(), promotions: demoPromotions() };
  expect(await run('save-catalogue', ...airline, file('goods.json', goods))).toMatchObject({
    catalogueVersion: 2,
    flights: [leg],
  });
  const crew = { crew: [{ id: 'C2', name: '吴桐', role: 'attendant', pin: '173205' }] };
  const joined = await runGround('save-crew', ...airline, file('crew.json', crew), ...place);
  expect(JSON.parse(joined.stdout)).toEqual({ airline: '9C', saved: 1, removed: 0, flights: [] });
  const { config, secrets } = await makeWechatMerchant({ address: 'http://127.0.0.1:9' });
  const merchant = file('merchant.json', { wallet: 1, name: '春秋商城', config, secrets });
  expect(await run('save-merchant', ...airline, merchant)).toMatchObject({ exitCode: 0, issuer: null });
  expect(await run('replace-issuer', ...airline, '--wallet', '1')).toMatchObject({ exitCode: 0 });
  const { kty, crv, x, y } = generatePrivateJwk(nodeCrypto);
  const nbf = Math.floor(Date.now() / 1000);
  const scope = { iss: 'HO', wallets: [1], carriers: ['9C'], maxCum: { 156: 30_000 } };
  const partner = file('partner.json', { jwk: { kty, crv, x, y }, scope, nbf, exp: nbf + 86_400 });
  expect(await run('import-partner', ...airline, partner)).toMatchObject({ exitCode: 0 });
  const key = file('key.json', generatePrivateJwk(nodeCrypto));
  expect(await run('enroll-device', ...airline, '--dev', 'T-0001', '--key', key)).toMatchObject({ ep: 1 });
  const stolen = ['--dev', 'T-0001', '--ep', '1', '--why', 'stolen'];
  expect(await run('revoke-device', ...airline, ...stolen)).toMatchObject({ exitCode: 0, ep: 1 });
  const order = await enrol(leg);
  const preorders = file('orders.json', { preorders: [{ order, items: [{ sku: 'ML-001', q: 1 }] }] });
  expect(await run('add-preorder', '--leg', leg, preorders)).toMatchObject({ passengers: 1 });
  const user = ['--name', 'li.na', '--role', 'finance', ...airline, '--password-stdin', ...place];
  const withPassword = await runGroundWith('a quiet morning in Chengdu\n', 'make-console-user', ...user);
  expect(JSON.parse(withPassword.stdout)).toEqual({ name: 'li.na', role: 'finance', airline: '9C' });
  expect(await run('make-console-user', '--name', 'li.na', '--disable')).toMatchObject({ disabled: true });
  expect(await run('make-pack', '--leg', leg)).toMatchObject({ exitCode: 0, n: 1, isNew: true });
  expect(await run('result', '--batch', 'abcdefgh')).toMatchObject({ exitCode: 2 });
});

/** Somebody enrols between two commands; answers their order number. */
async function enrol(leg: string): Promise<string> {
  const command: GroundCommand = async (ground) => ({
    exitCode: 0,
    stdout: await putPassenger({ ground, demo: { leg } }, '12C'),
    stderr: '',
  });
  const flight = readLegId(leg);
  if (flight === null) throw new Error('leg');
  return orderNumber(flight, (await onGround(command)(place)).stdout);
}
