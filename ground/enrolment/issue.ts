// The credential of one enrolment: signed by the issuer of its wallet, and looked at as a till will look at it.
import type { Selectable } from 'kysely';
import { composeStaticCode, issueCredential } from '../../domain/cabin-code/issue-cabin-code.ts';
import { verifyCabinCode } from '../../domain/cabin-code/verify-cabin-code.ts';
import { decodeUtf8 } from '../../domain/encoding/utf8.ts';
import { readLegId } from '../../domain/flight.ts';
import { signerFor } from '../airlines/keys.ts';
import { trustOf } from '../airlines/trust-lists.ts';
import type { PassengerTable } from '../database/tables.ts';
import type { Ground } from '../ground.ts';
import type { FlightRow } from './open-flights.ts';
import { CREDENTIAL_SEAL, NAME_SEAL } from './personal-data.ts';

export type PassengerRow = Selectable<PassengerTable>;

const VALID_BEFORE_DEPARTURE_SECONDS = 6 * 3600;
const VALID_AFTER_ARRIVAL_SECONDS = 12 * 3600;
/** The wallet has confirmed what it was asked to confirm (cabin-code.md 2.2, `g`): no more is known, or kept. */
const WALLET_CONFIRMED = 1;
const CNY = 156;

/**
 * Signs a passenger's credential with this tier and answers it sealed, as it is kept. Throws when a till would refuse it: keys and trust list of the airline
 * do not fit, and no passenger can mend that.
 */
export async function issueFor(
  ground: Ground,
  passenger: PassengerRow,
  flight: FlightRow,
  tier: number,
): Promise<Uint8Array> {
  const leg = readLegId(flight.leg);
  if (leg === null) throw new Error(`${flight.leg} is no leg`);
  const { crypto } = ground;
  const nowSeconds = Math.floor(ground.nowMs() / 1000);
  const nbf = flight.std_s - VALID_BEFORE_DEPARTURE_SECONDS;
  const claims = {
    iss: flight.airline,
    nbf,
    exp: flight.sta_s + VALID_AFTER_ARRIVAL_SECONDS,
    iat: nowSeconds,
    cti: passenger.cti,
    wallet: passenger.wallet,
    flight: leg,
    seat: passenger.seat,
    sequence: passenger.seq,
    limits: {
      currencyNumeric: CNY,
      cumMinor: passenger.cum_minor,
      perSaleMinor: passenger.per_sale_minor,
      maxSales: passenger.max_sales,
    },
    staticCumMinor: passenger.static_minor,
    tier,
    gate: WALLET_CONFIRMED,
    holderClass: passenger.holder_class,
    maskedName: openName(ground, passenger),
  };
  const { signer } = await signerFor(ground, flight.airline, 'issuer', passenger.wallet);
  const cred = issueCredential(claims, passenger.holder_jwk, signer, crypto);
  const verdict = verifyCabinCode(composeStaticCode(cred), {
    nowSeconds: Math.max(nbf, nowSeconds),
    flight: leg,
    issuers: (await trustOf(ground, flight.airline)).issuers,
    isDenied: () => false,
    lastProofAt: () => null,
    openChallenge: null,
    crypto,
  });
  if (!verdict.ok && verdict.error.code !== 'STATIC_FORBIDDEN') {
    throw new Error(`issuer ${flight.airline} ${passenger.wallet.toString()}: ${verdict.error.code}`);
  }
  return ground.seal.seal(CREDENTIAL_SEAL, cred);
}

/** The signed credential; null before it was issued and once it has been purged. */
export function openCredential(
  { seal }: Pick<Ground, 'seal'>,
  { cred }: Pick<PassengerRow, 'cred'>,
): Uint8Array | null {
  return cred === null ? null : seal.open(CREDENTIAL_SEAL, cred);
}

/** The masked name; null once it has been purged. */
export function openName(
  { seal }: Pick<Ground, 'seal'>,
  { name_sealed: sealed }: Pick<PassengerRow, 'name_sealed'>,
): string | null {
  const opened = sealed === null ? null : seal.open(NAME_SEAL, sealed);
  return opened === null ? null : decodeUtf8(opened);
}
