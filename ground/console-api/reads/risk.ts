import { sql, type Kysely } from 'kysely';
import type { OrderState, Tables } from '../../database/tables.ts';
import type { RiskView } from '../../web/console-risk.ts';
import { COLLECTING_STATES, NOT_CHARGED_STATES } from '../order-states.ts';
import { countKinds, startOfDay } from './overview.ts';

type Db = Kysely<Tables>;

const DAY_S = 86_400;
const DAY_MS = DAY_S * 1000;
const DAYS_SHOWN = 30;
const AGES_DAYS = [1, 3, 7, 30] as const;

export async function readRisk(db: Db, airline: string, nowMs: number): Promise<RiskView> {
  const { utc_offset_minutes } = await db
    .selectFrom('airline')
    .select('utc_offset_minutes')
    .where('airline', '=', airline)
    .executeTakeFirstOrThrow();
  const toS = startOfDay(nowMs, utc_offset_minutes) + DAY_S;
  const fromS = toS - DAYS_SHOWN * DAY_S;
  return {
    fromMs: fromS * 1000,
    toMs: toS * 1000,
    days: await readDays(db, airline, { fromS, toS, offsetS: utc_offset_minutes * 60 }),
    kinds: await countKinds(db, airline),
    exposure: await readExposure(db, airline),
    ages: await readAges(db, airline, nowMs),
  };
}

/** Epoch ms of the midnight where the airline is at home; null for a day no calendar has. */
export async function startOfNamedDay(db: Db, airline: string, day: string): Promise<number | null> {
  const utcMs = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(utcMs)) return null;
  const { utc_offset_minutes } = await db
    .selectFrom('airline')
    .select('utc_offset_minutes')
    .where('airline', '=', airline)
    .executeTakeFirstOrThrow();
  return utcMs - utc_offset_minutes * 60_000;
}

async function readDays(
  db: Db,
  airline: string,
  { fromS, toS, offsetS }: { readonly fromS: number; readonly toS: number; readonly offsetS: number },
): Promise<RiskView['days']> {
  const inStates = (states: readonly OrderState[]) =>
    sql<number>`coalesce(sum(total_minor - coalesce(paid_minor, 0)) filter (where state in (${sql.join(states)})), 0)::bigint`;
  const rows = await db
    .selectFrom('flight')
    .innerJoin('wallet_order', 'wallet_order.leg', 'flight.leg')
    .select([
      sql<number>`(std_s + ${offsetS}::bigint) / ${DAY_S}::bigint`.as('day'),
      sql<number>`coalesce(sum(total_minor), 0)::bigint`.as('billedMinor'),
      sql<number>`coalesce(sum(paid_minor), 0)::bigint`.as('paidMinor'),
      inStates(COLLECTING_STATES).as('unpaidMinor'),
      inStates(['WRITTEN_OFF']).as('writtenOffMinor'),
      inStates(['LATE_EXCESS']).as('excessMinor'),
    ])
    .where('flight.airline', '=', airline)
    .where('wallet_order.airline', '=', airline)
    .where('std_s', '>=', fromS)
    .where('std_s', '<', toS)
    .groupBy(sql`1`)
    .execute();
  const byDay = new Map(rows.map(({ day, ...money }) => [day, money]));
  const none = { billedMinor: 0, paidMinor: 0, unpaidMinor: 0, writtenOffMinor: 0, excessMinor: 0 };
  return Array.from({ length: DAYS_SHOWN }, (_, i) => {
    const day = Math.floor((fromS + offsetS) / DAY_S) + i;
    return { day: new Date(day * DAY_MS).toISOString().slice(0, 10), ...(byDay.get(day) ?? none) };
  });
}

async function readExposure(db: Db, airline: string): Promise<RiskView['exposure']> {
  const states = await db
    .selectFrom('wallet_order')
    .select([
      'state',
      sql<number>`count(*)`.as('n'),
      sql<number>`coalesce(sum(total_minor - coalesce(paid_minor, 0)), 0)::bigint`.as('minor'),
    ])
    .where('airline', '=', airline)
    .groupBy('state')
    .execute();
  const of = (wanted: readonly OrderState[]): { readonly n: number; readonly minor: number } => {
    const rows = states.filter(({ state }) => wanted.includes(state));
    return {
      n: rows.reduce((sum, { n }) => sum + n, 0),
      minor: rows.reduce((sum, { minor }) => sum + minor, 0),
    };
  };
  const unpaid = of(COLLECTING_STATES);
  const writtenOff = of(['WRITTEN_OFF']);
  const excess = of(['LATE_EXCESS']);
  return {
    openOrders: of(NOT_CHARGED_STATES).n,
    openCapMinor: await sumOpenCaps(db, airline),
    unpaidOrders: unpaid.n,
    unpaidMinor: unpaid.minor,
    writtenOffOrders: writtenOff.n,
    writtenOffMinor: writtenOff.minor,
    excessOrders: excess.n,
    excessMinor: excess.minor,
    denied: await countDenied(db, airline),
    unsentMinor: await sumUnsent(db, airline),
  };
}

async function sumOpenCaps(db: Db, airline: string): Promise<number> {
  const { minor } = await db
    .selectFrom('wallet_order')
    .innerJoin('passenger', 'passenger.cti', 'wallet_order.cti')
    .select(sql<number>`coalesce(sum(cum_minor), 0)::bigint`.as('minor'))
    .where('wallet_order.airline', '=', airline)
    .where('state', 'in', NOT_CHARGED_STATES)
    .executeTakeFirstOrThrow();
  return minor;
}

async function countDenied(db: Db, airline: string): Promise<number> {
  const { n } = await db
    .selectFrom('deny')
    .select(sql<number>`count(*)`.as('n'))
    .where('airline', '=', airline)
    .where('removed_at_ms', 'is', null)
    .executeTakeFirstOrThrow();
  return n;
}

async function sumUnsent(db: Db, airline: string): Promise<number> {
  const { minor } = await db
    .selectFrom('device')
    .select(sql<number>`coalesce(sum(unsent_minor), 0)::bigint`.as('minor'))
    .where('airline', '=', airline)
    .where('unsent_count', '>', 0)
    .executeTakeFirstOrThrow();
  return minor;
}

/** Collecting by the time since the order was sent to its wallet. */
async function readAges(db: Db, airline: string, nowMs: number): Promise<RiskView['ages']> {
  const rows = await db
    .selectFrom('wallet_order')
    .select([
      sql<number>`width_bucket((${nowMs}::bigint - state_since_ms)::numeric / ${DAY_MS}::numeric, array[${sql.join(AGES_DAYS.map((days) => sql`${days}::numeric`))}])`.as(
        'bucket',
      ),
      sql<number>`count(*)`.as('n'),
      sql<number>`coalesce(sum(total_minor - coalesce(paid_minor, 0)), 0)::bigint`.as('minor'),
    ])
    .where('airline', '=', airline)
    .where('state', 'in', COLLECTING_STATES)
    .groupBy(sql`1`)
    .execute();
  return [...AGES_DAYS, null].map((upToDays, i) => {
    const row = rows.find(({ bucket }) => bucket === i);
    return { upToDays, n: row?.n ?? 0, minor: row?.minor ?? 0 };
  });
}
