// A contract with a wallet, new or changed after the airline's first day.
import { fail, ok, type Result } from '../../domain/result.ts';
import { inTransaction } from '../database/in-transaction.ts';
import type { Ground } from '../ground.ts';
import { walletFactories } from '../wallets/registry.ts';
import { DEFAULT_MAX_CUM } from './airline-file.ts';
import { refreshComingPacks } from './devices.ts';
import { makeKey } from './keys.ts';
import { saveMerchant } from './merchants.ts';
import { publishTrustList } from './trust-lists.ts';

export type MerchantChange = {
  readonly wallet: number;
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly secrets: unknown;
  /** For a wallet's first issuer key; without it the limits of the airline's other issuers. */
  readonly maxCum?: Readonly<Record<string, number>> | undefined;
};

export type MerchantFault =
  | { readonly kind: 'wallet-unknown' }
  /** What the wallet's adapter would not start with. */
  | { readonly kind: 'settings'; readonly why: string }
  | { readonly kind: 'name' };

export type SavedMerchant = {
  readonly wallet: number;
  /** A wallet's first merchant brings an issuer key; null where there was one. */
  readonly issuer: string | null;
  readonly trustVersion: number;
};

/** Keeps a merchant its adapter can work with. Packs of coming flights follow, since they name every merchant. */
export async function changeMerchant(
  ground: Ground,
  airline: string,
  { maxCum, ...merchant }: MerchantChange,
  by: string,
): Promise<Result<SavedMerchant, MerchantFault>> {
  const { wallet, config, secrets } = merchant;
  const factory = walletFactories.find((candidate) => candidate.wallet === wallet);
  if (factory === undefined) return fail({ kind: 'wallet-unknown' });
  const { nowMs, publicAddress: noticeAddress } = ground;
  const adapter = factory.create({ config, secrets, nowMs, noticeAddress });
  if (!adapter.ok) return fail({ kind: 'settings', why: adapter.error });
  return await inTransaction(ground, async (inside) => {
    const saved = await saveMerchant(inside, { ...merchant, airline, by });
    if (!saved.ok) return fail({ kind: 'name' });
    const issuer = await keepIssuer(inside, airline, wallet, maxCum);
    const { version: trustVersion } = await publishTrustList(inside, airline);
    await refreshComingPacks(inside, airline);
    return ok({ wallet, issuer, trustVersion });
  });
}

async function keepIssuer(
  ground: Ground,
  airline: string,
  wallet: number,
  maxCum: MerchantChange['maxCum'],
): Promise<string | null> {
  const own = await ground.db
    .selectFrom('signing_key')
    .select(['wallet', 'scope', 'revoked_at_ms'])
    .where('airline', '=', airline)
    .where('purpose', '=', 'issuer')
    .where('wallet', 'is not', null)
    .orderBy('nbf_s', 'desc')
    .execute();
  if (own.some((key) => key.wallet === wallet && key.revoked_at_ms === null)) return null;
  const others = own.find(({ scope }) => scope !== null)?.scope?.maxCum;
  const scope = {
    iss: airline,
    wallets: [wallet],
    carriers: [airline],
    maxCum: maxCum ?? others ?? DEFAULT_MAX_CUM,
  };
  return await makeKey(ground, airline, 'issuer', { wallet, scope });
}
