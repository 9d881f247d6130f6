// Flights one can sign up for, and why one cannot for others.
import type { Selectable } from 'kysely';
import { fail, ok, type Result } from '../../domain/result.ts';
import type { FlightTable } from '../database/tables.ts';
import type { Ground } from '../ground.ts';
import type { EnrolmentRefusal, OpenFlight } from '../web/phone-api.ts';

export type FlightRow = Selectable<FlightTable>;

/** An issuer's key is believed for 14 days after it last signs (trust.md 3.1): nobody enrols earlier than that. */
const OPENS_BEFORE_DEPARTURE_SECONDS = 13 * 86_400;
const MOST_FLIGHTS = 500;

/** Why this flight takes no enrolment now, or null. */
export function findFlightRefusal(flight: FlightRow | undefined, nowMs: number): EnrolmentRefusal | null {
  const nowSeconds = nowMs / 1000;
  if (flight === undefined || flight.std_s - OPENS_BEFORE_DEPARTURE_SECONDS > nowSeconds) {
    return 'flight-unknown';
  }
  if (flight.status === 'cancelled') return 'flight-cancelled';
  return flight.status !== 'planned' || nowSeconds >= flight.enrolment_until_s ? 'enrolment-closed' : null;
}

export async function findOpenFlight(
  { db, nowMs }: Pick<Ground, 'db' | 'nowMs'>,
  leg: string,
): Promise<Result<FlightRow, EnrolmentRefusal>> {
  const flight = await db.selectFrom('flight').selectAll().where('leg', '=', leg).executeTakeFirst();
  const refusal = findFlightRefusal(flight, nowMs());
  return refusal === null && flight !== undefined ? ok(flight) : fail(refusal ?? 'flight-unknown');
}

/** `GET /v1/flights`: the next to depart first. */
export async function openFlights({ db, nowMs }: Ground): Promise<readonly OpenFlight[]> {
  const nowSeconds = Math.floor(nowMs() / 1000);
  const rows = await db
    .selectFrom('flight')
    .innerJoin('airline', 'airline.airline', 'flight.airline')
    .select(['leg', 'flight.airline', 'name_zh', 'name_en', 'utc_offset_minutes', 'cities'])
    .select(['std_s', 'sta_s', 'enrolment_until_s'])
    .where('status', '=', 'planned')
    .where('enrolment_until_s', '>', nowSeconds)
    .where('std_s', '<=', nowSeconds + OPENS_BEFORE_DEPARTURE_SECONDS)
    .orderBy('std_s')
    .orderBy('leg')
    .limit(MOST_FLIGHTS)
    .execute();
  const wallets = await walletsByAirline(db);
  return rows.map((row) => ({
    leg: row.leg,
    airline: row.airline,
    airlineName: { zh: row.name_zh, en: row.name_en },
    cities: row.cities,
    stdMs: row.std_s * 1000,
    staMs: row.sta_s * 1000,
    utcOffsetMinutes: row.utc_offset_minutes,
    enrolmentUntilMs: row.enrolment_until_s * 1000,
    wallets: wallets.get(row.airline) ?? [],
  }));
}

async function walletsByAirline(db: Ground['db']): Promise<ReadonlyMap<string, readonly number[]>> {
  const rows = await db.selectFrom('merchant').select(['airline', 'wallet']).orderBy('wallet').execute();
  const wallets = new Map<string, number[]>();
  for (const { airline, wallet } of rows) wallets.set(airline, [...(wallets.get(airline) ?? []), wallet]);
  return wallets;
}
