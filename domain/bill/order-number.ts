import { encodeBase32 } from '../encoding/base32.ts';
import { decodeHex } from '../encoding/hex.ts';
import type { FlightLeg } from '../flight.ts';
import { formatEpochDay } from '../instant.ts';

/**
 * Number of a passenger's one order at the wallet: `CP9C261122` + 13 characters (settlement.md 6.6). Every terminal
 * of the flight arrives at the same one. Throws on a cti that is not hexadecimal: a bug.
 */
export function orderNumber(leg: FlightLeg, cti: string): string {
  const bytes = decodeHex(cti);
  if (bytes === null) throw new Error('a cti is hexadecimal');
  return `CP${leg.carrier}${formatEpochDay(leg.departureDay).slice(2)}${encodeBase32(bytes)}`;
}
