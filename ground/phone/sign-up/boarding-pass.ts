// What a scanned boarding pass says about seat and flight (IATA BCBP). Ground reads it again and decides.
import { decode } from 'bcbp';
import { readLegId } from '../../../domain/flight.ts';
import type { OpenFlight } from '../../web/phone-api.ts';

export type BoardingPass = {
  readonly text: string;
  /** As printed: `WANG/JUN MR`. */
  readonly name: string;
  readonly seat: string;
  readonly seq: number;
  readonly carrier: string;
  readonly number: number;
  readonly origin: string;
  readonly destination: string;
  /** Month and day, `11-23`; a pass carries no year. */
  readonly monthDay: string;
};

const MAX_CHARS = 400;

/** The passes in a code, one per leg; empty when it is no boarding pass. */
export function readBoardingPass(text: string, nowMs: number): readonly BoardingPass[] {
  if (text.length > MAX_CHARS || !/^[MS]\d/.test(text)) return [];
  const data = decodeBcbp(text, nowMs);
  return (data?.legs ?? []).flatMap((leg) => {
    const seat = (leg.seatNumber ?? '').replace(/^0+/, '').trim();
    const number = Number.parseInt(leg.flightNumber ?? '', 10);
    if (!/^\d{1,3}[A-Z]$/.test(seat) || Number.isNaN(number)) return [];
    return {
      text,
      name: (data?.passengerName ?? '').trim(),
      seat,
      seq: Number.parseInt(leg.checkInSequenceNumber ?? '', 10) || 0,
      carrier: (leg.operatingCarrierDesignator ?? '').trim(),
      number,
      origin: leg.departureAirport ?? '',
      destination: leg.arrivalAirport ?? '',
      monthDay: leg.flightDate?.toISOString().slice(5, 10) ?? '',
    };
  });
}

function decodeBcbp(text: string, nowMs: number): ReturnType<typeof decode>['data'] | null {
  try {
    return decode(text, new Date(nowMs).getUTCFullYear()).data;
  } catch {
    return null;
  }
}

/** The open flight a pass is for, with the pass; null when it is for another one. */
export function matchFlight(
  passes: readonly BoardingPass[],
  flights: readonly OpenFlight[],
): { readonly pass: BoardingPass; readonly flight: OpenFlight } | null {
  for (const pass of passes) {
    const flight = flights.find((open) => isFor(pass, open));
    if (flight !== undefined) return { pass, flight };
  }
  return null;
}

function isFor(pass: BoardingPass, open: OpenFlight): boolean {
  const leg = readLegId(open.leg);
  if (leg === null) return false;
  const monthDay = new Date(leg.departureDay * 86_400_000).toISOString().slice(5, 10);
  return (
    leg.carrier === pass.carrier &&
    leg.number === pass.number &&
    leg.origin === pass.origin &&
    leg.destination === pass.destination &&
    monthDay === pass.monthDay
  );
}
