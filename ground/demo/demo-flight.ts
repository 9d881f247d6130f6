import { epochDayAt, WALLET_OFFSET_MINUTES } from '../../domain/instant.ts';
import { legId, type FlightLeg } from '../../domain/flight.ts';

/** The demo flight; times in epoch seconds. */
export type DemoFlight = {
  readonly leg: FlightLeg;
  readonly legId: string;
  readonly std: number;
  readonly sta: number;
};

export const DEPARTED_SECONDS_AGO = 45 * 60;
const FLYING_SECONDS = 200 * 60;

/** 9C8835 from Shanghai Hongqiao to Chengdu, in the air for three quarters of an hour. */
export function demoFlight(nowMs: number): DemoFlight {
  const std = Math.floor((nowMs / 1000 - DEPARTED_SECONDS_AGO) / 60) * 60;
  const leg: FlightLeg = {
    carrier: '9C',
    number: 8835,
    departureDay: epochDayAt(std * 1000, WALLET_OFFSET_MINUTES),
    origin: 'SHA',
    destination: 'CTU',
  };
  return { leg, legId: legId(leg), std, sta: std + FLYING_SECONDS };
}
