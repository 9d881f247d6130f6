// An issuer's key has been stolen (threats.md 12): it goes, and everybody whose code it signed gets another one.
import { writeAudit } from '../airlines/audit.ts';
import { refreshComingPacks } from '../airlines/devices.ts';
import { makeKey, revokeKey } from '../airlines/keys.ts';
import { publishTrustList } from '../airlines/trust-lists.ts';
import { inTransaction } from '../database/in-transaction.ts';
import type { Ground } from '../ground.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { issueFor } from './issue.ts';

export type ReplacedIssuer = { readonly trustVersion: number; readonly reissued: number };

/**
 * Revokes the issuer keys of a wallet, makes a new one, signs the codes of all flights that have not arrived anew, and
 * asks for packs with the new trust list. Phones fetch their new code when they next ask.
 */
export async function replaceIssuer(
  ground: Ground,
  airline: string,
  wallet: number,
  by: string,
): Promise<Result<ReplacedIssuer, 'no-issuer'>> {
  return await inTransaction(ground, async (inside) => {
    const keys = await inside.db
      .selectFrom('signing_key')
      .select(['kid', 'scope'])
      .where('airline', '=', airline)
      .where('purpose', '=', 'issuer')
      .where('wallet', '=', wallet)
      .where('revoked_at_ms', 'is', null)
      .execute();
    const scope = keys[0]?.scope ?? null;
    if (scope === null) return fail('no-issuer');
    for (const { kid } of keys) await revokeKey(inside, airline, kid);
    await makeKey(inside, airline, 'issuer', { wallet, scope });
    const { version: trustVersion } = await publishTrustList(inside, airline);
    const reissued = await reissueAll(inside, airline, wallet);
    await refreshComingPacks(inside, airline);
    const detail = { wallet, revoked: keys.map(({ kid }) => kid), reissued };
    await writeAudit(inside, { who: by, airline, what: 'issuer-replaced', detail });
    return ok({ trustVersion, reissued });
  });
}

async function reissueAll(ground: Ground, airline: string, wallet: number): Promise<number> {
  const { db, nowMs } = ground;
  const flights = await db
    .selectFrom('flight')
    .selectAll()
    .where('airline', '=', airline)
    .where('status', '=', 'planned')
    .where('sta_s', '>', Math.floor(nowMs() / 1000))
    .execute();
  let reissued = 0;
  for (const flight of flights) {
    const passengers = await db
      .selectFrom('passenger')
      .selectAll()
      .where('leg', '=', flight.leg)
      .where('wallet', '=', wallet)
      .where('status', '=', 'enrolled')
      .execute();
    for (const passenger of passengers) {
      const cred = await issueFor(ground, passenger, flight, passenger.tier);
      await db.updateTable('passenger').set({ cred }).where('cti', '=', passenger.cti).execute();
    }
    reissued += passengers.length;
  }
  return reissued;
}
