// An airline's contract with a wallet: how the wallet names it, where it is reached, and the keys to it, sealed.
import { decodeUtf8, encodeUtf8 } from '../../domain/encoding/utf8.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { findTextFault } from '../../domain/text/clean-text.ts';
import type { Ground } from '../ground.ts';
import { writeAudit } from './audit.ts';

const SEAL_PURPOSE = 'merchant-secrets';

export type Merchant = {
  readonly name: string;
  readonly config: unknown;
  readonly secrets: unknown;
};

/** Keeps a merchant, or changes it. The name must be one a till takes (flight pack, slips). */
export async function saveMerchant(
  ground: Pick<Ground, 'db' | 'seal' | 'nowMs'>,
  merchant: {
    readonly airline: string;
    readonly wallet: number;
    readonly name: string;
    readonly config: Readonly<Record<string, unknown>>;
    readonly secrets: unknown;
    readonly by: string;
  },
): Promise<Result<null, 'merchant-name'>> {
  const { airline, wallet, name, by } = merchant;
  if (findTextFault(name, 40) !== null) return fail('merchant-name');
  const values = {
    name,
    config: JSON.stringify(merchant.config),
    secret_sealed: ground.seal.seal(SEAL_PURPOSE, encodeUtf8(JSON.stringify(merchant.secrets))),
  };
  await ground.db
    .insertInto('merchant')
    .values({ airline, wallet, ...values })
    .onConflict((conflict) => conflict.columns(['airline', 'wallet']).doUpdateSet(values))
    .execute();
  await writeAudit(ground, { who: by, airline, what: 'merchant-saved', detail: { wallet } });
  return ok(null);
}

/** A merchant with its secrets opened; null where the airline has none at this wallet. */
export async function findMerchant(
  ground: Pick<Ground, 'db' | 'seal'>,
  airline: string,
  wallet: number,
): Promise<Merchant | null> {
  const row = await ground.db
    .selectFrom('merchant')
    .select(['name', 'config', 'secret_sealed'])
    .where('airline', '=', airline)
    .where('wallet', '=', wallet)
    .executeTakeFirst();
  if (row === undefined) return null;
  const opened = ground.seal.open(SEAL_PURPOSE, row.secret_sealed);
  const text = opened === null ? null : decodeUtf8(opened);
  if (text === null) throw new Error(`the secrets of merchant ${airline} ${wallet.toString()} do not open`);
  return { name: row.name, config: row.config, secrets: JSON.parse(text) as unknown };
}

/** The wallets an airline takes, with the merchant's name at each. */
export async function merchantNames(
  { db }: Pick<Ground, 'db'>,
  airline: string,
): Promise<ReadonlyMap<number, string>> {
  const rows = await db
    .selectFrom('merchant')
    .select(['wallet', 'name'])
    .where('airline', '=', airline)
    .orderBy('wallet')
    .execute();
  return new Map(rows.map(({ wallet, name }) => [wallet, name]));
}
