// Friend Membership: an airline's regulars and their tiers. Somebody is known here by a keyed hash of the wallet's user
// id, which the airline never sees: it names a person by an enrolment of theirs.
import { fail, ok, type Result } from '../../domain/result.ts';
import { findTextFault } from '../../domain/text/clean-text.ts';
import { writeAudit } from '../airlines/audit.ts';
import { inTransaction } from '../database/in-transaction.ts';
import { reissueFor } from '../enrolment/reissue.ts';
import type { Ground } from '../ground.ts';
import { readRestingLabel, restLabel } from './label.ts';

export type MemberKey = { readonly airline: string; readonly wallet: number; readonly accountHash: string };

export type MemberProblem =
  | { readonly kind: 'label' }
  | { readonly kind: 'tier' }
  | { readonly kind: 'enrolment-unknown' }
  | { readonly kind: 'member-unknown' };

const MAX_LABEL_CHARS = 40;
const MAX_TIER = 15;

/** The tier of an account with an airline: 0 for everybody who is no member. */
export async function tierOf(
  { db }: Pick<Ground, 'db'>,
  airline: string,
  wallet: number,
  accountHash: string,
): Promise<number> {
  const row = await db
    .selectFrom('member')
    .select('tier')
    .where('airline', '=', airline)
    .where('wallet', '=', wallet)
    .where('account_hash', '=', accountHash)
    .where('removed_at_ms', 'is', null)
    .executeTakeFirst();
  return row?.tier ?? 0;
}

/** The account behind an enrolment, by the order number that stands on the passenger's slips. */
export async function findAccountOfOrder(
  { db }: Pick<Ground, 'db'>,
  airline: string,
  orderNumber: string,
): Promise<MemberKey | null> {
  const row = await db
    .selectFrom('passenger')
    .select(['wallet', 'account_hash'])
    .where('airline', '=', airline)
    .where('order_number', '=', orderNumber)
    .where('status', '=', 'enrolled')
    .executeTakeFirst();
  if (row === undefined || row.account_hash === null) return null;
  return { airline, wallet: row.wallet, accountHash: row.account_hash };
}

/** Makes the passenger behind an order a member; one who is a member already gets the new label and tier. */
export async function addMemberByOrder(
  ground: Ground,
  airline: string,
  member: {
    readonly orderNumber: string;
    readonly label: string;
    readonly tier: number;
    readonly by: string;
  },
): Promise<Result<MemberKey, MemberProblem>> {
  const key = await findAccountOfOrder(ground, airline, member.orderNumber);
  if (key === null) return fail({ kind: 'enrolment-unknown' });
  return await saveMember(ground, key, member);
}

/** Keeps a member by account hash. It counts from their next code and the next pack of flights they have enrolled for. */
export async function saveMember(
  ground: Ground,
  key: MemberKey,
  { label, tier, by }: { readonly label: string; readonly tier: number; readonly by: string },
): Promise<Result<MemberKey, MemberProblem>> {
  if (findTextFault(label, MAX_LABEL_CHARS) !== null) return fail({ kind: 'label' });
  if (!Number.isInteger(tier) || tier < 1 || tier > MAX_TIER) return fail({ kind: 'tier' });
  const { airline, wallet, accountHash } = key;
  return await inTransaction(ground, async (inside) => {
    const values = { ...restLabel(inside.seal, label), tier, removed_at_ms: null };
    await inside.db
      .insertInto('member')
      .values({
        airline,
        wallet,
        account_hash: accountHash,
        added_at_ms: inside.nowMs(),
        added_by: by,
        ...values,
      })
      .onConflict((conflict) => conflict.columns(['airline', 'wallet', 'account_hash']).doUpdateSet(values))
      .execute();
    await reissueFor(inside, key, tier);
    await writeAudit(inside, { who: by, airline, what: 'member-saved', detail: { wallet, tier } });
    return ok(key);
  });
}

/** Another tier for a member, who keeps the label. */
export async function setTier(
  ground: Ground,
  key: MemberKey,
  { tier, by }: { readonly tier: number; readonly by: string },
): Promise<Result<MemberKey, MemberProblem>> {
  return await inTransaction(ground, async (inside) => {
    const member = await inside.db
      .selectFrom('member')
      .select(['label', 'label_sealed'])
      .where('airline', '=', key.airline)
      .where('wallet', '=', key.wallet)
      .where('account_hash', '=', key.accountHash)
      .where('removed_at_ms', 'is', null)
      .forUpdate()
      .executeTakeFirst();
    if (member === undefined) return fail({ kind: 'member-unknown' });
    const label = readRestingLabel(inside.seal, member);
    return await saveMember(inside, key, { label, tier, by });
  });
}

/** Ends a membership; as with a new tier, codes for flights that are still open are issued anew. */
export async function removeMember(
  ground: Ground,
  key: MemberKey,
  by: string,
): Promise<Result<null, MemberProblem>> {
  const { airline, wallet, accountHash } = key;
  return await inTransaction(ground, async (inside) => {
    const { numUpdatedRows } = await inside.db
      .updateTable('member')
      .set({ removed_at_ms: inside.nowMs(), label: null, label_sealed: null })
      .where('airline', '=', airline)
      .where('wallet', '=', wallet)
      .where('account_hash', '=', accountHash)
      .where('removed_at_ms', 'is', null)
      .executeTakeFirstOrThrow();
    if (numUpdatedRows === 0n) return fail({ kind: 'member-unknown' });
    await reissueFor(inside, key, 0);
    await writeAudit(inside, { who: by, airline, what: 'member-removed', detail: { wallet } });
    return ok(null);
  });
}
