import { formatEpochDay } from './instant.ts';

/** An operating flight leg as it stands in a cabin code (cabin-code.md 2.2, cp key 3). */
export type FlightLeg = {
  readonly carrier: string;
  readonly number: number;
  /** Days since 1970-01-01 of the boarding pass's date, local to the origin. */
  readonly departureDay: number;
  readonly origin: string;
  readonly destination: string;
};

/** `9C8835-20261122-SHA-CTU`: the leg's name in packs, journals and batches. */
export function legId(leg: FlightLeg): string {
  return `${flightNumber(leg)}-${formatEpochDay(leg.departureDay)}-${leg.origin}-${leg.destination}`;
}

/** `9C8835` */
export function flightNumber(leg: FlightLeg): string {
  return `${leg.carrier}${leg.number.toString()}`;
}

/** The leg a `legId` names, or null when the text is not one. */
export function readLegId(text: string): FlightLeg | null {
  const match = /^([A-Z0-9]{2,3}?)(\d{1,4})-(\d{4})(\d{2})(\d{2})-([A-Z]{3})-([A-Z]{3})$/.exec(text);
  if (match === null) return null;
  const [, carrier = '', number = '', year = '', month = '', day = '', origin = '', destination = ''] = match;
  const ms = Date.UTC(Number(year), Number(month) - 1, Number(day));
  const leg: FlightLeg = {
    carrier,
    number: Number(number),
    departureDay: Math.floor(ms / 86_400_000),
    origin,
    destination,
  };
  return legId(leg) === text ? leg : null;
}

export function isSameLeg(a: FlightLeg, b: FlightLeg): boolean {
  return (
    a.carrier === b.carrier &&
    a.number === b.number &&
    a.departureDay === b.departureDay &&
    a.origin === b.origin &&
    a.destination === b.destination
  );
}
