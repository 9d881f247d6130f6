// The first half of an enrolment: everything that can be refused before the passenger is sent to the wallet.
import { randomBytes } from 'node:crypto';
import { orderNumber } from '../../domain/bill/order-number.ts';
import { encodeHex } from '../../domain/encoding/hex.ts';
import { encodeUtf8 } from '../../domain/encoding/utf8.ts';
import { readLegId, type FlightLeg } from '../../domain/flight.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { hasSeat } from '../flights/cabin.ts';
import * as v from 'valibot';
import { cabinSchema } from '../flights/cabin.ts';
import type { Ground } from '../ground.ts';
import type { EnrolmentBegun, EnrolmentRefusal, EnrolmentRequest } from '../web/phone-api.ts';
import { readBoardingPass } from './boarding-pass.ts';
import { limitsFor } from './holder-limits.ts';
import { maskName } from './masked-name.ts';
import { findOpenFlight, type FlightRow } from './open-flights.ts';
import { NAME_SEAL } from './personal-data.ts';
import { hashToken, newSecret } from './phone-token.ts';
import { browserCookie } from './sign-up-browser.ts';

/** How long a sign-up waits for the wallet: an answer that comes later than this belongs to nobody who still waits. */
export const STATE_LIFE_MS = 2 * 3_600_000;

export type BegunInBrowser = {
  readonly begun: EnrolmentBegun;
  /** `Set-Cookie` for the browser that asked, without which nobody can finish this sign-up. */
  readonly cookie: string;
};

/** Where the wallet sends the passenger back to. */
export function returnAddress(
  { publicAddress }: Pick<Ground, 'publicAddress'>,
  airline: string,
  wallet: number,
): string {
  return `${publicAddress}/wallets/${airline}/${wallet.toString()}/return`;
}

/**
 * Notes an enrolment that waits for the wallet. Asked twice it notes two; only one that comes back from the wallet
 * counts, and a second of the same person for the same seat takes the first one's place.
 */
export async function beginEnrolment(
  ground: Ground,
  request: EnrolmentRequest,
): Promise<Result<BegunInBrowser, EnrolmentRefusal>> {
  const flight = await findOpenFlight(ground, request.leg);
  if (!flight.ok) return flight;
  const leg = readLegId(flight.value.leg);
  if (leg === null) return fail('flight-unknown');
  const place = readPlace(request, leg, flight.value);
  if (!place.ok) return place;
  const maskedName = maskName(request.name);
  if (maskedName === null) return fail('name-unreadable');
  const { airline } = flight.value;
  const adapter = await ground.wallets(airline, request.wallet);
  if (adapter === null) return fail('wallet-not-offered');
  if (await isTakenByAnother(ground, request, place.value.seat)) return fail('seat-taken');
  const secrets = { token: newSecret(), state: newSecret() };
  await note(ground, { request, flight: flight.value, leg, ...place.value, maskedName, ...secrets });
  const walletAddress = adapter.signInAddress(secrets.state, returnAddress(ground, airline, request.wallet));
  return ok({
    begun: { token: secrets.token, walletAddress },
    cookie: browserCookie(ground, secrets.state, STATE_LIFE_MS),
  });
}

function readPlace(
  { boardingPass, seat, seq }: EnrolmentRequest,
  leg: FlightLeg,
  flight: FlightRow,
): Result<{ readonly seat: string; readonly seq: number }, EnrolmentRefusal> {
  const pass = boardingPass === undefined ? ok({ seat, seq }) : readBoardingPass(boardingPass, leg);
  if (!pass.ok) return pass;
  const place = { seat: pass.value.seat ?? seat, seq: pass.value.seq };
  return hasSeat(v.parse(cabinSchema, flight.cabin), place.seat) ? ok(place) : fail('seat-unknown');
}

/** Somebody who enrolled with the same wallet may be the same person on a new phone: the wallet will tell. */
async function isTakenByAnother(
  { db }: Ground,
  { leg, wallet }: EnrolmentRequest,
  seat: string,
): Promise<boolean> {
  const row = await db
    .selectFrom('passenger')
    .select('wallet')
    .where('leg', '=', leg)
    .where('seat', '=', seat)
    .where('status', '=', 'enrolled')
    .executeTakeFirst();
  return row !== undefined && row.wallet !== wallet;
}

async function note(
  { db, seal, nowMs }: Ground,
  facts: {
    readonly request: EnrolmentRequest;
    readonly flight: FlightRow;
    readonly leg: FlightLeg;
    readonly seat: string;
    readonly seq: number;
    readonly maskedName: string;
    readonly token: string;
    readonly state: string;
  },
): Promise<void> {
  const { request, flight, leg, seat, seq, maskedName } = facts;
  const cti = encodeHex(randomBytes(8));
  const limits = limitsFor(request.holder !== null, flight.limits);
  await db
    .insertInto('passenger')
    .values({
      cti,
      airline: flight.airline,
      leg: flight.leg,
      wallet: request.wallet,
      order_number: orderNumber(leg, cti),
      seat,
      seq,
      tier: 0,
      cum_minor: limits.cumMinor,
      per_sale_minor: limits.perSaleMinor,
      max_sales: limits.maxSales,
      static_minor: limits.staticMinor,
      holder_jwk: request.holder === null ? null : JSON.stringify(request.holder),
      holder_class: limits.holderClass,
      name_sealed: seal.seal(NAME_SEAL, encodeUtf8(maskedName)),
      account_sealed: null,
      account_hash: null,
      cred: null,
      status: 'waiting',
      refused_why: null,
      token_hash: hashToken(facts.token),
      wallet_state: facts.state,
      language: request.language,
      consent_version: request.consentVersion,
      consented_at_ms: nowMs(),
      enrolled_at_ms: null,
      purged_at_ms: null,
    })
    .execute();
}
