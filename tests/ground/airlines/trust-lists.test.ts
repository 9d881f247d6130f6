import * as nodeCrypto from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { generatePrivateJwk } from '../../../domain/crypto/node-crypto.ts';
import { readDeviceCertificate } from '../../../domain/trust/device-certificate.ts';
import { readTrustList } from '../../../domain/trust/trust-list.ts';
import { addAirline } from '../../../ground/airlines/airlines.ts';
import { issueDeviceCertificate, revokeDevice } from '../../../ground/airlines/devices.ts';
import {
  decryptionKeys,
  makeAirlineKeys,
  makeKey,
  revokeKey,
  rootsOf,
  signerFor,
} from '../../../ground/airlines/keys.ts';
import { importPartnerIssuer } from '../../../ground/airlines/partners.ts';
import { renewKeys } from '../../../ground/airlines/renew-keys.ts';
import { publishTrustList, trustOf } from '../../../ground/airlines/trust-lists.ts';
import { crypto } from '../../support/keys.ts';
import { openTestGround } from '../../support/test-ground.ts';

const { ground, clock, close } = await openTestGround();
afterAll(close);
const DAY_MS = 86_400_000;

for (const airline of ['9C', 'HO']) {
  await addAirline(ground, { airline, nameZh: '航空', nameEn: 'Airline', utcOffsetMinutes: 480 });
  await makeAirlineKeys(ground, airline, { wallets: [1, 2], maxCum: { 156: 100_000 } });
}

const newJwk = () => {
  const { kty, crv, x, y } = generatePrivateJwk(nodeCrypto);
  return { kty, crv, x, y };
};

async function listOf(airline: string) {
  const { jws, version } = await publishTrustList(ground, airline);
  const nowSeconds = Math.floor(clock.nowMs / 1000);
  const read = readTrustList(jws, { roots: await rootsOf(ground, airline), airline, nowSeconds, crypto });
  if (!read.ok) throw new Error(read.error);
  return { ...read.value, version };
}

describe('an airline’s trust list', () => {
  it('names an issuer for each wallet and one key of every other kind, signed by its own root', async () => {
    const list = await listOf('9C');
    expect(list.issuers.map(({ iss, wallets, carriers }) => ({ iss, wallets, carriers }))).toEqual(
      expect.arrayContaining([
        { iss: '9C', wallets: [1], carriers: ['9C'] },
        { iss: '9C', wallets: [2], carriers: ['9C'] },
      ]),
    );
    expect([list.ops, list.deviceCa, list.ground, list.enc].map((keys) => keys.length)).toEqual([1, 1, 1, 1]);
    const others = await rootsOf(ground, 'HO');
    const { jws } = await publishTrustList(ground, '9C');
    const read = readTrustList(jws, { roots: others, airline: null, nowSeconds: 0, crypto });
    expect(read).toEqual({ ok: false, error: 'unknown-key' });
  });

  it('stays the same until something changes, and its version only rises', async () => {
    const first = await listOf('9C');
    expect(await listOf('9C')).toEqual(first);
    await makeKey(ground, '9C', 'ops');
    const second = await listOf('9C');
    expect(second.version).toBe(first.version + 1);
    expect(second.ops).toHaveLength(2);
  });

  it('is renewed two weeks before it ends', async () => {
    const before = await listOf('HO');
    const start = clock.nowMs;
    clock.nowMs += 16 * DAY_MS;
    const after = await listOf('HO');
    clock.nowMs = start;
    expect(after.version).toBe(before.version + 1);
    expect(after.expires).toBeGreaterThan(before.expires);
  });

  it('takes a stolen issuer key out, and codes are signed by the next one', async () => {
    const stolen = await signerFor(ground, '9C', 'issuer', 1);
    expect(await revokeKey(ground, '9C', stolen.kid)).toBe(true);
    await expect(signerFor(ground, '9C', 'issuer', 1)).rejects.toThrow('no usable key');
    const scope = { iss: '9C', wallets: [1], carriers: ['9C'], maxCum: { 156: 100_000 } };
    await makeKey(ground, '9C', 'issuer', { wallet: 1, scope });
    const list = await listOf('9C');
    expect(list.revokedKids).toEqual([stolen.kid]);
    expect(list.issuers.map(({ kid }) => kid)).not.toContain(stolen.kid);
    expect((await signerFor(ground, '9C', 'issuer', 1)).kid).not.toBe(stolen.kid);
    expect(await trustOf(ground, '9C')).toEqual(list);
  });

  it('bounds a partner’s key to what it may sign here, and a partner is never us', async () => {
    const nbf = Math.floor(clock.nowMs / 1000);
    const scope = { iss: 'HO', wallets: [1], carriers: ['9C'], maxCum: { 156: 30_000 } };
    const partner = { jwk: newJwk(), scope, nbf, exp: nbf + 86_400 };
    const imported = await importPartnerIssuer(ground, '9C', partner, 'test');
    expect(imported.ok).toBe(true);
    const list = await listOf('9C');
    expect(list.issuers.filter(({ iss }) => iss === 'HO')).toMatchObject([
      { carriers: ['9C'], wallets: [1], maxCum: { 156: 30_000 } },
    ]);
    const imposter = { ...partner, scope: { ...scope, iss: '9C' } };
    expect(await importPartnerIssuer(ground, '9C', imposter, 'test')).toEqual({
      ok: false,
      error: 'own-name',
    });
  });

  it('keeps private keys sealed: what lies in the database opens nothing', async () => {
    const rows = await ground.db.selectFrom('signing_key').selectAll().execute();
    const keys = await decryptionKeys(ground, '9C');
    const secrets = [...keys.values()].map(({ d }) => d);
    expect(secrets).toHaveLength(1);
    const text = rows.map((row) => Buffer.from(row.private_sealed ?? []).toString('latin1')).join();
    for (const secret of secrets) expect(text).not.toContain(secret);
  });
});

describe('keys', () => {
  it('are renewed a week before they would stop signing, and only then', async () => {
    expect(await renewKeys(ground, 'HO')).toBe(0);
    const start = clock.nowMs;
    clock.nowMs += 29 * DAY_MS;
    // Both issuers sign for 35 days.
    expect(await renewKeys(ground, 'HO')).toBe(2);
    expect(await renewKeys(ground, 'HO')).toBe(0);
    clock.nowMs = start + 84 * DAY_MS;
    await renewKeys(ground, 'HO');
    const list = await listOf('HO');
    expect(list.enc).toHaveLength(2);
    expect(list.issuers.every(({ exp }) => exp * 1000 > clock.nowMs)).toBe(true);
    expect((await decryptionKeys(ground, 'HO')).size).toBe(2);
    clock.nowMs = start;
  });
});

describe('a terminal’s certificate', () => {
  it('is vouched for by the list, once per key; another key gets the next epoch', async () => {
    const jwk = newJwk();
    const first = await issueDeviceCertificate(ground, '9C', { dev: 'T-0042', jwk, by: 'test' });
    if (!first.ok) throw new Error(first.error);
    const nowSeconds = Math.floor(clock.nowMs / 1000);
    const read = readDeviceCertificate(first.value.certificate, await listOf('9C'), nowSeconds, crypto);
    expect(read).toMatchObject({ ok: true, value: { dev: 'T-0042', ep: 1, airline: '9C' } });
    expect(await issueDeviceCertificate(ground, '9C', { dev: 'T-0042', jwk, by: 'test' })).toEqual(first);
    const other = await issueDeviceCertificate(ground, '9C', { dev: 'T-0042', jwk: newJwk(), by: 'test' });
    expect(other).toMatchObject({ ok: true, value: { ep: 2 } });
  });

  it('is not given to a cloned image', async () => {
    const jwk = newJwk();
    await issueDeviceCertificate(ground, '9C', { dev: 'T-0050', jwk, by: 'test' });
    const clone = await issueDeviceCertificate(ground, '9C', { dev: 'T-0051', jwk, by: 'test' });
    expect(clone).toEqual({ ok: false, error: 'key-of-another-terminal' });
    const name = await issueDeviceCertificate(ground, '9C', { dev: '../../x', jwk: newJwk(), by: 'test' });
    expect(name).toEqual({ ok: false, error: 'device-name' });
  });

  it('is named as revoked on the next list once it is lost', async () => {
    const before = await listOf('9C');
    const revoked = await revokeDevice(ground, '9C', {
      dev: 'T-0042',
      ep: 2,
      by: 'test',
      lostAtMs: clock.nowMs,
    });
    expect(revoked).toEqual({ ok: true, value: { trustVersion: before.version + 1 } });
    expect((await listOf('9C')).revokedDevices).toEqual(['T-0042#2']);
    const nobody = { dev: 'T-9999', ep: 1, by: 'test', lostAtMs: null };
    expect(await revokeDevice(ground, '9C', nobody)).toEqual({ ok: false, error: 'device-unknown' });
  });
});
