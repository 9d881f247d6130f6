import * as nodeCrypto from 'node:crypto';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { composeDynamicCode } from '../../../domain/cabin-code/issue-cabin-code.ts';
import { verifyCabinCode } from '../../../domain/cabin-code/verify-cabin-code.ts';
import { signerFromJwk } from '../../../domain/crypto/node-crypto.ts';
import { decodeBase64url } from '../../../domain/encoding/base64url.ts';
import { readLegId } from '../../../domain/flight.ts';
import { trustOf } from '../../../ground/airlines/trust-lists.ts';
import { enrolmentJobs } from '../../../ground/enrolment/enrolment-jobs.ts';
import { RESOLVE_JOB } from '../../../ground/enrolment/resolve-enrolment.ts';
import { denyListOf } from '../../../ground/flights/deny-list.ts';
import { finishJob, takeJob } from '../../../ground/jobs/jobs.ts';
import { refreshPack } from '../../../ground/packs/refresh-pack.ts';
import type { EnrolmentBegun } from '../../../ground/web/phone-api.ts';
import { crypto } from '../../support/keys.ts';
import {
  begin,
  comeBack,
  enrolled,
  newHolder,
  openScene,
  signIn,
  signUp,
  stateOf,
} from './enrolment-scene.ts';

const scene = await openScene();
afterAll(scene.stop);
afterEach(() => {
  scene.wallet.control.clearFaults();
});

const ordersOf = (account: string) =>
  scene.wallet.books().orders.filter((order) => order.account === account);

/** Does the enrolments' jobs, however long they would have waited; answers how many there were. */
async function resolveAll(): Promise<number> {
  const { ground } = scene;
  for (let done = 0; ; done++) {
    const asked = {
      workerId: 'test',
      nowMs: Number.MAX_SAFE_INTEGER - 1000,
      leaseMs: 1,
      kinds: [RESOLVE_JOB],
    };
    const job = await takeJob(ground.db, asked);
    if (job === null) return done;
    await enrolmentJobs[RESOLVE_JOB]?.(ground, job);
    await finishJob(ground.db, job, 'test');
  }
}

async function verify(cred: string, holder: ReturnType<typeof newHolder>) {
  const leg = readLegId(scene.demo.leg);
  const bytes = decodeBase64url(cred);
  if (leg === null || bytes === null) throw new Error('scene');
  const nowSeconds = Math.floor(scene.clock.nowMs / 1000);
  const proof = { at: nowSeconds, nonce: Uint8Array.of(1, 2, 3, 4) };
  return verifyCabinCode(composeDynamicCode(bytes, proof, signerFromJwk(nodeCrypto, holder), crypto), {
    nowSeconds,
    flight: leg,
    issuers: (await trustOf(scene.ground, '9C')).issuers,
    isDenied: () => false,
    lastProofAt: () => null,
    openChallenge: null,
    crypto,
  });
}

describe('a passenger who signs up', () => {
  it('gets a code that a till accepts, and one open order at the wallet', async () => {
    const holder = newHolder();
    const { state } = await signUp(scene, 'p-720-1', { seat: '12C', holder });
    const { cti, cred, orderNumber, maskedName, limits, staticMinor, tier, flight } = enrolled(state);
    expect({ maskedName, limits, staticMinor, tier }).toEqual({
      maskedName: 'WA**/J',
      // What a phone may confirm; without a confirmation the pack holds it to 300.00.
      limits: { cumMinor: 50_000, perSaleMinor: 30_000, maxSales: 20 },
      staticMinor: 20_000,
      tier: 0,
    });
    expect(flight.terminals).toMatchObject([{ dev: 'T-0001', ep: 1 }]);
    expect(flight.catalogue.items).toHaveLength(40);
    expect(flight.merchant).toBe('春秋航空机上商城');
    const verdict = await verify(cred, holder);
    expect(verdict).toMatchObject({
      ok: true,
      value: { mode: 'dynamic', credential: { cti, gate: 1, holderClass: 1 } },
    });
    expect(ordersOf('p-720-1')).toMatchObject([{ orderNumber, capMinor: 50_000, completes: 0 }]);
    const order = await scene.ground.db
      .selectFrom('wallet_order')
      .selectAll()
      .where('order_number', '=', orderNumber)
      .executeTakeFirst();
    expect(order).toMatchObject({ state: 'ENROLLED', cti, wallet: 1 });
  });

  it('is on the next pack, which a till accepts', async () => {
    const refreshed = await refreshPack(scene.ground, scene.demo.leg);
    expect(refreshed).toMatchObject({ ok: true, value: { isNew: true } });
    const again = await refreshPack(scene.ground, scene.demo.leg);
    expect(again).toMatchObject({ ok: true, value: { isNew: false } });
  });

  it('without a key in the browser gets a picture with the limits of one', async () => {
    const { state } = await signUp(scene, 'p-720-2', { seat: '12D', holder: null });
    expect(enrolled(state)).toMatchObject({
      limits: { cumMinor: 20_000, perSaleMinor: 10_000, maxSales: 5 },
      staticMinor: 20_000,
    });
  });

  it('sees the flight in the list, and not once enrolment has closed', async () => {
    const list = async (): Promise<unknown[]> =>
      (await scene.app.inject({ method: 'GET', url: '/v1/flights' })).json();
    expect(await list()).toMatchObject([{ leg: scene.demo.leg, airline: '9C', wallets: [1] }]);
    const before = scene.clock.nowMs;
    scene.clock.nowMs += 16 * 60_000;
    expect(await list()).toEqual([]);
    expect(await begin(scene, { seat: '20A' })).toEqual({
      status: 409,
      body: { problem: { kind: 'enrolment-closed' } },
    });
    scene.clock.nowMs = before;
  });

  it('may show the boarding pass, which decides seat and sequence', async () => {
    const day =
      (Date.parse(`${isoDate()}T00:00:00Z`) - Date.UTC(Number(isoDate().slice(0, 4)), 0, 0)) / 86_400_000;
    const pass = `M1WANG/JIE            EABC123 SHACTU9C 8835 ${day.toString().padStart(3, '0')}Y007A0012 100`;
    const { token } = await signUp(scene, 'p-720-3', { seat: '30F', boardingPass: pass });
    expect(await stateOf(scene, token)).toMatchObject({ kind: 'enrolled', seat: '7A' });
    const other = pass.replace('8835', '8836');
    expect(await begin(scene, { boardingPass: other })).toMatchObject({
      status: 422,
      body: { problem: { kind: 'boarding-pass-of-another-flight' } },
    });
    expect(await begin(scene, { boardingPass: '134567890123456789' })).toMatchObject({
      body: { problem: { kind: 'boarding-pass-unreadable' } },
    });
  });
});

function isoDate(): string {
  const [, date = ''] = scene.demo.leg.split('-');
  return `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`;
}

describe('what is refused before the wallet', () => {
  it.each([
    ['a flight nobody knows', { leg: '9C1234-20261122-SHA-CTU' }, 404, 'flight-unknown'],
    ['a seat the cabin has not', { seat: '33A' }, 422, 'seat-unknown'],
    ['a name in other letters than the pass has', { name: '王杰' }, 422, 'name-unreadable'],
    ['a wallet the airline does not take', { wallet: 2 }, 422, 'wallet-not-offered'],
  ])('is %s', async (_what, asked, status, kind) => {
    expect(await begin(scene, asked)).toEqual({ status, body: { problem: { kind } } });
  });

  it('is a form with something else in it, and says where', async () => {
    const response = await scene.app.inject({ method: 'POST', url: '/v1/enrolments', payload: { leg: 'x' } });
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ problem: { kind: 'bad-request', why: 'leg' } });
  });

  it('is a request without a token, or with somebody else’s', async () => {
    for (const authorization of [undefined, 'Bearer x', `Bearer ${'a'.repeat(43)}`]) {
      const headers = authorization === undefined ? {} : { authorization };
      const response = await scene.app.inject({ method: 'GET', url: '/v1/enrolment', headers });
      expect(response.statusCode).toBe(401);
    }
  });
});

describe('what the wallet refuses', () => {
  it.each([
    ['a score that is not enough', 'p-550-1', 'wallet-not-accepted'],
    ['orders overdue', 'p-700-1-overdue', 'wallet-overdue-orders'],
    ['youth mode', 'p-700-2-youth', 'wallet-youth-mode'],
  ])('for %s is told in its own words, and leaves no order', async (_what, account, why) => {
    const { state } = await signUp(scene, account, { seat: '21A' });
    expect(state).toEqual({ kind: 'refused', why });
    expect(ordersOf(account)).toEqual([]);
  });

  it('because the passenger said no', async () => {
    const begun = (await begin(scene, { seat: '21B' })).body as EnrolmentBegun;
    const back = await comeBack(scene, await signIn(begun.walletAddress, 'p-720-4', 'refuse'));
    expect(back).toEqual({ status: 303, location: 'http://ground.test/phone/' });
    expect(await stateOf(scene, begun.token)).toEqual({ kind: 'refused', why: 'wallet-not-permitted' });
  });
});

describe('exactly once', () => {
  it('a reload on the way back from the wallet changes nothing', async () => {
    const begun = (await begin(scene, { seat: '22A' })).body as EnrolmentBegun;
    const address = await signIn(begun.walletAddress, 'p-720-5');
    const backs = await Promise.all([comeBack(scene, address), comeBack(scene, address)]);
    expect(backs.map(({ status }) => status)).toEqual([303, 303]);
    await comeBack(scene, address);
    expect(await stateOf(scene, begun.token)).toMatchObject({ kind: 'enrolled', seat: '22A' });
    expect(ordersOf('p-720-5')).toHaveLength(1);
  });

  it('an answer of the wallet that was lost is asked for, and nothing is set up twice', async () => {
    scene.wallet.control.addFault({ on: 'create', kind: 'hang-after' });
    const { state } = await signUp(scene, 'p-720-6', { seat: '22B' });
    expect(state.kind).toBe('enrolled');
    expect(ordersOf('p-720-6')).toHaveLength(1);
  });

  it('a wallet that stays silent is told, and an order it may have opened is released', async () => {
    scene.wallet.control.addFault({ on: 'create', kind: 'hang-after', times: 9 });
    scene.wallet.control.addFault({ on: 'query', kind: 'drop-before', times: 9 });
    const { token, state } = await signUp(scene, 'p-720-7', { seat: '22C' });
    expect(state).toEqual({ kind: 'refused', why: 'wallet-unreachable' });
    scene.wallet.control.clearFaults();
    const [order] = ordersOf('p-720-7');
    expect(order?.state).toContain('DOING');
    expect(await resolveAll()).toBe(1);
    expect(ordersOf('p-720-7')[0]?.state).toContain('REVOKED');
    expect((await stateOf(scene, token)).kind).toBe('refused');
  });

  it('an enrolment that broke off after the wallet said yes is finished by the job', async () => {
    const begun = (await begin(scene, { seat: '22D' })).body as EnrolmentBegun;
    const address = await signIn(begun.walletAddress, 'p-720-8');
    // The airline's issuer key is missing just now, so that signing fails after the order was opened.
    const hide = async (exp: number) =>
      await scene.ground.db
        .updateTable('signing_key')
        .set({ exp_s: exp })
        .where('purpose', '=', 'issuer')
        .returning('exp_s')
        .executeTakeFirst();
    const { exp_s: genuine } = await scene.ground.db
      .selectFrom('signing_key')
      .select('exp_s')
      .where('purpose', '=', 'issuer')
      .executeTakeFirstOrThrow();
    await hide(1);
    expect(await comeBack(scene, address)).toMatchObject({ status: 303 });
    expect(await stateOf(scene, begun.token)).toEqual({ kind: 'waiting-for-wallet' });
    await hide(genuine);
    expect(await resolveAll()).toBe(1);
    expect(await stateOf(scene, begun.token)).toMatchObject({ kind: 'enrolled', seat: '22D' });
    expect(ordersOf('p-720-8')).toHaveLength(1);
  });

  it('a seat belongs to one passenger; the same person on a new phone takes the old one’s place', async () => {
    const first = await signUp(scene, 'p-720-9', { seat: '23A' });
    const stranger = await signUp(scene, 'p-720-10', { seat: '23A' });
    expect(stranger.state).toEqual({ kind: 'refused', why: 'seat-taken' });
    expect(await resolveAll()).toBe(1);
    expect(ordersOf('p-720-10')[0]?.state).toContain('REVOKED');
    const again = await signUp(scene, 'p-720-9', { seat: '23A' });
    const { cti } = enrolled(again.state);
    const old = enrolled(first.state);
    expect(cti).not.toBe(old.cti);
    expect(await stateOf(scene, first.token)).toEqual({ kind: 'refused', why: 'seat-taken' });
    expect((await denyListOf(scene.ground, '9C')).ctis).toContain(old.cti);
    const orders = await scene.ground.db
      .selectFrom('wallet_order')
      .select(['cti', 'state'])
      .where('cti', 'in', [old.cti, cti])
      .execute();
    expect(new Map(orders.map((order) => [order.cti, order.state]))).toEqual(
      new Map([
        [old.cti, 'READY'],
        [cti, 'ENROLLED'],
      ]),
    );
  });
});
