// The bills of a batch and what has become of each.
import { sql, type Kysely } from 'kysely';
import type { BillOutcome } from '../../domain/settlement/result-file.ts';
import type { Tables } from '../database/tables.ts';
import type { Ground } from '../ground.ts';
import { billOutcome, type BillFacts } from './bill-outcome.ts';
import type { JournalName } from './journal-rows.ts';

// What a result file can carry; text that came in a line of unknown shape is no bill.
const BILL_ID = /^[A-Z0-9-]{2,20}\.\d{1,6}\.\d{1,12}$/;
const MOST_BILLS = 5000;

/** Every bill the batch has lines of, with all ground holds of that bill. */
export async function billsOfBatch(
  { db }: Pick<Ground, 'db'>,
  { airline, batchId, dev, ep }: JournalName & { readonly batchId: string },
): Promise<BillOutcome[]> {
  const range = await db
    .selectFrom('batch')
    .select(['from_seq', 'to_seq'])
    .where('airline', '=', airline)
    .where('batch_id', '=', batchId)
    .where('dev', '=', dev)
    .where('ep', '=', ep)
    .where('status', 'in', ['ACCEPTED', 'PARTIAL'])
    .executeTakeFirst();
  if (range?.from_seq == null || range.to_seq === null) return [];
  const rows = await db
    .with('named', (with_) =>
      with_
        .selectFrom('event')
        .select('bill')
        .distinct()
        .where('airline', '=', airline)
        .where('dev', '=', dev)
        .where('ep', '=', ep)
        .where('seq', '>=', range.from_seq)
        .where('seq', '<=', range.to_seq)
        .where('is_practice', '=', false)
        .where('bill', 'is not', null),
    )
    .selectFrom('event')
    .innerJoin('named', 'named.bill', 'event.bill')
    .leftJoin('wallet_order', (join) =>
      join.onRef('wallet_order.cti', '=', 'event.cti').onRef('wallet_order.leg', '=', 'event.leg'),
    )
    // Single lines that wait for a person, or were dropped, while the rest of their bill is charged.
    .leftJoin('set_aside as line', (join) =>
      join
        .onRef('line.airline', '=', 'event.airline')
        .onRef('line.dev', '=', 'event.dev')
        .onRef('line.ep', '=', 'event.ep')
        .onRef('line.seq', '=', 'event.seq')
        .on('line.scope', '=', 'line')
        .on('line.decision', 'is distinct from', 'accepted'),
    )
    .select([
      'event.bill',
      sql<number>`coalesce(sum(event.tot_minor) filter (where event.tender = 'wallet' and line.seq is null), 0)`.as(
        'amount',
      ),
      sql<number>`min(event.seq)`.as('first'),
      'wallet_order.state',
      'wallet_order.transaction_id',
      'wallet_order.code',
    ])
    .where('event.airline', '=', airline)
    .where('event.dev', '=', dev)
    .where('event.ep', '=', ep)
    .where('event.is_practice', '=', false)
    .where('event.cti', 'is not', null)
    .groupBy(['event.bill', 'wallet_order.state', 'wallet_order.transaction_id', 'wallet_order.code'])
    .orderBy('first')
    .limit(MOST_BILLS)
    .execute();
  const setAside = await decisionsOf(db, { airline, dev, ep });
  const named = new Set<string>();
  return rows.flatMap(({ bill, amount, state, transaction_id: transactionId, code }) => {
    // Lines for two passengers on one bill: it was set aside for that, and is named once.
    if (bill === null || !BILL_ID.test(bill) || named.has(bill)) return [];
    named.add(bill);
    const order = state === null ? null : { state, transactionId, code };
    return [billOutcome({ bill, amountMinor: amount, setAside: setAside.get(bill) ?? 'no', order })];
  });
}

type Decision = BillFacts['setAside'];

/** Bills of a terminal that were set aside; one line nobody has decided about keeps the whole bill waiting. */
async function decisionsOf(
  db: Kysely<Tables>,
  { airline, dev, ep }: JournalName,
): Promise<ReadonlyMap<string, Decision>> {
  const rows = await db
    .selectFrom('set_aside')
    .select(['bill', 'decision'])
    .where('airline', '=', airline)
    .where('dev', '=', dev)
    .where('ep', '=', ep)
    .where('bill', 'is not', null)
    .where('scope', '=', 'bill')
    .execute();
  const decisions = new Map<string, Decision>();
  const weight: Readonly<Record<Decision, number>> = { no: 0, accepted: 1, dropped: 2, undecided: 3 };
  for (const { bill, decision } of rows) {
    if (bill === null) continue;
    const next = decision ?? 'undecided';
    if (weight[next] > weight[decisions.get(bill) ?? 'no']) decisions.set(bill, next);
  }
  return decisions;
}
