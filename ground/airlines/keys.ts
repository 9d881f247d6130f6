// The airlines' keys (trust.md 3.1). Private halves lie sealed in the database and are opened for one use at a time.
import * as nodeCrypto from 'node:crypto';
import * as v from 'valibot';
import type { EcPrivateJwk, EcPublicJwk, Signer } from '../../domain/crypto/crypto.ts';
import { generatePrivateJwk, signerFromJwk } from '../../domain/crypto/node-crypto.ts';
import { issuerKid, jwsKid } from '../../domain/crypto/thumbprint.ts';
import { decodeUtf8, encodeUtf8 } from '../../domain/encoding/utf8.ts';
import { publicJwkSchema } from '../../domain/trust/trust-list.ts';
import type { IssuerScope, KeyPurpose } from '../database/tables.ts';
import type { Ground } from '../ground.ts';
import { KEY_BEFORE_SECONDS, KEY_LIFE_SECONDS, LAST_USE_BEFORE_END_SECONDS } from './key-lives.ts';

const SEAL_PURPOSE = 'signing-key';

const privateJwkSchema = v.object({
  ...publicJwkSchema.entries,
  d: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/)),
});

export type KeyToAdd = {
  readonly purpose: KeyPurpose;
  readonly wallet?: number;
  readonly scope?: IssuerScope;
  /** Null `private`: kept elsewhere (an HSM, a root kept offline, a partner's). */
  readonly jwk: EcPublicJwk;
  readonly private: EcPrivateJwk | null;
  readonly kid?: string;
  /** Epoch seconds; by default from now for as long as a key of this kind lives. */
  readonly nbf?: number;
  readonly exp?: number;
};

type KeyHolder = Pick<Ground, 'db' | 'nowMs' | 'seal' | 'crypto'>;

/** Puts a key on record and answers its id; one that is there already stays as it is. */
export async function addKey(ground: KeyHolder, airline: string, key: KeyToAdd): Promise<string> {
  const nowSeconds = Math.floor(ground.nowMs() / 1000);
  const kid = key.kid ?? kidOf(ground, key);
  const { kty, crv, x, y } = key.jwk;
  await ground.db
    .insertInto('signing_key')
    .values({
      airline,
      kid,
      purpose: key.purpose,
      wallet: key.wallet ?? null,
      scope: key.scope === undefined ? null : JSON.stringify(key.scope),
      public_jwk: JSON.stringify({ kty, crv, x, y }),
      private_sealed: key.private === null ? null : sealKey(ground, key.private),
      nbf_s: key.nbf ?? nowSeconds - KEY_BEFORE_SECONDS,
      exp_s: key.exp ?? nowSeconds + KEY_LIFE_SECONDS[key.purpose],
      revoked_at_ms: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return kid;
}

/** Makes a key of one kind and keeps its private half sealed; answers its id. The trust list is published apart. */
export async function makeKey(
  ground: KeyHolder,
  airline: string,
  purpose: KeyPurpose,
  issuer?: { readonly wallet: number; readonly scope: IssuerScope },
): Promise<string> {
  const jwk = generatePrivateJwk(nodeCrypto);
  return await addKey(ground, airline, { purpose, jwk, private: jwk, ...(issuer ?? {}) });
}

/** All an airline needs: two roots, an issuer for each wallet, and one key of every other kind. */
export async function makeAirlineKeys(
  ground: KeyHolder,
  airline: string,
  { wallets, maxCum }: { readonly wallets: readonly number[]; readonly maxCum: IssuerScope['maxCum'] },
): Promise<void> {
  const single = ['root', 'root', 'ops', 'device-ca', 'ground', 'enc'] as const;
  for (const purpose of single) await makeKey(ground, airline, purpose);
  for (const wallet of wallets) {
    const scope = { iss: airline, wallets: [wallet], carriers: [airline], maxCum };
    await makeKey(ground, airline, 'issuer', { wallet, scope });
  }
}

/** Takes a key out of use for good; it is named as revoked on the next trust list. False: there is no such key. */
export async function revokeKey(
  ground: Pick<Ground, 'db' | 'nowMs'>,
  airline: string,
  kid: string,
): Promise<boolean> {
  const { numUpdatedRows } = await ground.db
    .updateTable('signing_key')
    .set({ revoked_at_ms: ground.nowMs() })
    .where('airline', '=', airline)
    .where('kid', '=', kid)
    .where('revoked_at_ms', 'is', null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/**
 * The airline's newest live key of a kind. Throws where there is none: without it the airline cannot work, and no answer
 * to a passenger or a terminal would mend that.
 */
export async function signerFor(
  ground: KeyHolder,
  airline: string,
  purpose: Exclude<KeyPurpose, 'enc'>,
  wallet?: number,
): Promise<{ readonly kid: string; readonly signer: Signer }> {
  const { kid, jwk } = await privateKeyFor(ground, airline, purpose, wallet);
  return { kid, signer: signerFromJwk(nodeCrypto, jwk) };
}

export async function privateKeyFor(
  ground: KeyHolder,
  airline: string,
  purpose: KeyPurpose,
  wallet?: number,
): Promise<{ readonly kid: string; readonly jwk: EcPrivateJwk }> {
  const nowSeconds = Math.floor(ground.nowMs() / 1000);
  let query = ground.db
    .selectFrom('signing_key')
    .select(['kid', 'private_sealed'])
    .where('airline', '=', airline)
    .where('purpose', '=', purpose)
    .where('private_sealed', 'is not', null)
    .where('revoked_at_ms', 'is', null)
    .where('nbf_s', '<=', nowSeconds)
    .where('exp_s', '>=', nowSeconds + LAST_USE_BEFORE_END_SECONDS[purpose]);
  if (wallet !== undefined) query = query.where('wallet', '=', wallet);
  const row = await query.orderBy('nbf_s', 'desc').orderBy('kid').limit(1).executeTakeFirst();
  const jwk = row?.private_sealed == null ? null : openKey(ground, row.private_sealed);
  if (row === undefined || jwk === null) {
    const which = wallet === undefined ? purpose : `${purpose} ${wallet.toString()}`;
    throw new Error(`airline ${airline} has no usable key '${which}'`);
  }
  return { kid: row.kid, jwk };
}

/** The public roots of an airline, those kept offline included. */
export async function rootsOf(ground: Pick<Ground, 'db'>, airline: string): Promise<readonly EcPublicJwk[]> {
  const rows = await ground.db
    .selectFrom('signing_key')
    .select('public_jwk')
    .where('airline', '=', airline)
    .where('purpose', '=', 'root')
    .where('revoked_at_ms', 'is', null)
    .orderBy('nbf_s')
    .orderBy('kid')
    .execute();
  return rows.map((row) => row.public_jwk);
}

/** Private keys that open batches, by key id; also ended ones, since a batch may come late. */
export async function decryptionKeys(
  ground: Pick<Ground, 'db' | 'seal'>,
  airline: string,
): Promise<ReadonlyMap<string, EcPrivateJwk>> {
  const rows = await ground.db
    .selectFrom('signing_key')
    .select(['kid', 'private_sealed'])
    .where('airline', '=', airline)
    .where('purpose', '=', 'enc')
    .execute();
  const keys = new Map<string, EcPrivateJwk>();
  for (const { kid, private_sealed: sealed } of rows) {
    const jwk = sealed === null ? null : openKey(ground, sealed);
    if (jwk !== null) keys.set(kid, jwk);
  }
  return keys;
}

/** Every private key of an airline that ground holds, oldest first; for demo folders and for moving to another place. */
export async function privateKeysOf(
  ground: Pick<Ground, 'db' | 'seal'>,
  airline: string,
): Promise<
  readonly {
    readonly kid: string;
    readonly purpose: KeyPurpose;
    readonly wallet: number | null;
    readonly jwk: EcPrivateJwk;
  }[]
> {
  const rows = await ground.db
    .selectFrom('signing_key')
    .select(['kid', 'purpose', 'wallet', 'private_sealed'])
    .where('airline', '=', airline)
    .orderBy('nbf_s')
    .orderBy('kid')
    .execute();
  return rows.flatMap(({ kid, purpose, wallet, private_sealed: sealed }) => {
    const jwk = sealed === null ? null : openKey(ground, sealed);
    return jwk === null ? [] : [{ kid, purpose, wallet, jwk }];
  });
}

function kidOf({ crypto, nowMs }: KeyHolder, { purpose, jwk }: KeyToAdd): string {
  if (purpose === 'issuer') return issuerKid(jwk, crypto);
  if (purpose !== 'enc') return jwsKid(jwk, crypto);
  const now = new Date(nowMs());
  const quarter = Math.floor(now.getUTCMonth() / 3) + 1;
  // `enc-2026q4-Zx81…`: the quarter for people, the thumbprint so that two keys of one quarter differ.
  return `enc-${now.getUTCFullYear().toString()}q${quarter.toString()}-${jwsKid(jwk, crypto)}`;
}

function sealKey({ seal }: Pick<Ground, 'seal'>, jwk: EcPrivateJwk): Uint8Array {
  return seal.seal(SEAL_PURPOSE, encodeUtf8(JSON.stringify(jwk)));
}

function openKey({ seal }: Pick<Ground, 'seal'>, sealed: Uint8Array): EcPrivateJwk | null {
  const opened = seal.open(SEAL_PURPOSE, sealed);
  const text = opened === null ? null : decodeUtf8(opened);
  if (text === null) return null;
  const parsed = v.safeParse(privateJwkSchema, JSON.parse(text));
  return parsed.success ? parsed.output : null;
}
