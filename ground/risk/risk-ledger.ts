// The risk ledger (risk.md 4.4): per leg what was authorised, charged, over the limit, unpaid and disputed; by the way
// passengers were known, by the key in their phone, by the allow-list; and who sells without a phone more than others.
import { sql, type Kysely } from 'kysely';
import type { Tables } from '../database/tables.ts';
import type { Ground } from '../ground.ts';
import { monthOfLine } from '../ingest/event-row.ts';
import { crewShares, type CrewShare } from './crew-shares.ts';
import { saleFacts, type SaleMode } from './sale-facts.ts';

/** Amounts in minor units. */
export type RiskSums = {
  readonly orders: number;
  /** What terminals sold on the wallet, less what they took back. */
  readonly authorisedMinor: number;
  readonly chargedMinor: number;
  /** Above the passenger's limit and paid all the same. */
  readonly overLimitCollectedMinor: number;
  /** Sold, but above what the wallet was or can be asked for: over its cap, or too late. */
  readonly overLimitUncollectedMinor: number;
  /** Asked for and not paid, written off included. */
  readonly unpaidMinor: number;
  /** Refunded by a person. */
  readonly refundedMinor: number;
};

export type LegRisk = RiskSums & {
  readonly leg: string;
  readonly stdMs: number;
  /** Wallet sales set aside and not accepted. */
  readonly disputedMinor: number;
};

export type RiskLedger = {
  readonly legs: readonly LegRisk[];
  readonly byMode: Readonly<Record<SaleMode, { readonly sales: number; readonly minor: number }>>;
  readonly byHolderClass: readonly (RiskSums & { readonly holderClass: number })[];
  readonly byListed: readonly (RiskSums & { readonly isListed: boolean })[];
  readonly crew: readonly CrewShare[];
};

/** `from` and `to` bound the departure, epoch ms; `to` is not included. */
export type RiskRange = { readonly airline: string; readonly from: number; readonly to: number };

export async function riskLedger({ db }: Pick<Ground, 'db'>, range: RiskRange): Promise<RiskLedger> {
  const legs = await readLegs(db, range);
  const sales = await readSales(
    db,
    range.airline,
    legs.map(({ leg }) => leg),
  );
  return {
    legs,
    byMode: sumModes(sales),
    byHolderClass: await sumsBy(db, range, sql<number>`passenger.holder_class`, (key, sums) => ({
      ...sums,
      holderClass: key,
    })),
    byListed: await sumsBy(db, range, IS_LISTED, (key, sums) => ({ ...sums, isListed: key })),
    crew: crewShares(sales),
  };
}

type Sale = { readonly crew: string; readonly minor: number; readonly mode: SaleMode };

/** Enrolled before the pack was made that was the newest at departure. */
const IS_LISTED = sql<boolean>`coalesce(passenger.enrolled_at_ms <= (
  select max(issued_at_ms) from flight_pack
  where flight_pack.leg = flight.leg and issued_at_ms <= flight.std_s * 1000), false)`;

const whole = (text: string) => sql<number>`coalesce(${sql.raw(text)}, 0)::bigint`;

/** `paid` and `owed` of an order; what it is asked for is never more than it came to. */
const SUMS = {
  orders: sql<number>`count(*)`,
  authorisedMinor: whole('sum(net_minor)'),
  chargedMinor: whole('sum(paid_minor)'),
  overLimitCollectedMinor: whole('sum(greatest(coalesce(paid_minor, 0) - cum_minor, 0))'),
  overLimitUncollectedMinor: whole(
    `sum(greatest(net_minor - coalesce(total_minor, 0), 0)) filter (where total_minor is not null or state = 'LATE_EXCESS')`,
  ),
  unpaidMinor: whole(
    `sum(total_minor) filter (where paid_minor is null and state in ('UNPAID_RETRY', 'WRITTEN_OFF'))`,
  ),
  refundedMinor: whole(
    `sum((select sum(amount_minor) from refund where refund.order_number = wallet_order.order_number and refund.state = 'done'))`,
  ),
} as const;

function ordersIn(db: Kysely<Tables>, { airline, from, to }: RiskRange) {
  return db
    .selectFrom('wallet_order')
    .innerJoin('passenger', 'passenger.cti', 'wallet_order.cti')
    .innerJoin('flight', 'flight.leg', 'wallet_order.leg')
    .where('flight.airline', '=', airline)
    .where('flight.std_s', '>=', Math.floor(from / 1000))
    .where('flight.std_s', '<', Math.floor(to / 1000));
}

async function sumsBy<Key, Row>(
  db: Kysely<Tables>,
  range: RiskRange,
  key: ReturnType<typeof sql<Key>>,
  shape: (key: Key, sums: RiskSums) => Row,
): Promise<readonly Row[]> {
  const rows = await ordersIn(db, range)
    .select([key.as('key'), ...columns()])
    .groupBy(sql`1`)
    .orderBy(sql`1`)
    .execute();
  return rows.map(({ key: value, ...sums }) => shape(value as Key, sums));
}

function columns() {
  return [
    SUMS.orders.as('orders'),
    SUMS.authorisedMinor.as('authorisedMinor'),
    SUMS.chargedMinor.as('chargedMinor'),
    SUMS.overLimitCollectedMinor.as('overLimitCollectedMinor'),
    SUMS.overLimitUncollectedMinor.as('overLimitUncollectedMinor'),
    SUMS.unpaidMinor.as('unpaidMinor'),
    SUMS.refundedMinor.as('refundedMinor'),
  ] as const;
}

async function readLegs(db: Kysely<Tables>, range: RiskRange): Promise<readonly LegRisk[]> {
  const rows = await ordersIn(db, range)
    .select(['flight.leg', 'flight.std_s', ...columns()])
    .groupBy(['flight.leg', 'flight.std_s'])
    .orderBy('flight.std_s')
    .orderBy('flight.leg')
    .execute();
  const disputed = await readDisputed(
    db,
    range.airline,
    rows.map(({ leg }) => leg),
  );
  return rows.map(({ std_s: stdS, ...row }) => ({
    ...row,
    stdMs: stdS * 1000,
    disputedMinor: disputed.get(row.leg) ?? 0,
  }));
}

async function readDisputed(
  db: Kysely<Tables>,
  airline: string,
  legs: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (legs.length === 0) return new Map();
  const rows = await db
    .selectFrom('event')
    .select(['event.leg', whole('sum(event.tot_minor)').as('minor')])
    .where('event.airline', '=', airline)
    .where('event.month', 'in', monthsOf(legs))
    .where('event.leg', 'in', legs)
    .where('event.tender', '=', 'wallet')
    .where('event.is_practice', '=', false)
    .where(
      sql<boolean>`exists (select 1 from set_aside where set_aside.airline = event.airline
        and decision is distinct from 'accepted'
        and ((scope = 'bill' and set_aside.bill = event.bill)
          or (set_aside.dev = event.dev and set_aside.ep = event.ep and set_aside.seq = event.seq)))`,
    )
    .groupBy('event.leg')
    .execute();
  return new Map(rows.map(({ leg, minor }) => [leg, minor]));
}

async function readSales(
  db: Kysely<Tables>,
  airline: string,
  legs: readonly string[],
): Promise<readonly Sale[]> {
  const sales: Sale[] = [];
  // A leg at a time: a month of lines is more than one answer should be.
  for (const leg of legs) {
    const rows = await db
      .selectFrom('event')
      .select(['dev', 'ep', 'seq', 'ty', 'line', 'how', 'crew', 'tot_minor', 'tender'])
      .where('airline', '=', airline)
      .where('month', 'in', monthsOf([leg]))
      .where('leg', '=', leg)
      .where('ty', 'in', ['CRED_SEEN', 'LOOKUP', 'SALE'])
      .where('is_practice', '=', false)
      .execute();
    const modes = new Map(saleFacts(rows).map((fact) => [nameOf(fact), fact.mode]));
    for (const row of rows) {
      if (row.ty !== 'SALE' || row.tender !== 'wallet') continue;
      sales.push({ crew: row.crew, minor: row.tot_minor ?? 0, mode: modes.get(nameOf(row)) ?? 'unknown' });
    }
  }
  return sales;
}

function nameOf({
  dev,
  ep,
  seq,
}: {
  readonly dev: string;
  readonly ep: number;
  readonly seq: number;
}): string {
  return `${dev} ${ep.toString()} ${seq.toString()}`;
}

function monthsOf(legs: readonly string[]): readonly number[] {
  return [...new Set(legs.map((leg) => monthOfLine({ leg, t: 0 })))];
}

function sumModes(sales: readonly Sale[]): RiskLedger['byMode'] {
  const none = { sales: 0, minor: 0 };
  const sums = { static: none, dynamic: none, confirmed: none, 'without-phone': none, unknown: none };
  for (const { mode, minor } of sales) {
    sums[mode] = { sales: sums[mode].sales + 1, minor: sums[mode].minor + minor };
  }
  return sums;
}
