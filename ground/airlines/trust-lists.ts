// The list of keys an airline's terminals and ground may believe (trust.md 3.2), composed from the keys on record.
import { signJsonJws } from '../../domain/crypto/compact-jws.ts';
import { deviceName } from '../../domain/trust/device-certificate.ts';
import { readTrustList, trustListSchema, type TrustList } from '../../domain/trust/trust-list.ts';
import * as v from 'valibot';
import type { IssuerScope, KeyPurpose } from '../database/tables.ts';
import type { EcPublicJwk } from '../../domain/crypto/crypto.ts';
import { inTransaction } from '../database/in-transaction.ts';
import type { Ground } from '../ground.ts';
import { LISTED_AFTER_END_SECONDS } from './key-lives.ts';
import { rootsOf, signerFor } from './keys.ts';

const DAY = 86_400;
const LIST_LIFE_SECONDS = 30 * DAY;
/** A list is renewed long before it ends, since a terminal may not come by for a while. */
const RENEWED_BEFORE_END_SECONDS = 15 * DAY;
/** A certificate lives for a year; a revoked terminal stays named for as long as its batches may still turn up. */
const REVOKED_NAMED_SECONDS = 400 * DAY;

/** A key on record, as far as a trust list is concerned. Times in epoch seconds. */
export type KeyOnRecord = {
  readonly kid: string;
  readonly purpose: KeyPurpose;
  readonly jwk: EcPublicJwk;
  readonly scope: IssuerScope | null;
  readonly nbf: number;
  readonly exp: number;
  readonly isRevoked: boolean;
};

/** The list these keys make. Two lists over the same keys differ only in version and dates. */
export function composeTrustList(
  facts: { readonly airline: string; readonly version: number; readonly nowSeconds: number },
  keys: readonly KeyOnRecord[],
  revokedDevices: readonly string[],
): TrustList {
  const { airline, version, nowSeconds } = facts;
  const listed = keys
    .filter((key) => nowSeconds <= key.exp + LISTED_AFTER_END_SECONDS[key.purpose])
    .sort((a, b) => a.nbf - b.nbf || a.kid.localeCompare(b.kid));
  const live = listed.filter((key) => !key.isRevoked);
  const timed = (purpose: KeyPurpose): TrustList['ops'] =>
    live.filter((key) => key.purpose === purpose).map(({ kid, jwk, nbf, exp }) => ({ kid, jwk, nbf, exp }));
  return {
    v: 1,
    airline,
    version,
    issuedAt: nowSeconds,
    expires: nowSeconds + LIST_LIFE_SECONDS,
    issuers: live.flatMap(({ kid, jwk, nbf, exp, scope }) =>
      scope === null ? [] : [issuer(kid, jwk, nbf, exp, scope)],
    ),
    ops: timed('ops'),
    deviceCa: timed('device-ca'),
    ground: timed('ground'),
    // The newest last: that is the one terminals encrypt to.
    enc: live.filter((key) => key.purpose === 'enc').map(({ kid, jwk }) => ({ kid, jwk })),
    revokedKids: listed.filter((key) => key.isRevoked).map((key) => key.kid),
    revokedDevices: [...revokedDevices].sort(),
  };
}

function issuer(
  kid: string,
  jwk: EcPublicJwk,
  nbf: number,
  exp: number,
  { iss, wallets, carriers, maxCum }: IssuerScope,
): TrustList['issuers'][number] {
  return { kid, suite: 1, jwk, iss, nbf, exp, wallets: [...wallets], carriers: [...carriers], maxCum };
}

export type PublishedTrust = { readonly version: number; readonly jws: string };

/**
 * The airline's newest trust list, after a new version has been signed where the keys or revocations have changed or
 * the last one is getting old. Versions only ever rise.
 */
export async function publishTrustList(ground: Ground, airline: string): Promise<PublishedTrust> {
  return await inTransaction(ground, async (inside) => {
    const row = await inside.db
      .selectFrom('airline')
      .select('trust_version')
      .where('airline', '=', airline)
      .forNoKeyUpdate()
      .executeTakeFirstOrThrow();
    const last = await newestList(inside, airline);
    const nowSeconds = Math.floor(inside.nowMs() / 1000);
    const facts = { airline, version: row.trust_version + 1, nowSeconds };
    const next = composeTrustList(
      facts,
      await keysOnRecord(inside, airline),
      await revokedNames(inside, airline),
    );
    if (last !== null && isStillGood(last.list, next)) return { version: last.version, jws: last.jws };
    const { signer } = await signerFor(inside, airline, 'root');
    const jws = signJsonJws('cp-trust+jws', next, signer, inside.crypto);
    await storeList(inside, next, jws);
    return { version: next.version, jws };
  });
}

/** The newest list as terminals and ground read it, revoked keys left out; the first one is made where there is none. */
export async function trustOf(ground: Ground, airline: string): Promise<TrustList> {
  const last = await newestList(ground, airline);
  const jws = last?.jws ?? (await publishTrustList(ground, airline)).jws;
  const roots = await rootsOf(ground, airline);
  // Its date binds terminals; ground owns the list.
  const read = readTrustList(jws, { roots, airline, nowSeconds: 0, crypto: ground.crypto });
  if (!read.ok) throw new Error(`the stored trust list of ${airline} is bad: ${read.error}`);
  return read.value;
}

function isStillGood(last: TrustList, next: TrustList): boolean {
  const body = (list: TrustList): string =>
    JSON.stringify(v.parse(trustListSchema, { ...list, version: 1, issuedAt: 0, expires: 0 }));
  return body(last) === body(next) && next.issuedAt < last.expires - RENEWED_BEFORE_END_SECONDS;
}

async function newestList(
  { db }: Pick<Ground, 'db'>,
  airline: string,
): Promise<{ readonly version: number; readonly jws: string; readonly list: TrustList } | null> {
  const row = await db
    .selectFrom('trust_list')
    .select(['version', 'jws'])
    .where('airline', '=', airline)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return null;
  const [, payload = ''] = row.jws.split('.');
  // Our own list out of our own database; whoever relies on it verifies it.
  const json: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  return { ...row, list: v.parse(trustListSchema, json) };
}

async function storeList({ db, nowMs }: Ground, list: TrustList, jws: string): Promise<void> {
  const { airline, version } = list;
  await db.insertInto('trust_list').values({ airline, version, jws, issued_at_ms: nowMs() }).execute();
  await db.updateTable('airline').set({ trust_version: version }).where('airline', '=', airline).execute();
}

async function keysOnRecord({ db }: Ground, airline: string): Promise<readonly KeyOnRecord[]> {
  const rows = await db.selectFrom('signing_key').selectAll().where('airline', '=', airline).execute();
  return rows
    .filter((row) => row.purpose !== 'root')
    .map(({ kid, purpose, public_jwk: { kty, crv, x, y }, scope, nbf_s, exp_s, revoked_at_ms }) => ({
      kid,
      purpose,
      // JSON in the database keeps no order of members; signed lists do.
      jwk: { kty, crv, x, y },
      scope,
      nbf: nbf_s,
      exp: exp_s,
      isRevoked: revoked_at_ms !== null,
    }));
}

async function revokedNames({ db, nowMs }: Ground, airline: string): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('device')
    .select(['dev', 'ep'])
    .where('airline', '=', airline)
    .where('revoked_at_ms', 'is not', null)
    .where('exp_s', '>', Math.floor(nowMs() / 1000) - REVOKED_NAMED_SECONDS)
    .execute();
  return rows.map(({ dev, ep }) => deviceName(dev, ep));
}
