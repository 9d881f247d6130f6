// What a phone is told about its own enrolment, and all it keeps for a flight without network.
import { encodeBase64url } from '../../domain/encoding/base64url.ts';
import { findAirline } from '../airlines/airlines.ts';
import { merchantNames } from '../airlines/merchants.ts';
import { findAssortment } from '../flights/catalogues.ts';
import type { Ground } from '../ground.ts';
import {
  ENROLMENT_REFUSALS,
  type EnrolmentState,
  type KnownTerminal,
  type PhoneFlight,
} from '../web/phone-api.ts';
import { openCredential, openName, type PassengerRow } from './issue.ts';
import type { FlightRow } from './open-flights.ts';
import { hashToken } from './phone-token.ts';

/** The enrolment a token speaks for; null for a token that is unknown or whose data has been deleted. */
export async function findEnrolment({ db }: Pick<Ground, 'db'>, token: string): Promise<PassengerRow | null> {
  const row = await db
    .selectFrom('passenger')
    .selectAll()
    .where('token_hash', '=', hashToken(token))
    .where('purged_at_ms', 'is', null)
    .executeTakeFirst();
  return row ?? null;
}

export async function enrolmentState(ground: Ground, passenger: PassengerRow): Promise<EnrolmentState> {
  if (passenger.status === 'waiting') return { kind: 'waiting-for-wallet' };
  const cred = openCredential(ground, passenger);
  if (passenger.status === 'refused' || cred === null) {
    const why = ENROLMENT_REFUSALS.find((refusal) => refusal === passenger.refused_why);
    return { kind: 'refused', why: why ?? 'wallet-unreachable' };
  }
  const { cum_minor: cumMinor, per_sale_minor: perSaleMinor, max_sales: maxSales } = passenger;
  return {
    kind: 'enrolled',
    cti: passenger.cti,
    orderNumber: passenger.order_number,
    wallet: passenger.wallet,
    seat: passenger.seat,
    tier: passenger.tier,
    maskedName: openName(ground, passenger) ?? '',
    limits: { cumMinor, perSaleMinor, maxSales },
    staticMinor: passenger.static_minor,
    cred: encodeBase64url(cred),
    flight: await phoneFlight(ground, passenger),
  };
}

async function phoneFlight(ground: Ground, { leg, wallet }: PassengerRow): Promise<PhoneFlight> {
  const flight = await ground.db
    .selectFrom('flight')
    .selectAll()
    .where('leg', '=', leg)
    .executeTakeFirstOrThrow();
  const airline = await findAirline(ground, flight.airline);
  const assortment = await findAssortment(ground, flight.airline, flight.catalogue_version);
  if (airline === null || assortment === null)
    throw new Error(`flight ${leg} lacks its airline or catalogue`);
  return {
    leg,
    airline: flight.airline,
    airlineName: { zh: airline.nameZh, en: airline.nameEn },
    cities: flight.cities,
    stdMs: flight.std_s * 1000,
    staMs: flight.sta_s * 1000,
    utcOffsetMinutes: airline.utcOffsetMinutes,
    enrolmentUntilMs: flight.enrolment_until_s * 1000,
    merchant: (await merchantNames(ground, flight.airline)).get(wallet) ?? airline.nameZh,
    ...assortment,
    terminals: await terminalsOf(ground, flight),
  };
}

/** The newest certificate of each terminal on the roster. */
async function terminalsOf(
  { db }: Ground,
  { airline, roster }: FlightRow,
): Promise<readonly KnownTerminal[]> {
  const rows = await db
    .selectFrom('device')
    .distinctOn('dev')
    .select(['dev', 'ep', 'jwk'])
    .where('airline', '=', airline)
    .where(
      'dev',
      'in',
      roster.map(({ dev }) => dev),
    )
    .where('revoked_at_ms', 'is', null)
    .orderBy('dev')
    .orderBy('ep', 'desc')
    .execute();
  return rows.map(({ dev, ep, jwk: { kty, crv, x, y } }) => ({ dev, ep, jwk: { kty, crv, x, y } }));
}
