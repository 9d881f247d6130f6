// threats.md 12: somebody has the private key of a wallet's issuer and makes themselves a hundred passengers. And 15: a
// passenger who is denied while the aircraft turns around.
import * as nodeCrypto from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { composeDynamicCode } from '../../../domain/cabin-code/issue-cabin-code.ts';
import type { EcPrivateJwk } from '../../../domain/crypto/crypto.ts';
import { signerFromJwk } from '../../../domain/crypto/node-crypto.ts';
import { readLegId } from '../../../domain/flight.ts';
import { DEFAULT_FLIGHT_LIMITS } from '../../../domain/limits.ts';
import { signCredential } from '../../../ground/demo/demo-people.ts';
import { exportTerminalFolder } from '../../../ground/demo/export-terminal-folder.ts';
import { seedDemo } from '../../../ground/demo/seed-demo.ts';
import { replaceIssuer } from '../../../ground/enrolment/replace-issuer.ts';
import { addDeny } from '../../../ground/flights/deny-list.ts';
import type { Ground } from '../../../ground/ground.ts';
import { receiveBatch } from '../../../ground/ingest/receive-batch.ts';
import {
  billBody,
  openBill,
  openFlight,
  personAt,
  saleBody,
  SCENE_MS,
  startJournal,
} from '../../domain/settlement/journal-scene.ts';
import { crypto, newPrivateJwk } from '../../support/keys.ts';
import { openMainTillIn, scanCode, startFresh, type MainTill } from '../../support/main-till.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { openTestGround } from '../../support/test-ground.ts';
import { closeWith, deliver, openIngestScene, sealBatch } from '../ingest/ingest-scene.ts';

const WECHAT = 1;
const nowMs = Date.now();

type Forged = { readonly cti: string; readonly cred: Uint8Array; readonly holder: EcPrivateJwk };
type Aboard = {
  readonly ground: Ground;
  readonly till: MainTill;
  readonly leg: string;
  readonly renew: () => Promise<MainTill>;
  readonly forge: () => Forged;
};

/** A tablet of a demo flight; the key of its wallet's issuer lies in its folder, as it never would in life. */
async function board(): Promise<Aboard> {
  const { ground, close } = await openTestGround({ nowMs });
  onTestFinished(close);
  const merchants = [WECHAT, 2].map((wallet) => ({ wallet, config: {}, secrets: {} }));
  const demo = await seedDemo(ground, { merchants });
  const { leg, std, sta } = demo;
  const deviceKey = demo.deviceKeys.get('T-0001');
  const flight = readLegId(leg);
  if (deviceKey === undefined || flight === null) throw new Error('no tablet');
  const dir = temporaryFolder();
  const getPack = async (): Promise<void> => {
    const exported = await exportTerminalFolder(ground, { leg, dev: 'T-0001', deviceKey, dir });
    if (!exported.ok) throw new Error(exported.error.kind);
  };
  await getPack();
  const stolen = JSON.parse(
    readFileSync(join(dir, 'keys', 'issuer-wechat.jwk.json'), 'utf8'),
  ) as EcPrivateJwk;
  const till = await openMainTillIn(dir, nowMs);
  const forge = (): Forged => {
    const cti = nodeCrypto.randomBytes(8).toString('hex');
    const holder = newPrivateJwk();
    const claims = {
      ...{ iss: '9C', nbf: std - 6 * 3600, exp: sta + 12 * 3600, iat: Math.floor(nowMs / 1000), cti },
      ...{ wallet: WECHAT, flight, seat: '12C', sequence: 31, tier: 0, gate: 1, holderClass: 2 },
      limits: { currencyNumeric: 156, ...DEFAULT_FLIGHT_LIMITS.hardwareKey },
      ...{ staticCumMinor: 20_000, maskedName: 'WA**/X' },
    };
    return { cti, holder, cred: signCredential(claims, holder, stolen) };
  };
  return {
    ground,
    till,
    leg,
    forge,
    renew: async () => {
      await getPack();
      const again = await till.reopen();
      await startFresh(again);
      return again;
    },
  };
}

async function show(till: MainTill, { cred, holder }: Forged) {
  till.clock.nowMs += 1000;
  const proof = { at: Math.floor(till.clock.nowMs / 1000), nonce: new Uint8Array(nodeCrypto.randomBytes(4)) };
  return await scanCode(till, composeDynamicCode(cred, proof, signerFromJwk(nodeCrypto, holder), crypto));
}

/** Buys as much as one stranger may; answers the amount or why not. */
async function buy(
  till: MainTill,
  forged: Forged,
  item: { sku: string; q: number },
): Promise<number | string> {
  const scanned = await show(till, forged);
  if (!scanned.ok) return scanned.error.problem.kind;
  const { bill } = scanned.value.card;
  const sold = await till.call.confirmSale({ bill, basket: `basket-${forged.cti}`, items: [item] });
  if (!sold.ok) return sold.error.problem.kind;
  const sale = till.events().findLast(({ ty }) => ty === 'SALE');
  return sale?.ty === 'SALE' ? sale.b.tot : 0;
}

describe('a stolen issuer key (threat 12)', () => {
  it('buys for no more than CNY 2,000 on one tablet, nothing after the next pack, and none of it is charged', async () => {
    const { ground, till, leg, forge, renew } = await board();
    const { flight } = await startFresh(till);
    const { unlistedPerPassengerMinor, unlistedPerTerminalMinor } = DEFAULT_FLIGHT_LIMITS;
    const [item] = flight.catalogue.items.toSorted((a, b) => a.priceMinor - b.priceMinor);
    if (item === undefined) throw new Error('nothing to sell');
    const q = Math.min(20, Math.floor(unlistedPerPassengerMinor / item.priceMinor));
    const strangers = Array.from({ length: 100 }, forge);
    const bought: (number | string)[] = [];
    for (const stranger of strangers) bought.push(await buy(till, stranger, { sku: item.sku, q }));
    const amounts = bought.filter((one) => typeof one === 'number');
    const spentMinor = amounts.reduce((sum, amount) => sum + amount, 0);
    expect(spentMinor).toBeLessThanOrEqual(unlistedPerTerminalMinor);
    expect(spentMinor + q * item.priceMinor).toBeGreaterThan(unlistedPerTerminalMinor);
    expect(new Set(bought.slice(amounts.length))).toEqual(new Set(['over-unlisted-cap']));

    expect(await replaceIssuer(ground, '9C', WECHAT, 'test')).toMatchObject({ ok: true });
    const after = await renew();
    for (const stranger of strangers) {
      expect(await show(after, stranger)).toMatchObject({
        ok: false,
        error: { problem: { kind: 'code-unknown-issuer' } },
      });
    }

    await after.call.closeFlight({ acceptUnprinted: true });
    const sealed = await after.call.exportBatch({ volume: 'outbox' });
    if (!sealed.ok) throw new Error(sealed.error.problem.kind);
    const bytes = new Uint8Array(readFileSync(join(after.dir, 'batch', sealed.value.fileName)));
    expect(await receiveBatch(ground, { airline: '9C', bytes, source: 'folder' })).toMatchObject({
      status: 'PARTIAL',
    });
    const bills = after.events().filter(({ ty }) => ty === 'BILL_OPEN').length;
    const aside = await ground.db.selectFrom('set_aside').select('bill').where('leg', '=', leg).execute();
    expect(new Set(aside.map(({ bill }) => bill)).size).toBe(bills);
    expect(await ground.db.selectFrom('wallet_order').select('cti').where('leg', '=', leg).execute()).toEqual(
      [],
    );
  });

  it('cannot charge a passenger who has enrolled: ground knows what it gave them', async () => {
    const scene = await openIngestScene();
    onTestFinished(scene.close);
    const journal = startJournal(scene.scene);
    openFlight(scene.scene, journal);
    const genuine = openBill(scene.scene, journal, personAt(scene.scene, '7C'));
    journal.add('SALE', saleBody(genuine));
    const victim = personAt(scene.scene, '12C');
    const forgeries = [
      { claims: victim.claims, holder: newPrivateJwk() },
      {
        claims: { ...victim.claims, limits: { ...victim.claims.limits, cumMinor: 90_000 } },
        holder: victim.holder,
      },
    ];
    const bills = forgeries.map(({ claims, holder }, i) => {
      if (holder === null) throw new Error('no phone');
      const at = Math.floor(SCENE_MS / 1000) + 100 + i;
      const cred = signCredential(claims, holder, scene.scene.keys.issuerWechat);
      const proof = { at, nonce: new Uint8Array(nodeCrypto.randomBytes(4)) };
      const qr = composeDynamicCode(cred, proof, signerFromJwk(nodeCrypto, holder), crypto);
      const auth = journal.add('CRED_SEEN', { qr, cti: victim.claims.cti, mode: 'dynamic', ts: at });
      const seq = journal.add('BILL_OPEN', billBody(scene.scene, victim, auth));
      const id = `T-0001.1.${seq.toString()}`;
      journal.add('SALE', saleBody({ id, cti: victim.claims.cti, auth }));
      return id;
    });
    closeWith(scene.scene, journal);
    expect(await deliver(scene, await sealBatch(scene.scene, journal))).toMatchObject({
      status: 'PARTIAL',
      why: 'the code is not the one that was issued to this passenger',
    });
    const aside = await scene.ground.db.selectFrom('set_aside').select('bill').execute();
    expect(new Set(aside.map(({ bill }) => bill))).toEqual(new Set(bills));
  });
});

describe('a passenger who is denied while the aircraft turns around (threat 15)', () => {
  it('buys before the next pack and nothing after it', async () => {
    const { ground, till, forge, renew } = await board();
    await startFresh(till);
    const passenger = forge();
    expect((await show(till, passenger)).ok).toBe(true);
    await addDeny(ground, '9C', { cti: passenger.cti, why: 'unpaid', by: 'test' });
    const after = await renew();
    expect(await show(after, passenger)).toMatchObject({
      ok: false,
      error: { problem: { kind: 'code-denied' } },
    });
  });
});
