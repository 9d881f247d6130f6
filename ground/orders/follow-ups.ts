// What a person has to look at.
import type { FollowUpKind } from '../database/tables.ts';
import type { Ground } from '../ground.ts';

export type FollowUpSubject = {
  readonly airline: string;
  readonly kind: FollowUpKind;
  readonly leg?: string | null;
  readonly orderNumber?: string | null;
  readonly bill?: string | null;
  readonly dev?: string | null;
};

/** Once per subject: while one is open, the next of its kind only brings its reason up to date. */
export async function addFollowUp(
  { db, nowMs }: Pick<Ground, 'db' | 'nowMs'>,
  { airline, kind, leg = null, orderNumber = null, bill = null, dev = null }: FollowUpSubject,
  why: string,
): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable('follow_up')
    .set({ why })
    .where('airline', '=', airline)
    .where('kind', '=', kind)
    .where('leg', 'is not distinct from', leg)
    .where('order_number', 'is not distinct from', orderNumber)
    .where('bill', 'is not distinct from', bill)
    .where('dev', 'is not distinct from', dev)
    .where('resolved_at_ms', 'is', null)
    .executeTakeFirstOrThrow();
  if (numUpdatedRows > 0n) return;
  await db
    .insertInto('follow_up')
    .values({
      airline,
      kind,
      leg,
      order_number: orderNumber,
      bill,
      dev,
      why,
      created_at_ms: nowMs(),
      resolved_at_ms: null,
      resolved_by: null,
      resolution: null,
    })
    .execute();
}

/** What has settled itself needs nobody. */
export async function resolveOfOrder(
  { db, nowMs }: Pick<Ground, 'db' | 'nowMs'>,
  orderNumber: string,
  kinds: readonly FollowUpKind[],
  { by, resolution }: { readonly by: string; readonly resolution: string },
): Promise<void> {
  await db
    .updateTable('follow_up')
    .set({ resolved_at_ms: nowMs(), resolved_by: by, resolution })
    .where('order_number', '=', orderNumber)
    .where('kind', 'in', kinds)
    .where('resolved_at_ms', 'is', null)
    .execute();
}
