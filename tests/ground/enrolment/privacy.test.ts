// threats.md 62 and product.md: who somebody is and what their score is stay out of codes, database and log.
import { sql } from 'kysely';
import { afterAll, describe, expect, it } from 'vitest';
import { openAcceptedCredential } from '../../../domain/cabin-code/open-credential.ts';
import { composeStaticCode } from '../../../domain/cabin-code/issue-cabin-code.ts';
import type { Credential } from '../../../domain/cabin-code/cabin-code.ts';
import { decodeBase64url } from '../../../domain/encoding/base64url.ts';
import { seedDemo } from '../../../ground/demo/seed-demo.ts';
import { purgePersonalData } from '../../../ground/enrolment/purge.ts';
import type { EnrolmentBegun } from '../../../ground/web/phone-api.ts';
import { addMemberByOrder } from '../../../ground/members/members.ts';
import { newestPack, refreshPack } from '../../../ground/packs/refresh-pack.ts';
import { begin, comeBack, enrolled, openScene, signIn, signUp, stateOf } from './enrolment-scene.ts';
import { dumpDatabase, dumpWithKeys } from './whole-database.ts';

const scene = await openScene();
const { ground, clock } = scene;
afterAll(scene.stop);

const DAY_MS = 86_400_000;
const ACCOUNT = 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o';

function open(cred: string): Credential {
  const bytes = decodeBase64url(cred);
  const credential = bytes === null ? null : openAcceptedCredential(composeStaticCode(bytes));
  if (credential === null) throw new Error('no credential');
  return credential;
}

describe('somebody’s privacy', () => {
  it('two codes of one person share nothing but wallet, tier and gate', async () => {
    scene.wallet.control.addPerson({ account: ACCOUNT, score: 719 });
    const first = open(enrolled((await signUp(scene, ACCOUNT, { seat: '12C' })).state).cred);
    const merchant = { merchants: [] };
    const next = await seedDemo(ground, { ...merchant, departedMs: clock.nowMs + 20 * 3_600_000 });
    const asked = { seat: '20A', leg: next.leg, name: 'WANG/JIE' };
    const second = open(enrolled((await signUp(scene, ACCOUNT, asked)).state).cred);
    const shared = (Object.keys(first) as (keyof Credential)[]).filter(
      (key) => JSON.stringify(first[key]) === JSON.stringify(second[key]),
    );
    // What every passenger of this airline has in common, and the name's mask.
    const common = [
      'iss',
      'version',
      'limits',
      'staticCumMinor',
      'holderClass',
      'sequence',
      'iat',
      'maskedName',
    ];
    expect(shared.filter((key) => !common.includes(key)).sort()).toEqual(['gate', 'tier', 'wallet']);
    expect(first.cti).not.toBe(second.cti);
    expect(first.holderKey).not.toEqual(second.holderKey);
  });

  it('the wallet’s user id, the name and the token stand nowhere in clear', async () => {
    const { token, state } = await signUp(scene, 'p-720-77', { seat: '14C', name: 'SHAKESPEARE/WILLIAM' });
    const { orderNumber } = enrolled(state);
    const member = { orderNumber, label: 'the playwright', tier: 1, by: 'test' };
    expect((await addMemberByOrder(ground, '9C', member)).ok).toBe(true);
    expect(await refreshPack(ground, scene.demo.leg)).toMatchObject({ ok: true, value: { isNew: true } });
    // The pack has the name, for the crew; at rest it is sealed.
    const pack = await newestPack(ground, scene.demo.leg);
    expect(Buffer.from(pack?.bytes ?? []).toString('utf8')).toContain('SH******');
    const everything = `${await dumpDatabase(ground)}\n${JSON.stringify(scene.logged)}`;
    const secrets = [ACCOUNT, 'p-720-77', 'SHAKESPEARE', 'SH******', 'the playwright', token];
    expect(secrets.filter((secret) => everything.includes(secret))).toEqual([]);
  });

  it('the score is nowhere: not in the database, not in the log, not in an answer', async () => {
    const scores = { '15A': 613, '15B': 549 };
    for (const [seat, score] of Object.entries(scores)) {
      const account = `somebody-in-${seat}`;
      scene.wallet.control.addPerson({ account, score });
      const { state } = await signUp(scene, account, { seat });
      expect(JSON.stringify(state)).not.toContain(score.toString());
    }
    expect(JSON.stringify(scene.logged)).not.toMatch(/\b(613|549)\b|score/i);
    const { rows: columns } = await sql<{ name: string }>`
      select column_name as name from information_schema.columns where table_schema = 'public'`.execute(
      ground.db,
    );
    expect(columns.filter(({ name }) => /score|credit/i.test(name))).toEqual([]);
    const passengers = await ground.db
      .selectFrom('passenger')
      .selectAll()
      .where('seat', 'in', Object.keys(scores))
      .execute();
    const values = passengers.flatMap((row) => Object.values(row) as unknown[]);
    expect(values.filter((value) => value === 613 || value === 549)).toEqual([]);
  });
});

describe('the retention time', () => {
  it('deletes name, account and code ninety days after arrival, once the order is settled', async () => {
    const { token, state } = await signUp(scene, 'p-720-78', { seat: '16A', name: 'MARLOWE/KIT' });
    const { orderNumber } = enrolled(state);
    expect((await refreshPack(ground, scene.demo.leg)).ok).toBe(true);
    const waiting = (await begin(scene, { seat: '16B' })).body as EnrolmentBegun;
    const start = clock.nowMs;
    expect(await dumpWithKeys(ground, '9C')).toMatch(/MA\*+\/K/);
    clock.nowMs = scene.demo.sta * 1000 + 89 * DAY_MS;
    expect((await purgePersonalData(ground)).enrolments).toBe(0);
    clock.nowMs = scene.demo.sta * 1000 + 91 * DAY_MS;
    await purgePersonalData(ground);
    expect((await stateOf(scene, token)).kind).toBe('enrolled');
    await ground.db
      .updateTable('wallet_order')
      .set({ state: 'PAID' })
      .where('order_number', '=', orderNumber)
      .execute();
    expect(await purgePersonalData(ground)).toMatchObject({ enrolments: 1, unfinished: 0 });
    expect(Object.values(await purgePersonalData(ground)).every((count) => count === 0)).toBe(true);
    const row = await ground.db
      .selectFrom('passenger')
      .selectAll()
      .where('order_number', '=', orderNumber)
      .executeTakeFirstOrThrow();
    expect(row).toMatchObject({ name_sealed: null, account_sealed: null, account_hash: null, cred: null });
    expect(await dumpWithKeys(ground, '9C')).not.toMatch(/MA\*+\/K|p-720-78/);
    expect(await stateOf(scene, token)).toMatchObject({ problem: { kind: 'token-refused' } });
    expect(await stateOf(scene, waiting.token)).toMatchObject({ problem: { kind: 'token-refused' } });
    expect(await newestPack(ground, scene.demo.leg)).toBeNull();
    const audit = await ground.db.selectFrom('audit').select('what').execute();
    expect(audit.map(({ what }) => what)).toContain('personal-data-purged');
    clock.nowMs = start;
  });

  it('forgets an enrolment that nobody finished after a day, and its way back is closed after two hours', async () => {
    const begun = (await begin(scene, { seat: '17A' })).body as EnrolmentBegun;
    const address = await signIn(begun.walletAddress, 'p-720-79');
    const start = clock.nowMs;
    clock.nowMs += 3 * 3_600_000;
    await comeBack(scene, address);
    expect(await stateOf(scene, begun.token)).toEqual({ kind: 'waiting-for-wallet' });
    clock.nowMs += 22 * 3_600_000;
    expect((await purgePersonalData(ground)).unfinished).toBeGreaterThan(0);
    expect(await stateOf(scene, begun.token)).toMatchObject({ problem: { kind: 'token-refused' } });
    clock.nowMs = start;
  });
});
