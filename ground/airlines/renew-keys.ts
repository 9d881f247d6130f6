// New keys in time: an airline never comes to the day on which its newest key has stopped signing.
import type { IssuerScope, KeyPurpose } from '../database/tables.ts';
import { inTransaction } from '../database/in-transaction.ts';
import type { Ground } from '../ground.ts';
import { writeAudit } from './audit.ts';
import { refreshComingPacks } from './devices.ts';
import { LAST_USE_BEFORE_END_SECONDS } from './key-lives.ts';
import { makeKey } from './keys.ts';
import { publishTrustList } from './trust-lists.ts';

/** Terminals learn of a new key with their next pack; a week is long enough for all to have come by. */
const MADE_BEFORE_LAST_USE_SECONDS = 7 * 86_400;

type NewestKey = {
  readonly purpose: KeyPurpose;
  readonly wallet: number | null;
  readonly scope: IssuerScope | null;
  readonly exp: number;
};

/** Makes the keys that are due and a trust list with them; answers how many. Roots are a ceremony, not a job. */
export async function renewKeys(ground: Ground, airline: string): Promise<number> {
  return await inTransaction(ground, async (inside) => {
    await inside.db
      .selectFrom('airline')
      .select('airline')
      .where('airline', '=', airline)
      .forNoKeyUpdate()
      .execute();
    const nowSeconds = Math.floor(inside.nowMs() / 1000);
    const due = (await newestKeys(inside, airline)).filter(
      ({ purpose, exp }) =>
        exp - LAST_USE_BEFORE_END_SECONDS[purpose] - MADE_BEFORE_LAST_USE_SECONDS < nowSeconds,
    );
    for (const { purpose, wallet, scope } of due) {
      const issuer = wallet === null || scope === null ? undefined : { wallet, scope };
      const kid = await makeKey(inside, airline, purpose, issuer);
      await writeAudit(inside, { who: 'worker', airline, what: 'key-made', detail: { purpose, kid } });
    }
    if (due.length > 0) {
      await publishTrustList(inside, airline);
      await refreshComingPacks(inside, airline);
    }
    return due.length;
  });
}

/** Of each kind, and of each wallet's issuers, the key of ours that lives longest. */
async function newestKeys({ db }: Ground, airline: string): Promise<readonly NewestKey[]> {
  const rows = await db
    .selectFrom('signing_key')
    .distinctOn(['purpose', 'wallet'])
    .select(['purpose', 'wallet', 'scope', 'exp_s'])
    .where('airline', '=', airline)
    .where('purpose', '!=', 'root')
    .where('private_sealed', 'is not', null)
    .where('revoked_at_ms', 'is', null)
    .orderBy('purpose')
    .orderBy('wallet')
    .orderBy('exp_s', 'desc')
    .execute();
  return rows.map(({ exp_s: exp, ...row }) => ({ ...row, exp }));
}
