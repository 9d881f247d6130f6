import type { Kysely } from 'kysely';
import type { JournalEvent } from '../../../domain/journal/event.ts';
import { readLine } from '../../../domain/journal/line.ts';
import type { Tables } from '../../database/tables.ts';
import type { OrderDetail, OrderEvent, SoldLine } from '../../web/console-rows.ts';
import { LINE_FIELDS, lineRow } from '../lists/batches.ts';
import { followUpRow } from '../lists/follow-ups.ts';
import { orderRow, ordersOf } from '../lists/orders.ts';

type Db = Kysely<Tables>;

/** A passenger buys at most a few dozen times; more would be a mistake, and the page stays quick. */
const EVENTS_SHOWN = 500;

export async function readOrder(db: Db, airline: string, orderNumber: string): Promise<OrderDetail | null> {
  const found = await ordersOf(db, airline)
    .where('wallet_order.order_number', '=', orderNumber)
    .executeTakeFirst();
  if (found === undefined) return null;
  const { cti, leg } = found;
  return {
    order: orderRow(found),
    passenger: await readPassenger(db, airline, cti),
    transitions: await readTransitions(db, orderNumber),
    events: await readEvents(db, airline, { leg, cti }),
    statement: await readStatement(db, airline, orderNumber),
    followUps: (
      await db
        .selectFrom('follow_up')
        .selectAll()
        .where('airline', '=', airline)
        .where('order_number', '=', orderNumber)
        .orderBy('id', 'desc')
        .execute()
    ).map(followUpRow),
  };
}

async function readPassenger(db: Db, airline: string, cti: string): Promise<OrderDetail['passenger']> {
  const row = await db
    .selectFrom('passenger')
    .select(['tier', 'cum_minor', 'per_sale_minor', 'enrolled_at_ms', 'wallet', 'account_hash'])
    .where('airline', '=', airline)
    .where('cti', '=', cti)
    .executeTakeFirst();
  if (row === undefined) return null;
  const denied = await db
    .selectFrom('deny')
    .select('cti')
    .where('airline', '=', airline)
    .where('cti', '=', cti)
    .where('removed_at_ms', 'is', null)
    .executeTakeFirst();
  const member =
    row.account_hash === null
      ? undefined
      : await db
          .selectFrom('member')
          .select('tier')
          .where('airline', '=', airline)
          .where('wallet', '=', row.wallet)
          .where('account_hash', '=', row.account_hash)
          .where('removed_at_ms', 'is', null)
          .executeTakeFirst();
  return {
    tier: row.tier,
    capMinor: row.cum_minor,
    perSaleMinor: row.per_sale_minor,
    enrolledAtMs: row.enrolled_at_ms,
    isDenied: denied !== undefined,
    isMember: member !== undefined,
  };
}

async function readTransitions(db: Db, orderNumber: string): Promise<OrderDetail['transitions']> {
  const rows = await db
    .selectFrom('order_transition')
    .select(['id', 'at_ms', 'from_state', 'to_state', 'cause'])
    .where('order_number', '=', orderNumber)
    .orderBy('id')
    .execute();
  return rows.map(({ id, at_ms, from_state, to_state, cause }) => ({
    id,
    atMs: at_ms,
    from: from_state,
    to: to_state,
    cause,
  }));
}

async function readStatement(
  db: Db,
  airline: string,
  orderNumber: string,
): Promise<OrderDetail['statement']> {
  const rows = await db
    .selectFrom('statement_row')
    .select(['day', 'transaction_id', 'kind', 'amount_minor'])
    .where('airline', '=', airline)
    .where('order_number', '=', orderNumber)
    .orderBy('day')
    .execute();
  return rows.map(({ day, transaction_id, kind, amount_minor }) => ({
    day,
    transactionId: transaction_id,
    kind,
    minor: amount_minor,
  }));
}

async function readEvents(
  db: Db,
  airline: string,
  { leg, cti }: { readonly leg: string; readonly cti: string },
): Promise<readonly OrderEvent[]> {
  const rows = await db
    .selectFrom('event')
    .leftJoin('set_aside', (join) =>
      join
        .onRef('set_aside.airline', '=', 'event.airline')
        .onRef('set_aside.dev', '=', 'event.dev')
        .onRef('set_aside.ep', '=', 'event.ep')
        .onRef('set_aside.seq', '=', 'event.seq'),
    )
    .select([
      ...LINE_FIELDS.map((field) => `event.${field}` as const),
      'event.dev',
      'event.ep',
      'event.line',
      'set_aside.why',
    ])
    .where('event.airline', '=', airline)
    .where('event.leg', '=', leg)
    .where('event.cti', '=', cti)
    .where('event.tot_minor', 'is not', null)
    .where('event.ty', 'in', ['SALE', 'VOID', 'REFUND', 'DISCOUNT'])
    .orderBy('event.dev')
    .orderBy('event.ep')
    .orderBy('event.seq')
    .limit(EVENTS_SHOWN)
    .execute();
  const events = rows.map((row) => ({ row, event: row.line === null ? null : readLine(row.line) }));
  return events.map(({ row, event }) => ({
    ...lineRow(row),
    dev: row.dev,
    ep: row.ep,
    ...contentOf(
      event,
      events.map((other) => other.event),
    ),
    setAsideWhy: row.why,
  }));
}

type Content = Pick<OrderEvent, 'lines' | 'discounts' | 'reason'>;

function contentOf(event: JournalEvent | null, all: readonly (JournalEvent | null)[]): Content {
  if (event?.ty === 'SALE')
    return {
      lines: event.b.lines.map(({ sku, n, q, p }) => ({ sku, name: n, quantity: q, priceMinor: p })),
      discounts: event.b.disc.map(({ n, amt }) => ({ name: n, minor: -amt })),
      reason: null,
    };
  if (event?.ty === 'VOID' || event?.ty === 'REFUND' || event?.ty === 'DISCOUNT')
    return { lines: takenBack(event, all), discounts: [], reason: event.b.reason };
  return { lines: [], discounts: [], reason: null };
}

/** A correction names positions of its sale; the page shows what they were. */
function takenBack(
  event: Extract<JournalEvent, { ty: 'VOID' | 'REFUND' | 'DISCOUNT' }>,
  all: readonly (JournalEvent | null)[],
): readonly SoldLine[] {
  const sale = all.find(
    (other) =>
      other?.ty === 'SALE' && other.dev === event.dev && other.ep === event.ep && other.seq === event.b.ref,
  );
  if (sale?.ty !== 'SALE') return [];
  return event.b.lines.flatMap(({ i, q }) => {
    const line = sale.b.lines[i];
    return line === undefined ? [] : [{ sku: line.sku, name: line.n, quantity: -q, priceMinor: line.p }];
  });
}
