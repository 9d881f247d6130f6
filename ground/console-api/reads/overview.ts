import { sql, type Kysely } from 'kysely';
import type { Tables } from '../../database/tables.ts';
import type { Overview } from '../../web/console-rows.ts';
import { addFigures, FLIGHT_FIELDS } from '../lists/flights.ts';
import { terminalRow, terminalsOf } from '../lists/fleet.ts';
import { COLLECTING_STATES, PERSON_STATES } from '../order-states.ts';

const FLIGHTS_SHOWN = 60;
const TERMINALS_SHOWN = 12;
const DAYS_SHOWN = 14;
const DAY_S = 86_400;

type Db = Kysely<Tables>;

export async function readOverview(db: Db, airline: string, nowMs: number): Promise<Overview> {
  const { utc_offset_minutes: utcOffsetMinutes } = await db
    .selectFrom('airline')
    .select('utc_offset_minutes')
    .where('airline', '=', airline)
    .executeTakeFirstOrThrow();
  const dayStart = startOfDay(nowMs, utcOffsetMinutes);
  const today = await db
    .selectFrom('flight')
    .select(FLIGHT_FIELDS)
    .where('airline', '=', airline)
    .where('std_s', '>=', dayStart)
    .where('std_s', '<', dayStart + DAY_S)
    .orderBy('std_s')
    .execute();
  const legs = today.map(({ leg }) => leg);
  return {
    atMs: nowMs,
    utcOffsetMinutes,
    flights: await addFigures(db, airline, today.slice(0, FLIGHTS_SHOWN)),
    ...(await readUnsent(db, airline)),
    followUps: await countKinds(db, airline),
    setAside: await countSetAside(db, airline),
    openDifferences: await countDifferences(db, airline),
    money: { ...(await readToday(db, airline, legs)), ...(await readWaiting(db, airline)) },
    days: await readDays(db, airline, { dayStart, utcOffsetMinutes, days: DAYS_SHOWN }),
  };
}

/** Epoch seconds of the last midnight where the airline is at home. */
export function startOfDay(nowMs: number, utcOffsetMinutes: number): number {
  const local = Math.floor(nowMs / 1000) + utcOffsetMinutes * 60;
  return local - (local % DAY_S) - utcOffsetMinutes * 60;
}

async function readUnsent(db: Db, airline: string) {
  const unsent = await terminalsOf(db, airline)
    .where('unsent_count', '>', 0)
    .orderBy('unsent_minor', (order) => order.desc().nullsLast())
    .limit(TERMINALS_SHOWN)
    .execute();
  const { n, minor } = await db
    .selectFrom('device')
    .select([sql<number>`count(*)`.as('n'), sql<number>`coalesce(sum(unsent_minor), 0)::bigint`.as('minor')])
    .where('airline', '=', airline)
    .where('unsent_count', '>', 0)
    .executeTakeFirstOrThrow();
  return { unsent: unsent.map(terminalRow), unsentTerminals: n, unsentMinor: minor };
}

export async function countKinds(db: Db, airline: string): Promise<Overview['followUps']> {
  return await db
    .selectFrom('follow_up')
    .select(['kind', sql<number>`count(*)`.as('n')])
    .where('airline', '=', airline)
    .where('resolved_at_ms', 'is', null)
    .groupBy('kind')
    .orderBy('n', 'desc')
    .execute();
}

async function countSetAside(db: Db, airline: string): Promise<number> {
  const { n } = await db
    .selectFrom('set_aside')
    .select(sql<number>`count(*)`.as('n'))
    .where('airline', '=', airline)
    .where('decided_at_ms', 'is', null)
    .executeTakeFirstOrThrow();
  return n;
}

async function countDifferences(db: Db, airline: string): Promise<number> {
  const { n } = await db
    .selectFrom('difference')
    .select(sql<number>`count(*)`.as('n'))
    .where('airline', '=', airline)
    .where('resolved_at_ms', 'is', null)
    .executeTakeFirstOrThrow();
  return n;
}

/** Out of the terminals' own lines, so that it shows before anything was charged. */
async function readToday(db: Db, airline: string, legs: readonly string[]) {
  if (legs.length === 0) return { soldMinor: 0, paidMinor: 0 };
  const { sold } = await db
    .selectFrom('event')
    .select(sql<number>`coalesce(sum(tot_minor), 0)::bigint`.as('sold'))
    .where('airline', '=', airline)
    .where('leg', 'in', legs)
    .where('tender', '=', 'wallet')
    .where('tot_minor', 'is not', null)
    .where('is_practice', '=', false)
    .executeTakeFirstOrThrow();
  const { paid } = await db
    .selectFrom('wallet_order')
    .select(sql<number>`coalesce(sum(paid_minor), 0)::bigint`.as('paid'))
    .where('airline', '=', airline)
    .where('leg', 'in', legs)
    .executeTakeFirstOrThrow();
  return { soldMinor: sold, paidMinor: paid };
}

async function readWaiting(db: Db, airline: string) {
  const rows = await db
    .selectFrom('wallet_order')
    .select([
      'state',
      sql<number>`count(*)`.as('n'),
      sql<number>`coalesce(sum(total_minor), 0)::bigint`.as('minor'),
    ])
    .where('airline', '=', airline)
    .where('state', 'in', [...COLLECTING_STATES, ...PERSON_STATES])
    .groupBy('state')
    .execute();
  const sum = (states: readonly string[], of: (row: (typeof rows)[number]) => number): number =>
    rows.filter(({ state }) => states.includes(state)).reduce((total, row) => total + of(row), 0);
  return {
    collectingMinor: sum(COLLECTING_STATES, ({ minor }) => minor),
    collectingOrders: sum(COLLECTING_STATES, ({ n }) => n),
    manualOrders: sum(PERSON_STATES, ({ n }) => n),
  };
}

/** Days without flights are there too, with nothing in them. */
async function readDays(
  db: Db,
  airline: string,
  { dayStart, utcOffsetMinutes, days }: { dayStart: number; utcOffsetMinutes: number; days: number },
): Promise<Overview['days']> {
  const from = dayStart - (days - 1) * DAY_S;
  const offset = utcOffsetMinutes * 60;
  const rows = await db
    .selectFrom('flight')
    .innerJoin('wallet_order', 'wallet_order.leg', 'flight.leg')
    .select([
      sql<number>`(std_s + ${offset}::bigint) / ${DAY_S}::bigint`.as('day'),
      sql<number>`coalesce(sum(total_minor), 0)::bigint`.as('billed'),
      sql<number>`coalesce(sum(paid_minor), 0)::bigint`.as('paid'),
    ])
    .where('flight.airline', '=', airline)
    .where('wallet_order.airline', '=', airline)
    .where('std_s', '>=', from)
    .where('std_s', '<', dayStart + DAY_S)
    .groupBy(sql`1`)
    .execute();
  const byDay = new Map(rows.map(({ day, billed, paid }) => [day, { billed, paid }]));
  return Array.from({ length: days }, (_, i) => {
    const day = Math.floor((from + offset) / DAY_S) + i;
    const money = byDay.get(day);
    return {
      day: new Date(day * DAY_S * 1000).toISOString().slice(0, 10),
      billedMinor: money?.billed ?? 0,
      paidMinor: money?.paid ?? 0,
    };
  });
}
