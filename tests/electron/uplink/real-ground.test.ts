// A till and the product's own ground, over HTTPS: their two readings of docs/formats/terminal-api.md are one.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fastify } from 'fastify';
import { expect, it, onTestFinished } from 'vitest';
import type { EcPrivateJwk } from '../../../domain/crypto/crypto.ts';
import { exportTerminalFolder } from '../../../ground/demo/export-terminal-folder.ts';
import type { DemoKeys } from '../../../ground/demo/demo-keys.ts';
import { makeDemoPeople, signCredential } from '../../../ground/demo/demo-people.ts';
import { seedDemo, type SeededDemo } from '../../../ground/demo/seed-demo.ts';
import { orderNumber } from '../../../domain/bill/order-number.ts';
import { readLegId, type FlightLeg } from '../../../domain/flight.ts';
import { refreshPack } from '../../../ground/packs/refresh-pack.ts';
import { receiveBatch } from '../../../ground/ingest/receive-batch.ts';
import { sealResultForStick } from '../../../ground/ingest/stick-result.ts';
import { registerTerminalRoutes } from '../../../ground/ingest/terminal-routes.ts';
import { makeServerCertificate } from '../../../ground/server/authority.ts';
import type { DemoPassenger } from '../../support/demo-passengers.ts';
import { openMainTillIn, startFresh } from '../../support/main-till.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { openTestGround, type TestGround } from '../../support/test-ground.ts';
import { QUICK_PACE, resultsIn, sellTo, settlementOf, untilTold } from './sealed-flight.ts';

async function serve({ ground }: TestGround, dir: string): Promise<void> {
  const tls = await makeServerCertificate(['127.0.0.1'], Date.now());
  const app = fastify({ https: { cert: tls.certificate, key: tls.key }, forceCloseConnections: true });
  registerTerminalRoutes(app, ground);
  await app.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => app.close());
  const { port } = app.server.address() as AddressInfo;
  writeFileSync(
    join(dir, 'ground.json'),
    JSON.stringify({ address: `https://127.0.0.1:${port.toString()}` }),
  );
  writeFileSync(join(dir, 'ground-ca.pem'), tls.authority);
}

function readLeg(leg: string): FlightLeg {
  const flight = readLegId(leg);
  if (flight === null) throw new Error(leg);
  return flight;
}

/** Somebody with a genuine code whom ground has never signed up: it judges the bill, and a person looks into it. */
function strangerAboard(dir: string, { leg, std, sta }: SeededDemo, nowMs: number): DemoPassenger {
  const flight = readLeg(leg);
  const key = (name: string): EcPrivateJwk =>
    JSON.parse(readFileSync(join(dir, 'keys', `${name}.jwk.json`), 'utf8')) as EcPrivateJwk;
  const keys = { issuerWechat: key('issuer-wechat'), issuerAlipay: key('issuer-alipay') };
  const people = makeDemoPeople({ leg: flight, legId: leg, std, sta }, keys as unknown as DemoKeys);
  const someone = people.find(
    ({ claims, holder, isDenied }) => claims.wallet === 1 && holder !== null && !isDenied,
  );
  if (someone === undefined) throw new Error('nobody');
  const { holder } = someone;
  // The demo's keys are as old as its seed; its people say they signed up hours before.
  const claims = { ...someone.claims, iat: Math.floor(nowMs / 1000) };
  const cred = signCredential(claims, holder, keys.issuerWechat);
  return {
    ...{ seat: claims.seat, seq: claims.sequence, name: claims.maskedName, wallet: claims.wallet },
    ...{ tier: claims.tier, cti: claims.cti, holderClass: claims.holderClass, cred, holder, staticCode: '' },
    ...{ cumMinor: claims.limits.cumMinor, staticMinor: claims.staticCumMinor, listed: false, denied: false },
  };
}

type RealScene = {
  readonly dir: string;
  readonly nowMs: number;
  readonly test: TestGround;
  readonly demo: SeededDemo;
};

/** Ground with a demo airline, answering over HTTPS, and a terminal's folder that knows where it is. */
async function openRealScene(): Promise<RealScene> {
  const nowMs = Date.now();
  const test = await openTestGround({ nowMs });
  onTestFinished(test.close);
  const merchants = [1, 2].map((wallet) => ({ wallet, config: {}, secrets: { key: 'K' } }));
  const demo = await seedDemo(test.ground, { merchants });
  const deviceKey = demo.deviceKeys.get('T-0001');
  if (deviceKey === undefined) throw new Error('no key');
  const dir = temporaryFolder();
  const exported = await exportTerminalFolder(test.ground, { leg: demo.leg, dev: 'T-0001', deviceKey, dir });
  if (!exported.ok) throw new Error(exported.error.kind);
  writeFileSync(join(dir, 'passengers.json'), JSON.stringify({ passengers: [] }));
  await serve(test, dir);
  return { dir, nowMs, test, demo };
}

it('a flight is taken by ground, once, and its answer reaches the bill', async () => {
  const { dir, nowMs, test, demo } = await openRealScene();
  const till = await openMainTillIn(dir, nowMs, { uplinkPace: { ...QUICK_PACE, idleMs: 60_000 } });
  await startFresh(till);
  const bill = await sellTo(till, strangerAboard(dir, demo, nowMs), 'basket-0001');
  const closed = await till.call.closeFlight({ acceptUnprinted: true });
  if (!closed.ok) throw new Error(closed.error.problem.kind);
  const sealed = await till.call.exportBatch({ volume: 'outbox' });
  if (!sealed.ok) throw new Error(sealed.error.problem.kind);
  const { batchId } = sealed.value;
  const state = await untilTold(till, ({ unsent }) => unsent.count === 0);
  expect(state.batches).toMatchObject([{ batchId, status: 'acknowledged' }]);
  expect(state.bills[bill]?.status).toBe('with-ground');
  const batches = await test.ground.db.selectFrom('batch').select(['batch_id', 'status']).execute();
  expect(batches).toEqual([{ batch_id: batchId, status: 'PARTIAL' }]);
  const device = await test.ground.db
    .selectFrom('device')
    .select(['last_seen_ms', 'unsent_count', 'app_version'])
    .where('dev', '=', 'T-0001')
    .executeTakeFirstOrThrow();
  expect(device).toMatchObject({ last_seen_ms: nowMs, app_version: '0.1.0' });
  // Asked again and again, ground says the same: one record.
  const { nextTryAtMs } = await untilWaiting(till);
  await expect
    .poll(
      () => {
        const { ground } = settlementOf(till);
        return ground.kind === 'waiting' && ground.nextTryAtMs !== nextTryAtMs;
      },
      { timeout: 30_000 },
    )
    .toBe(true);
  expect(resultsIn(till)).toBe(1);
});

it('a result goes back by stick where the terminal has no network, sealed to it by ground', async () => {
  const { dir, nowMs, test, demo } = await openRealScene();
  rmSync(join(dir, 'ground.json'));
  const till = await openMainTillIn(dir, nowMs, { uplinkPace: QUICK_PACE });
  await startFresh(till);
  const bill = await sellTo(till, strangerAboard(dir, demo, nowMs), 'basket-0001');
  await till.call.closeFlight({ acceptUnprinted: true });
  const sealed = await till.call.exportBatch({ volume: 'outbox' });
  if (!sealed.ok) throw new Error(sealed.error.problem.kind);
  const { batchId, fileName } = sealed.value;
  const bytes = readFileSync(join(dir, 'batch', fileName));
  const airline = await airlineOf(test, demo);
  expect(await receiveBatch(test.ground, { airline, bytes, source: 'command' })).toMatchObject({
    status: 'PARTIAL',
  });
  const result = await sealResultForStick(test.ground, airline, batchId);
  if (result === null) throw new Error('no result');
  expect(result.fileName).toBe(`CPR-T-0001-1-${batchId.slice(0, 8).toUpperCase()}.cpr`);
  expect(await sealResultForStick(test.ground, airline, 'c'.repeat(26))).toBeNull();
  writeFileSync(join(dir, 'batch', result.fileName), result.text);
  const imported = await till.call.importResults({ volume: 'outbox' });
  expect(imported).toMatchObject({ ok: true, value: { taken: 1, refused: [] } });
  expect(imported.ok && imported.value.settlement.bills[bill]?.status).toBe('with-ground');
});

it('somebody who signs up late is on the tablet without hands, before the first bill', async () => {
  const { dir, nowMs, test, demo } = await openRealScene();
  const hands = { untouchedMs: 3_600_000 };
  const till = await openMainTillIn(dir, nowMs, { uplinkPace: { ...QUICK_PACE, idleMs: 60_000 }, hands });
  const { flight } = await startFresh(till);
  await addLatePassenger(test, demo);
  expect(await refreshPack(test.ground, demo.leg)).toMatchObject({ ok: true, value: { isNew: true } });
  await expect.poll(() => till.reloads.count, { timeout: 30_000 }).toBe(1);
  const again = await startFresh(till);
  expect(again.flight).toMatchObject({
    passengerCount: flight.passengerCount + 1,
    packVersion: flight.packVersion + 1,
  });
  expect(till.events().filter(({ ty }) => ty === 'PACK_LOAD')).toHaveLength(2);
});

async function airlineOf({ ground }: TestGround, { leg }: SeededDemo): Promise<string> {
  const { airline } = await ground.db
    .selectFrom('flight')
    .select('airline')
    .where('leg', '=', leg)
    .executeTakeFirstOrThrow();
  return airline;
}

async function addLatePassenger(test: TestGround, demo: SeededDemo): Promise<void> {
  const { ground } = test;
  const { leg } = demo;
  const airline = await airlineOf(test, demo);
  const cti = 'fe'.repeat(8);
  await ground.db
    .insertInto('passenger')
    .values({
      ...{
        cti,
        airline,
        leg,
        wallet: 1,
        order_number: orderNumber(readLeg(leg), cti),
        seat: '29F',
        seq: 199,
      },
      ...{ tier: 0, cum_minor: 30_000, per_sale_minor: 20_000, max_sales: 10, static_minor: 20_000 },
      ...{ holder_jwk: null, holder_class: 1, name_sealed: null, account_sealed: null, account_hash: null },
      ...{ cred: null, status: 'enrolled', refused_why: null, token_hash: cti, wallet_state: null },
      ...{ language: 'zh-CN', consent_version: 1, consented_at_ms: 0, enrolled_at_ms: 0, purged_at_ms: null },
    })
    .execute();
}

async function untilWaiting(till: Parameters<typeof untilTold>[0]): Promise<{ nextTryAtMs: number | null }> {
  const { ground } = await untilTold(till, ({ ground: at }) => at.kind === 'waiting');
  if (ground.kind !== 'waiting') throw new Error('not waiting');
  return ground;
}
