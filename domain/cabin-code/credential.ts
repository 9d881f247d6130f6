import type { FlightLeg } from '../flight.ts';
import { encodeHex } from '../encoding/hex.ts';
import { fail, ok, type Result } from '../result.ts';
import type { Credential } from './cabin-code.ts';
import { decodeStrict, hasExactly, isBytes, isUint } from './strict-cbor.ts';

const PRIVATE_CLAIM = -65_537;
const FIRST_IGNORABLE_KEY = 32;
const LAST_KNOWN_KEY = 11;

type ClaimsError = 'CBOR' | 'SCHEMA' | 'VERSION';

/** The claims of a payload whose issuer signature has verified (cabin-code.md 2.2; step 8 of 2.4). */
export function readCredential(payload: Uint8Array): Result<Credential, ClaimsError> {
  const decoded = decodeStrict(payload);
  if (!decoded.ok) return fail('CBOR');
  const claims = decoded.value;
  if (!(claims instanceof Map)) return fail('SCHEMA');
  const [iss, exp, nbf, iat, cti] = [1, 4, 5, 6, 7].map((key): unknown => claims.get(key));
  if (!isText(iss, /^[A-Z0-9-]{2,8}$/) || !isUint(exp) || !isUint(nbf) || !isUint(iat)) return fail('SCHEMA');
  if (!isBytes(cti, 8)) return fail('SCHEMA');
  const holderKey = claims.has(8) ? readHolderKey(claims.get(8)) : null;
  if (holderKey === 'malformed') return fail('SCHEMA');
  const cabin = readCabinClaims(claims.get(PRIVATE_CLAIM));
  if (cabin === null) return fail('SCHEMA');
  if (cabin.version !== 1) return fail('VERSION');
  return ok({ iss, exp, nbf, iat, cti: encodeHex(cti), holderKey, ...cabin });
}

function isText(value: unknown, pattern: RegExp): value is string {
  return typeof value === 'string' && pattern.test(value);
}

function readHolderKey(cnf: unknown): Credential['holderKey'] | 'malformed' {
  if (!hasExactly(cnf, [1])) return 'malformed';
  const key = cnf.get(1);
  if (!hasExactly(key, [1, -1, -2, -3])) return 'malformed';
  const [kty, curve, x, isYOdd] = [1, -1, -2, -3].map((label): unknown => key.get(label));
  if (kty !== 2 || curve !== 1 || !isBytes(x, 32) || typeof isYOdd !== 'boolean') return 'malformed';
  return { x, isYOdd };
}

type CabinClaims = Omit<Credential, 'iss' | 'exp' | 'nbf' | 'iat' | 'cti' | 'holderKey'>;

function readCabinClaims(cp: unknown): CabinClaims | null {
  if (!(cp instanceof Map)) return null;
  for (const key of cp.keys() as Iterable<unknown>) {
    if (!isUint(key) || key === 0 || (key > LAST_KNOWN_KEY && key < FIRST_IGNORABLE_KEY)) return null;
  }
  const [version, wallet, f, seat, sequence, l, st, tier, gate, holderClass] = [
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
  ].map((key): unknown => cp.get(key));
  const flight = readFlight(f);
  const limits = readLimits(l);
  if (flight === null || limits === null) return null;
  if (!isUint(version) || !isUintUpTo(wallet, 255) || !isText(seat, /^([0-9]{1,3}[A-Z])?$/)) return null;
  if (!isUintUpTo(sequence, 9999) || !isUintUpTo(st, limits.cumMinor)) return null;
  if (!isUintUpTo(tier, 15) || !isUint(gate) || !isUintUpTo(holderClass, 3)) return null;
  const maskedName: unknown = cp.has(11) ? cp.get(11) : null;
  if (maskedName !== null && !isText(maskedName, /^[A-Z*/ ]{1,12}$/)) return null;
  return {
    version,
    wallet,
    flight,
    seat,
    sequence,
    limits,
    staticCumMinor: st,
    tier,
    gate,
    holderClass,
    maskedName,
  };
}

function isUintUpTo(value: unknown, most: number): value is number {
  return isUint(value) && value <= most;
}

function readFlight(value: unknown): FlightLeg | null {
  if (!Array.isArray(value) || value.length !== 5) return null;
  const [carrier, number, departureDay, origin, destination] = value as unknown[];
  if (!isText(carrier, /^[A-Z0-9]{2,3}$/) || !isUintUpTo(number, 9999) || number === 0) return null;
  if (!isUint(departureDay) || !isText(origin, /^[A-Z]{3}$/) || !isText(destination, /^[A-Z]{3}$/))
    return null;
  return { carrier, number, departureDay, origin, destination };
}

function readLimits(value: unknown): Credential['limits'] | null {
  if (!Array.isArray(value) || value.length !== 4 || !value.every(isUint)) return null;
  const [currencyNumeric, cumMinor, perSaleMinor, maxSales] = value as [number, number, number, number];
  return { currencyNumeric, cumMinor, perSaleMinor, maxSales };
}
