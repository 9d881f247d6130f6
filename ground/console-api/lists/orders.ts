import { sql, type Kysely, type SelectQueryBuilder } from 'kysely';
import type { OrderState, Tables } from '../../database/tables.ts';
import type { OrderRow } from '../../web/console-rows.ts';
import { amountColumn, column, timeColumn, walletName } from '../csv-columns.ts';
import { before, beginning, type ListSource } from '../list-source.ts';

const FIELDS = [
  'wallet_order.order_number',
  'wallet_order.leg',
  'wallet_order.cti',
  'wallet_order.wallet',
  'wallet_order.state',
  'wallet_order.state_since_ms',
  'wallet_order.total_minor',
  'wallet_order.paid_minor',
  'wallet_order.transaction_id',
  'wallet_order.code',
  'wallet_order.created_at_ms',
  'passenger.seat',
] as const;

export function ordersOf(db: Kysely<Tables>, airline: string) {
  return db
    .selectFrom('wallet_order')
    .leftJoin('passenger', 'passenger.cti', 'wallet_order.cti')
    .select(FIELDS)
    .where('wallet_order.airline', '=', airline);
}

export function orderRow(row: {
  readonly order_number: string;
  readonly leg: string;
  readonly cti: string;
  readonly wallet: number;
  readonly state: OrderState;
  readonly state_since_ms: number;
  readonly total_minor: number | null;
  readonly paid_minor: number | null;
  readonly transaction_id: string | null;
  readonly code: string | null;
  readonly created_at_ms: number;
  readonly seat: string | null;
}): OrderRow {
  const { leg, cti, wallet, state, code } = row;
  return {
    orderNumber: row.order_number,
    leg,
    seat: row.seat ?? '',
    cti,
    wallet,
    state,
    stateSinceMs: row.state_since_ms,
    totalMinor: row.total_minor,
    paidMinor: row.paid_minor,
    transactionId: row.transaction_id,
    code,
    createdAtMs: row.created_at_ms,
  };
}

export const ordersList: ListSource<'orders'> = {
  keyTypes: ['number', 'string'],
  keyOf: ({ createdAtMs, orderNumber }) => [createdAtMs, orderNumber],
  read: async ({ db, airline, ask, after, limit }) => {
    let query = ordersOf(db, airline)
      .where(before(['wallet_order.created_at_ms', 'wallet_order.order_number'], after))
      .orderBy('wallet_order.created_at_ms', 'desc')
      .orderBy('wallet_order.order_number', 'desc')
      .limit(limit);
    if (ask.state !== undefined) query = query.where('wallet_order.state', '=', ask.state);
    if (ask.leg !== undefined) query = query.where('wallet_order.leg', '=', ask.leg);
    if (ask.find !== undefined) query = find(query, airline, ask.find);
    return (await query.execute()).map(orderRow);
  },
  columns: [
    column('order', ({ orderNumber }) => orderNumber),
    column('flight', ({ leg }) => leg),
    column('seat', ({ seat }) => seat),
    column('code', ({ cti }) => cti),
    column('wallet', ({ wallet }, { words }) => walletName(wallet, words)),
    column('state', ({ state }, { words }) => words.orderState[state].name),
    timeColumn('since', ({ stateSinceMs }) => stateSinceMs),
    amountColumn('charged', ({ totalMinor }) => totalMinor),
    amountColumn('paid', ({ paidMinor }) => paidMinor),
    column('transaction', ({ transactionId }) => transactionId),
    column('walletCode', ({ code }) => code),
    timeColumn('created', ({ createdAtMs }) => createdAtMs),
  ],
};

/** What a search text looks like decides which index answers it. */
function find<DB, TB extends keyof DB, O>(
  query: SelectQueryBuilder<DB, TB, O>,
  airline: string,
  text: string,
): SelectQueryBuilder<DB, TB, O> {
  const word = text.trim();
  if (/^\d{1,3}[A-Za-z]$/.test(word))
    return query.where(
      sql<boolean>`wallet_order.cti in (select cti from passenger where passenger.airline = ${airline} and passenger.seat = ${word.toUpperCase()})`,
    );
  if (/^[0-9a-f]{16}$/.test(word)) return query.where(sql<boolean>`wallet_order.cti = ${word}`);
  if (/^CP/i.test(word))
    return query.where(
      sql<boolean>`wallet_order.order_number like ${beginning(orderNumberOf(word, airline))}`,
    );
  return query.where(sql<boolean>`wallet_order.transaction_id = ${word}`);
}

/** However it was typed: `CP` and the carrier are capitals, the base32 behind the date is not. */
function orderNumberOf(word: string, airline: string): string {
  const capitals = 2 + airline.length;
  return word.slice(0, capitals).toUpperCase() + word.slice(capitals).toLowerCase();
}
