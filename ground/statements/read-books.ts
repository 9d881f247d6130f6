// What our own books say about the rows of a statement and about its day.
import { WALLET_OFFSET_MINUTES } from '../../domain/instant.ts';
import type { Ground } from '../ground.ts';
import type { StatementRow } from '../wallets/wallet.ts';
import type { OurBooks, OurCharge, OurRefund } from './match-statement.ts';

export type StatementDay = { readonly airline: string; readonly wallet: number; readonly day: string };

const DAY_MS = 86_400_000;
const NAMES_AT_ONCE = 1000;

export async function readBooks(
  ground: Ground,
  name: StatementDay,
  rows: readonly StatementRow[],
): Promise<OurBooks> {
  const numbers = rows.flatMap(({ orderNumber }) => orderNumber ?? []);
  const refundIds = rows.flatMap(({ kind, transactionId }) => (kind === 'refund' ? [transactionId] : []));
  return {
    charges: await readCharges(ground, name, [...new Set(numbers)]),
    refunds: await readRefunds(ground, name, refundIds),
    missing: [...(await missingCharges(ground, name)), ...(await missingRefunds(ground, name))],
  };
}

/** The wallet's day in UTC. */
function boundsOf(day: string): readonly [fromMs: number, untilMs: number] {
  const fromMs = Date.parse(`${day}T00:00:00Z`) - WALLET_OFFSET_MINUTES * 60_000;
  return [fromMs, fromMs + DAY_MS];
}

async function readCharges(
  { db }: Ground,
  { airline, wallet }: StatementDay,
  numbers: readonly string[],
): Promise<ReadonlyMap<string, OurCharge>> {
  const found = new Map<string, OurCharge>();
  for (let at = 0; at < numbers.length; at += NAMES_AT_ONCE) {
    const rows = await db
      .selectFrom('wallet_order')
      .select(['order_number', 'transaction_id', 'paid_minor'])
      .where('airline', '=', airline)
      .where('wallet', '=', wallet)
      .where('order_number', 'in', numbers.slice(at, at + NAMES_AT_ONCE))
      .execute();
    for (const { order_number, transaction_id, paid_minor } of rows) {
      found.set(order_number, {
        orderNumber: order_number,
        transactionId: transaction_id,
        paidMinor: paid_minor,
      });
    }
  }
  return found;
}

async function readRefunds(
  { db }: Ground,
  { airline }: StatementDay,
  ids: readonly string[],
): Promise<ReadonlyMap<string, OurRefund>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('refund')
    .select(['order_number', 'refund_id', 'amount_minor'])
    .where('airline', '=', airline)
    .where('refund_id', 'in', ids)
    .execute();
  return new Map(
    rows.flatMap(({ order_number: orderNumber, refund_id: refundId, amount_minor: amountMinor }) =>
      refundId === null ? [] : [[refundId, { orderNumber, refundId, amountMinor }]],
    ),
  );
}

/** By the day we learned of it; a payment shortly before midnight may stand in the statement of the day before. */
async function missingCharges(
  { db }: Ground,
  { airline, wallet, day }: StatementDay,
): Promise<OurBooks['missing']> {
  const [fromMs, untilMs] = boundsOf(day);
  const rows = await db
    .selectFrom('wallet_order')
    .select(['order_number', 'transaction_id', 'paid_minor'])
    .where('airline', '=', airline)
    .where('wallet', '=', wallet)
    .where('paid_minor', '>', 0)
    .where('transaction_id', 'is not', null)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('order_transition')
          .select('id')
          .whereRef('order_transition.order_number', '=', 'wallet_order.order_number')
          .where('at_ms', '>=', fromMs)
          .where('at_ms', '<', untilMs)
          .where((paid) => paid(paid.ref('detail', '->>').key('paidMinor'), 'is not', null)),
      ),
    )
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('statement_row')
            .select('transaction_id')
            .whereRef('statement_row.transaction_id', '=', 'wallet_order.transaction_id')
            .where('statement_row.airline', '=', airline)
            .where('statement_row.wallet', '=', wallet)
            .where('kind', '=', 'charge'),
        ),
      ),
    )
    .orderBy('order_number')
    .execute();
  return rows.flatMap(({ order_number: orderNumber, transaction_id: transactionId, paid_minor: minor }) =>
    transactionId === null || minor === null ? [] : [{ orderNumber, transactionId, minor }],
  );
}

async function missingRefunds(
  { db }: Ground,
  { airline, wallet, day }: StatementDay,
): Promise<OurBooks['missing']> {
  const [fromMs, untilMs] = boundsOf(day);
  const rows = await db
    .selectFrom('refund')
    .innerJoin('wallet_order', 'wallet_order.order_number', 'refund.order_number')
    .select(['refund.order_number', 'refund.refund_id', 'refund.amount_minor'])
    .where('refund.airline', '=', airline)
    .where('wallet_order.wallet', '=', wallet)
    .where('refund.state', '=', 'done')
    .where('refund.done_at_ms', '>=', fromMs)
    .where('refund.done_at_ms', '<', untilMs)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('statement_row')
            .select('transaction_id')
            .whereRef('statement_row.transaction_id', '=', 'refund.refund_id')
            .where('statement_row.airline', '=', airline)
            .where('statement_row.wallet', '=', wallet)
            .where('kind', '=', 'refund'),
        ),
      ),
    )
    .orderBy('refund.order_number')
    .execute();
  return rows.flatMap(({ order_number: orderNumber, refund_id: transactionId, amount_minor: minor }) =>
    transactionId === null ? [] : [{ orderNumber, transactionId, minor }],
  );
}
