// Ground with one airline, its demo flight and the people aboard, and the terminals that write real signed journals.
import * as nodeCrypto from 'node:crypto';
import { signJsonJws } from '../../../domain/crypto/compact-jws.ts';
import { signerFromJwk } from '../../../domain/crypto/node-crypto.ts';
import { orderNumber } from '../../../domain/bill/order-number.ts';
import { legTotals } from '../../../domain/settlement/totals.ts';
import { readResultFile, type ResultFile } from '../../../domain/settlement/result-file.ts';
import { signTerminalToken } from '../../../domain/trust/terminal-token.ts';
import { addAirline } from '../../../ground/airlines/airlines.ts';
import { addKey } from '../../../ground/airlines/keys.ts';
import { trustOf } from '../../../ground/airlines/trust-lists.ts';
import type { OrderState } from '../../../ground/database/tables.ts';
import type { DatabasePlace } from '../../../ground/database/open-database.ts';
import { publicPart } from '../../../ground/demo/demo-keys.ts';
import type { DemoPerson } from '../../../ground/demo/demo-people.ts';
import { receiveBatch, type Received } from '../../../ground/ingest/receive-batch.ts';
import {
  composeSceneBatch,
  createScene,
  crypto,
  sealScene,
  SCENE_MS,
  type Scene,
  type SceneJournal,
} from '../../domain/settlement/journal-scene.ts';
import { newPrivateJwk } from '../../support/keys.ts';
import { openTestGround, type TestGround } from '../../support/test-ground.ts';

export const AIRLINE = '9C';
export const LATER_MS = SCENE_MS + 4 * 3_600_000;

export type IngestScene = TestGround & {
  /** The terminal T-0001. */
  readonly scene: Scene;
  readonly leg: string;
};

export async function openIngestScene(place?: DatabasePlace, masterKey?: Uint8Array): Promise<IngestScene> {
  const scene = createScene();
  const test = await openTestGround({
    nowMs: LATER_MS,
    ...(place === undefined ? {} : { place }),
    ...(masterKey === undefined ? {} : { masterKey }),
  });
  await putAirline(test, scene);
  await putDevice(test, scene);
  await putFlight(test, scene);
  for (const person of scene.people) await putPassenger(test, scene, person);
  return { ...test, scene, leg: scene.flight.legId };
}

async function putAirline({ ground }: TestGround, { keys, trust }: Scene): Promise<void> {
  await addAirline(ground, {
    airline: AIRLINE,
    nameZh: '春秋航空',
    nameEn: 'Spring Airlines',
    utcOffsetMinutes: 480,
  });
  const [wechat] = trust.issuers;
  if (wechat === undefined) throw new Error('no issuer');
  const dates = { nbf: wechat.nbf, exp: wechat.exp + 300 * 86_400 };
  const put = async (
    key: keyof typeof keys,
    rest: Partial<Parameters<typeof addKey>[2]> & Pick<Parameters<typeof addKey>[2], 'purpose'>,
  ): Promise<void> => {
    const jwk = keys[key];
    await addKey(ground, AIRLINE, { jwk: publicPart(jwk), private: jwk, kid: jwk.kid, ...dates, ...rest });
  };
  const { iss, carriers, maxCum } = wechat;
  await put('root1', { purpose: 'root' });
  await put('root2', { purpose: 'root' });
  await put('issuerWechat', { purpose: 'issuer', wallet: 1, scope: { iss, carriers, maxCum, wallets: [1] } });
  await put('issuerAlipay', { purpose: 'issuer', wallet: 2, scope: { iss, carriers, maxCum, wallets: [2] } });
  await put('ops', { purpose: 'ops' });
  await put('deviceCa', { purpose: 'device-ca' });
  await put('ground', { purpose: 'ground' });
  await put('enc', { purpose: 'enc' });
}

export async function putDevice({ ground }: TestGround, scene: Scene): Promise<void> {
  const { dev, epoch } = scene.terminal;
  await ground.db
    .insertInto('device')
    .values({
      airline: AIRLINE,
      dev,
      ep: epoch,
      certificate: scene.certificate,
      jwk: JSON.stringify(publicPart(scene.signer.publicJwk)),
      nbf_s: Math.floor(SCENE_MS / 1000) - 86_400,
      exp_s: Math.floor(SCENE_MS / 1000) + 300 * 86_400,
      revoked_at_ms: null,
      lost_at_ms: null,
      quarantined_at_ms: null,
      quarantine_why: null,
      last_seen_ms: null,
      app_version: null,
      pack_id: null,
      unsent_count: null,
      unsent_minor: null,
    })
    .execute();
}

async function putFlight({ ground }: TestGround, { flight }: Scene): Promise<void> {
  const roster = ['T-0001', 'T-0002', 'T-0003'].map((dev) => ({ dev, zone: { fromRow: 1, toRow: 40 } }));
  await ground.db
    .insertInto('flight')
    .values({
      leg: flight.legId,
      airline: AIRLINE,
      std_s: flight.std,
      sta_s: flight.sta,
      aircraft: 'B-6902',
      cabin: '{}',
      loading: '{}',
      crew: '[]',
      roster: JSON.stringify(roster),
      cities: '{}',
      limits: '{}',
      catalogue_version: 1,
      enrolment_until_s: flight.std - 3600,
      status: 'planned',
      is_demo: false,
    })
    .execute();
  await ground.db
    .insertInto('leg_terminal')
    .values(
      roster.map(({ dev }) => ({
        leg: flight.legId,
        dev,
        status: 'expected' as const,
        at_ms: 0,
        cause: 'roster',
      })),
    )
    .execute();
}

export async function putPassenger(
  { ground }: TestGround,
  { flight }: Scene,
  { claims, holder }: DemoPerson,
): Promise<void> {
  const { cti, wallet, seat, tier, limits } = claims;
  const number = orderNumber(flight.leg, cti);
  await ground.db
    .insertInto('passenger')
    .values({
      cti,
      airline: AIRLINE,
      leg: flight.legId,
      wallet,
      order_number: number,
      seat,
      seq: claims.sequence,
      tier,
      cum_minor: limits.cumMinor,
      per_sale_minor: limits.perSaleMinor,
      max_sales: limits.maxSales,
      static_minor: claims.staticCumMinor,
      holder_jwk: holder === null ? null : JSON.stringify(publicPart(holder)),
      holder_class: claims.holderClass,
      name_sealed: null,
      account_sealed: null,
      account_hash: null,
      cred: null,
      status: 'enrolled',
      refused_why: null,
      token_hash: cti,
      wallet_state: null,
      language: 'zh-CN',
      consent_version: 1,
      consented_at_ms: 0,
      enrolled_at_ms: 0,
      purged_at_ms: null,
    })
    .execute();
  await ground.db
    .insertInto('wallet_order')
    .values({
      order_number: number,
      airline: AIRLINE,
      leg: flight.legId,
      cti,
      wallet,
      state: 'ENROLLED',
      state_since_ms: 0,
      sent_body: null,
      total_minor: null,
      paid_minor: null,
      transaction_id: null,
      code: null,
      created_at_ms: 0,
    })
    .execute();
}

export async function setOrder(
  { ground, scene }: IngestScene,
  cti: string,
  order: { state: OrderState; transaction_id?: string; code?: string },
): Promise<void> {
  await ground.db
    .updateTable('wallet_order')
    .set(order)
    .where('order_number', '=', orderNumber(scene.flight.leg, cti))
    .execute();
}

/** Another terminal of the same airline and flight, with its own key, put on record. */
export async function addTerminal(test: IngestScene, dev: string, epoch = 1): Promise<Scene> {
  const jwk = newPrivateJwk();
  const claims = {
    v: 1,
    dev,
    ep: epoch,
    jwk: publicPart(jwk),
    nbf: Math.floor(SCENE_MS / 1000) - 86_400,
    exp: Math.floor(SCENE_MS / 1000) + 300 * 86_400,
    roles: ['till'],
    airline: AIRLINE,
  };
  const certificate = signJsonJws(
    'cp-dev+jws',
    claims,
    signerFromJwk(nodeCrypto, test.scene.keys.deviceCa),
    crypto,
  );
  const signer = signerFromJwk(nodeCrypto, jwk);
  const scene = { ...test.scene, terminal: { dev, epoch }, signer, certificate };
  await putDevice(test, scene);
  return scene;
}

export type SealedBatch = { readonly bytes: Uint8Array; readonly batchId: string };

/** Lines `from`..`to` of a journal as a `.cpb` file; sealed anew each time, as a till does. */
export async function sealBatch(
  scene: Scene,
  { lines }: Pick<SceneJournal, 'lines'>,
  from = 1,
  to = lines.length,
): Promise<SealedBatch> {
  const batch = composeSceneBatch(scene, lines.slice(from - 1, to));
  return { bytes: await sealScene(scene, batch.body), batchId: batch.batchId };
}

export async function deliver(
  { ground }: TestGround,
  { bytes }: Pick<SealedBatch, 'bytes'>,
  source: 'upload' | 'folder' = 'upload',
): Promise<Received> {
  return await receiveBatch(ground, { airline: AIRLINE, bytes, source });
}

export function closeWith(scene: Scene, journal: SceneJournal, unused: readonly string[] = []): void {
  const totals = legTotals(journal.events()).filter((total) => total.leg === scene.flight.legId);
  journal.add('FLIGHT_CLOSE', { totals, counts: {}, unused: [...unused] });
}

export async function followUps({ ground }: TestGround): Promise<{ kind: string; why: string }[]> {
  return await ground.db
    .selectFrom('follow_up')
    .select(['kind', 'leg', 'bill', 'dev', 'order_number', 'why'])
    .orderBy('id')
    .execute();
}

/** How many lines ground holds, and what the wallet sales among them come to. */
export async function heldMoney({ ground }: TestGround): Promise<{ lines: number; netMinor: number }> {
  const rows = await ground.db
    .selectFrom('event')
    .select(['tot_minor', 'tender', 'is_practice'])
    .where('airline', '=', AIRLINE)
    .execute();
  const wallet = rows.filter((row) => row.tender === 'wallet' && !row.is_practice);
  return { lines: rows.length, netMinor: wallet.reduce((sum, row) => sum + (row.tot_minor ?? 0), 0) };
}

export async function waitingJobs({ ground }: TestGround): Promise<string[]> {
  const rows = await ground.db.selectFrom('job').select(['kind', 'key']).orderBy('id').execute();
  return rows.map(({ kind, key }) => `${kind} ${key}`);
}

/** A result as the terminal reads it: the signature verified against the airline's own trust list. */
export async function readResult({ ground }: TestGround, jws: string): Promise<ResultFile> {
  const result = readResultFile(jws, await trustOf(ground, AIRLINE), crypto);
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

export function tokenOf(scene: Scene, nowMs: number): string {
  const { dev, epoch } = scene.terminal;
  return signTerminalToken(
    {
      airline: AIRLINE,
      dev,
      ep: epoch,
      iat: Math.floor(nowMs / 1000),
      app: '0.1.0',
      pack: `${scene.flight.legId}-1`,
      unsent: { count: 3, minor: 8550 },
    },
    scene.signer,
    crypto,
  );
}
