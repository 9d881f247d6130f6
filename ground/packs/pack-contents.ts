// What a flight's next pack says, read from the database.
import type { CrewMember, ListedPassenger } from '../../domain/flight-pack/manifest.ts';
import { decodeUtf8 } from '../../domain/encoding/utf8.ts';
import type { Selectable } from 'kysely';
import { findAirline } from '../airlines/airlines.ts';
import { crewOf } from '../airlines/crew.ts';
import { merchantNames } from '../airlines/merchants.ts';
import { publishTrustList, type PublishedTrust } from '../airlines/trust-lists.ts';
import type { FlightTable } from '../database/tables.ts';
import { NAME_SEAL } from '../enrolment/personal-data.ts';
import { findAssortment } from '../flights/catalogues.ts';
import { clearExpiredDenials, denyListOf } from '../flights/deny-list.ts';
import { preordersOf } from '../flights/preorders.ts';
import type { Ground } from '../ground.ts';
import type { PackContents } from './compose-pack.ts';

type Flight = Selectable<FlightTable>;

/** All of a pack but its number and date. */
export type UnnumberedContents = Omit<PackContents, 'n' | 'issuedAt' | 'allow'> & {
  readonly allowed: readonly string[];
};

export async function readPackContents(
  ground: Ground,
  flight: Flight,
): Promise<{ readonly contents: UnnumberedContents; readonly trust: PublishedTrust }> {
  const airline = await findAirline(ground, flight.airline);
  const assortment = await findAssortment(ground, flight.airline, flight.catalogue_version);
  if (airline === null || assortment === null)
    throw new Error(`flight ${flight.leg} lacks its airline or catalogue`);
  const trust = await publishTrustList(ground, flight.airline);
  await clearExpiredDenials(ground, flight.airline);
  const deny = await denyListOf(ground, flight.airline);
  const passengers = await listPassengers(ground, flight.leg);
  const denied = new Set(deny.ctis);
  const contents: UnnumberedContents = {
    airline: flight.airline,
    airlineName: { zh: airline.nameZh, en: airline.nameEn },
    utcOffsetMinutes: airline.utcOffsetMinutes,
    leg: flight.leg,
    std: flight.std_s,
    sta: flight.sta_s,
    merchants: Object.fromEntries(await merchantNames(ground, flight.airline)),
    cities: flight.cities,
    devices: flight.roster.map(({ dev, zone: { fromRow, toRow } }) => ({ dev, zone: { fromRow, toRow } })),
    limits: flight.limits,
    isDemo: flight.is_demo,
    trustJws: trust.jws,
    deny,
    ...assortment,
    passengers,
    allowed: passengers.map(({ cti }) => cti).filter((cti) => !denied.has(cti)),
    crew: await crewOf(ground, flight.airline, flight.crew),
    stock: flight.loading,
    cabin: { aircraft: flight.aircraft, ...flight.cabin },
  };
  return { contents, trust };
}

/** Crew members who could not sign in on this flight: only a demo is flown without PINs. */
export function crewWithoutPin({
  crew,
  isDemo,
}: Pick<PackContents, 'crew' | 'isDemo'>): readonly CrewMember[] {
  return isDemo ? [] : crew.filter((member) => member.pin === undefined);
}

async function listPassengers(ground: Ground, leg: string): Promise<readonly ListedPassenger[]> {
  const { db, seal } = ground;
  const ordered = await preordersOf(ground, leg);
  const rows = await db
    .selectFrom('passenger')
    .select(['cti', 'seat', 'seq', 'name_sealed', 'wallet', 'tier'])
    .where('leg', '=', leg)
    .where('status', '=', 'enrolled')
    .orderBy('cti')
    .execute();
  return rows.map(({ cti, seat, seq, name_sealed: sealed, wallet, tier }) => {
    const opened = sealed === null ? null : seal.open(NAME_SEAL, sealed);
    // Purged long after the flight; a pack made then lists the seat alone.
    const name = opened === null ? '*' : (decodeUtf8(opened) ?? '*');
    const preorders = ordered.get(cti);
    const person = { cti, seat, seq, name, wallet, tier };
    return preorders === undefined ? person : { ...person, preorders: [...preorders] };
  });
}
