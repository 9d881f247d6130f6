// The thirty people aboard the demo flight, each with a credential their wallet's issuer signed.
import * as nodeCrypto from 'node:crypto';
import {
  composeStaticCode,
  issueCredential,
  type CredentialClaims,
} from '../../domain/cabin-code/issue-cabin-code.ts';
import type { EcPrivateJwk } from '../../domain/crypto/crypto.ts';
import { cryptoFromNode, signerFromJwk } from '../../domain/crypto/node-crypto.ts';
import { encodeHex } from '../../domain/encoding/hex.ts';
import type { DemoFlight } from './demo-flight.ts';
import { newPrivateJwk, publicPart, type DemoKeys } from './demo-keys.ts';

const crypto = cryptoFromNode(nodeCrypto);

export type DemoPerson = {
  readonly claims: CredentialClaims;
  readonly cred: Uint8Array;
  /** The phone's key; null for someone with nothing but a printed code. */
  readonly holder: EcPrivateJwk | null;
  readonly staticCode: string;
  /** Enrolled before the pack was made, hence on its allow-list and passenger list. */
  readonly isListed: boolean;
  readonly isDenied: boolean;
};

type HolderClass = 0 | 1 | 2;
type Row = readonly [seat: string, name: string, wallet: 1 | 2, tier: 0 | 1 | 2, holder: HolderClass];

const PEOPLE: readonly Row[] = [
  ['1A', 'WA**/J', 1, 2, 2],
  ['1C', 'LI*/M', 1, 0, 1],
  ['2B', 'ZH***/W', 2, 1, 1],
  ['3F', 'CH**/Y', 1, 0, 2],
  ['4D', 'LI*/X', 2, 0, 1],
  ['5A', 'YA**/L', 1, 1, 1],
  ['6E', 'ZH**/H', 1, 0, 0],
  ['7C', 'HU***/Q', 2, 0, 1],
  ['8B', 'ZH**/B', 1, 2, 1],
  ['9D', 'WU*/T', 1, 0, 2],
  ['10A', 'XU*/F', 2, 0, 1],
  ['11F', 'SU*/Y', 1, 1, 1],
  ['12C', 'WA**/X', 1, 1, 2],
  ['13E', 'MA*/K', 2, 0, 0],
  ['14B', 'ZH*/D', 1, 0, 1],
  ['15A', 'GU*/S', 1, 0, 1],
  ['16D', 'HE*/N', 2, 2, 2],
  ['17F', 'GA*/R', 1, 0, 1],
  ['18C', 'LU*/P', 1, 0, 1],
  ['19B', 'SO**/Z', 2, 1, 1],
  ['20E', 'TA**/G', 1, 0, 2],
  ['21A', 'XI*/C', 1, 0, 1],
  ['22D', 'HA*/V', 2, 0, 1],
  ['23F', 'CA*/O', 1, 1, 1],
  ['24C', 'DE**/E', 1, 0, 0],
  ['26B', 'PE**/U', 2, 0, 1],
  ['28A', 'YU*/I', 1, 0, 2],
  ['29D', 'JI***/A', 1, 0, 1],
  ['30E', 'LE*/H', 2, 0, 1],
  ['32F', 'FA*/Y', 1, 0, 1],
];

/** Everyone enrolled hours before, but for this one, who signed up after the pack was made. */
const LATE_SEAT = '29D';
const DENIED_SEAT = '30E';
/** Phones that forbid a code without a proof. */
const NO_STATIC_SEATS: ReadonlySet<string> = new Set(['3F', '20E']);

const LIMITS: Readonly<Record<HolderClass, { cumMinor: number; perSaleMinor: number; maxSales: number }>> = {
  0: { cumMinor: 20_000, perSaleMinor: 10_000, maxSales: 5 },
  1: { cumMinor: 30_000, perSaleMinor: 20_000, maxSales: 10 },
  2: { cumMinor: 50_000, perSaleMinor: 30_000, maxSales: 20 },
};

export const LATE_SIGN_UP_BEFORE_DEPARTURE_SECONDS = 10 * 60;

export function makeDemoPeople(flight: DemoFlight, keys: DemoKeys): DemoPerson[] {
  return PEOPLE.map((row, i) => makePerson(row, i, flight, keys));
}

function makePerson(row: Row, index: number, flight: DemoFlight, keys: DemoKeys): DemoPerson {
  const [seat, , wallet, , holderClass] = row;
  const holder = holderClass === 0 ? null : newPrivateJwk();
  const isLate = seat === LATE_SEAT;
  const claims = composeClaims(row, index, flight);
  const cred = signCredential(claims, holder, wallet === 1 ? keys.issuerWechat : keys.issuerAlipay);
  return {
    claims,
    cred,
    holder,
    staticCode: composeStaticCode(cred),
    isListed: !isLate,
    isDenied: seat === DENIED_SEAT,
  };
}

export function signCredential(
  claims: CredentialClaims,
  holder: EcPrivateJwk | null,
  issuer: EcPrivateJwk,
): Uint8Array {
  const holderKey = holder === null ? null : publicPart(holder);
  return issueCredential(claims, holderKey, signerFromJwk(nodeCrypto, issuer), crypto);
}

function composeClaims(row: Row, index: number, { leg, std, sta }: DemoFlight): CredentialClaims {
  const [seat, maskedName, wallet, tier, holderClass] = row;
  const beforeDeparture = seat === LATE_SEAT ? LATE_SIGN_UP_BEFORE_DEPARTURE_SECONDS : 5 * 3600 - index * 300;
  return {
    iss: '9C',
    nbf: std - 6 * 3600,
    exp: sta + 12 * 3600,
    iat: std - beforeDeparture,
    cti: encodeHex(nodeCrypto.randomBytes(8)),
    wallet,
    flight: leg,
    seat,
    // Check-in order is not seat order; 7 is coprime to the number of people, so that every number is another.
    sequence: 11 + ((index * 7) % PEOPLE.length),
    limits: { currencyNumeric: 156, ...LIMITS[holderClass] },
    staticCumMinor: NO_STATIC_SEATS.has(seat) ? 0 : 20_000,
    tier,
    gate: 1,
    holderClass,
    maskedName,
  };
}
