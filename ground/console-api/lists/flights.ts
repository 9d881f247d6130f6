import { sql, type Kysely } from 'kysely';
import type { RosterEntry, Tables } from '../../database/tables.ts';
import type { FlightRow } from '../../web/console-rows.ts';
import { amountColumn, column, timeColumn } from '../csv-columns.ts';
import { before, type ListSource } from '../list-source.ts';
import { COLLECTING_STATES, NOT_CHARGED_STATES, PAID_STATES } from '../order-states.ts';

type FlightBase = Pick<Tables['flight'], 'leg' | 'std_s' | 'sta_s' | 'aircraft' | 'status' | 'is_demo'> & {
  readonly roster: readonly RosterEntry[];
};

export const FLIGHT_FIELDS = ['leg', 'std_s', 'sta_s', 'aircraft', 'status', 'is_demo', 'roster'] as const;

export const flightsList: ListSource<'flights'> = {
  keyTypes: ['number', 'string'],
  keyOf: ({ stdMs, leg }) => [stdMs / 1000, leg],
  read: async ({ db, airline, ask, after, limit }) => {
    const { find, status, day } = ask;
    let query = db
      .selectFrom('flight')
      .select(FLIGHT_FIELDS)
      .where('airline', '=', airline)
      .where(before(['std_s', 'leg'], after))
      .orderBy('std_s', 'desc')
      .orderBy('leg', 'desc')
      .limit(limit);
    if (status !== undefined) query = query.where('status', '=', status);
    // The day stands in the leg's own name, as the airline counts it.
    if (day !== undefined)
      query = query.where(sql<boolean>`split_part(leg, '-', 2) = ${day.replaceAll('-', '')}`);
    if (find !== undefined) query = query.where(sql<boolean>`leg like ${containing(find)}`);
    return await addFigures(db, airline, await query.execute());
  },
  columns: [
    column('flight', ({ leg }) => leg),
    timeColumn('departure', ({ stdMs }) => stdMs),
    timeColumn('arrival', ({ staMs }) => staMs),
    column('aircraft', ({ aircraft }) => aircraft),
    column('status', ({ status }, { words }) => words.flightStatus[status]),
    column(
      'terminals',
      ({ terminalsDone, terminals }) => `${terminalsDone.toString()} / ${terminals.toString()}`,
    ),
    column('passengers', ({ passengers }) => passengers),
    column('ordersOpen', ({ ordersOpen }) => ordersOpen),
    column('ordersCollecting', ({ ordersCollecting }) => ordersCollecting),
    column('ordersPaid', ({ ordersPaid }) => ordersPaid),
    amountColumn('charged', ({ billedMinor }) => billedMinor),
    amountColumn('paid', ({ paidMinor }) => paidMinor),
    column('followUps', ({ followUps }) => followUps),
  ],
};

/** `SHA CTU`, `sha-ctu` and `9c8835` all find 9C8835-20261122-SHA-CTU. */
function containing(text: string): string {
  const parts = text
    .toUpperCase()
    .split(/[^A-Z0-9]+/)
    .filter((part) => part !== '');
  return `%${parts.join('%')}%`;
}

/** The figures of a page's flights, each in one question for the whole page. */
export async function addFigures(
  db: Kysely<Tables>,
  airline: string,
  flights: readonly FlightBase[],
): Promise<FlightRow[]> {
  if (flights.length === 0) return [];
  const legs = flights.map(({ leg }) => leg);
  const terminals = await countTerminals(db, legs);
  const passengers = await countPassengers(db, legs);
  const orders = await sumOrders(db, airline, legs);
  const followUps = await countFollowUps(db, airline, legs);
  return flights.map((flight) => {
    const known = terminals.get(flight.leg);
    const money = orders.get(flight.leg);
    return {
      leg: flight.leg,
      stdMs: flight.std_s * 1000,
      staMs: flight.sta_s * 1000,
      aircraft: flight.aircraft,
      status: flight.status,
      isDemo: flight.is_demo,
      terminals: Math.max(flight.roster.length, known?.n ?? 0),
      terminalsDone: known?.done ?? 0,
      passengers: passengers.get(flight.leg) ?? 0,
      ordersOpen: money?.open ?? 0,
      ordersCollecting: money?.collecting ?? 0,
      ordersPaid: money?.paid ?? 0,
      billedMinor: money?.billed ?? 0,
      paidMinor: money?.taken ?? 0,
      followUps: followUps.get(flight.leg) ?? 0,
    };
  });
}

async function countTerminals(
  db: Kysely<Tables>,
  legs: readonly string[],
): Promise<ReadonlyMap<string, { readonly n: number; readonly done: number }>> {
  const rows = await db
    .selectFrom('leg_terminal')
    .select([
      'leg',
      sql<number>`count(*)`.as('n'),
      sql<number>`count(*) filter (where status <> 'expected')`.as('done'),
    ])
    .where('leg', 'in', legs)
    .groupBy('leg')
    .execute();
  return new Map(rows.map(({ leg, n, done }) => [leg, { n, done }]));
}

async function countPassengers(
  db: Kysely<Tables>,
  legs: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom('passenger')
    .select(['leg', sql<number>`count(*)`.as('n')])
    .where('leg', 'in', legs)
    .where('status', '=', 'enrolled')
    .groupBy('leg')
    .execute();
  return new Map(rows.map(({ leg, n }) => [leg, n]));
}

async function sumOrders(db: Kysely<Tables>, airline: string, legs: readonly string[]) {
  const inStates = (states: readonly string[]) =>
    sql<number>`count(*) filter (where state in (${sql.join(states)}))`;
  const rows = await db
    .selectFrom('wallet_order')
    .select([
      'leg',
      inStates(NOT_CHARGED_STATES).as('open'),
      inStates(COLLECTING_STATES).as('collecting'),
      inStates(PAID_STATES).as('paid'),
      sql<number>`coalesce(sum(total_minor), 0)::bigint`.as('billed'),
      sql<number>`coalesce(sum(paid_minor), 0)::bigint`.as('taken'),
    ])
    .where('airline', '=', airline)
    .where('leg', 'in', legs)
    .groupBy('leg')
    .execute();
  return new Map(rows.map(({ leg, ...money }) => [leg, money]));
}

async function countFollowUps(
  db: Kysely<Tables>,
  airline: string,
  legs: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom('follow_up')
    .select(['leg', sql<number>`count(*)`.as('n')])
    .where('airline', '=', airline)
    .where('leg', 'in', legs)
    .where('resolved_at_ms', 'is', null)
    .groupBy('leg')
    .execute();
  return new Map(rows.map(({ leg, n }) => [leg ?? '', n]));
}
