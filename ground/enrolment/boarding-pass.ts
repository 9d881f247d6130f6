// What a boarding pass (IATA BCBP) says about one flight. The phone has read it too; what ground reads decides.
import { decode, type BarcodedBoardingPass, type Leg } from 'bcbp';
import type { FlightLeg } from '../../domain/flight.ts';
import { fail, ok, type Result } from '../../domain/result.ts';

export type PassSeat = {
  /** `12C`; null where the pass has none yet. */
  readonly seat: string | null;
  /** Check-in sequence number, 0 where there is none. */
  readonly seq: number;
};

export type PassProblem = 'boarding-pass-unreadable' | 'boarding-pass-of-another-flight';

const DAY_MS = 86_400_000;

/** Seat and sequence of this flight on the pass, which may be for several. */
export function readBoardingPass(text: string, flight: FlightLeg): Result<PassSeat, PassProblem> {
  // A pass has the day of the year and no year: it is read as one of the flight's.
  const year = new Date(flight.departureDay * DAY_MS).getUTCFullYear();
  const legs = decodePass(text, year)?.data?.legs ?? [];
  if (legs.length === 0 || legs.every((leg) => leg.flightNumber === undefined)) {
    return fail('boarding-pass-unreadable');
  }
  const leg = legs.find((candidate) => isOf(candidate, flight));
  if (leg === undefined) return fail('boarding-pass-of-another-flight');
  const [, row = '', letter = ''] = /^0*(\d{1,3})([A-Z])$/.exec((leg.seatNumber ?? '').trim()) ?? [];
  const [seq = '0'] = /^\d{1,4}/.exec((leg.checkInSequenceNumber ?? '').trim()) ?? [];
  return ok({ seat: row === '' ? null : `${row}${letter}`, seq: Number(seq) });
}

function decodePass(text: string, year: number): BarcodedBoardingPass | null {
  if (!/^[MS][1-4]/.test(text)) return null;
  try {
    return decode(text, year);
  } catch {
    return null;
  }
}

function isOf(leg: Leg, { carrier, number, departureDay, origin, destination }: FlightLeg): boolean {
  const flown = (leg.flightNumber ?? '').trim();
  return (
    leg.operatingCarrierDesignator?.trim() === carrier &&
    /^\d{1,4}$/.test(flown) &&
    Number(flown) === number &&
    leg.departureAirport === origin &&
    leg.arrivalAirport === destination &&
    leg.flightDate !== undefined &&
    Math.floor(leg.flightDate.getTime() / DAY_MS) === departureDay
  );
}
