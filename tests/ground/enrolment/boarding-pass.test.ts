import { encode } from 'bcbp';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FlightLeg } from '../../../domain/flight.ts';
import { readBoardingPass } from '../../../ground/enrolment/boarding-pass.ts';

const DAY_MS = 86_400_000;
const dayOf = (iso: string): number => Date.parse(`${iso}T00:00:00Z`) / DAY_MS;

const flight: FlightLeg = {
  carrier: '9C',
  number: 835,
  departureDay: dayOf('2027-01-01'),
  origin: 'SHA',
  destination: 'CTU',
};

type Facts = Partial<{
  carrier: string;
  number: string;
  day: string;
  seat: string;
  seq: string;
  from: string;
  to: string;
}>;

function pass(...legs: readonly Facts[]): string {
  return encode({
    data: {
      passengerName: 'WANG/JIE MR',
      legs: legs.map((leg) => ({
        operatingCarrierPNR: 'ABC123',
        departureAirport: leg.from ?? 'SHA',
        arrivalAirport: leg.to ?? 'CTU',
        operatingCarrierDesignator: leg.carrier ?? '9C',
        flightNumber: leg.number ?? '0835',
        flightDate: new Date(`${leg.day ?? '2027-01-01'}T00:00:00Z`),
        compartmentCode: 'Y',
        seatNumber: leg.seat ?? '012C',
        checkInSequenceNumber: leg.seq ?? '0031',
        passengerStatus: '1',
      })),
    },
  });
}

describe('a boarding pass', () => {
  it('tells seat and sequence of this flight, also on the first day of a year', () => {
    expect(readBoardingPass(pass({}), flight)).toEqual({ ok: true, value: { seat: '12C', seq: 31 } });
  });

  it('for several flights is read for this one', () => {
    const text = pass(
      { number: '0111', from: 'PEK', to: 'SHA', seat: '003A' },
      { seat: '007F', seq: '0009' },
    );
    expect(readBoardingPass(text, flight)).toEqual({ ok: true, value: { seat: '7F', seq: 9 } });
  });

  it('without a seat yet leaves it to the passenger', () => {
    expect(readBoardingPass(pass({ seat: '    ', seq: '     ' }), flight)).toEqual({
      ok: true,
      value: { seat: null, seq: 0 },
    });
  });

  it.each<[string, Facts]>([
    ['another number', { number: '0836' }],
    ['another carrier', { carrier: 'HO' }],
    ['the day before', { day: '2026-12-31' }],
    ['the way back', { from: 'CTU', to: 'SHA' }],
  ])('of %s is of another flight', (_what, facts) => {
    expect(readBoardingPass(pass(facts), flight)).toEqual({
      ok: false,
      error: 'boarding-pass-of-another-flight',
    });
  });

  it('is nothing else: no text is read as a pass that is none', () => {
    for (const text of ['134567890123456789', 'CP1:ABC', 'M1', 'HC1:6BF']) {
      expect(readBoardingPass(text, flight)).toEqual({ ok: false, error: 'boarding-pass-unreadable' });
    }
    fc.assert(
      fc.property(fc.string({ maxLength: 400 }), (text) => {
        expect(readBoardingPass(`M1${text}`, flight).ok).toBe(false);
      }),
    );
  });
});
