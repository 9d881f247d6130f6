// What a ground is filled with: how much, and which flights.
export type FillPlan = {
  readonly airline: string;
  readonly nameZh: string;
  readonly nameEn: string;
  readonly nowMs: number;
  /** Flights before now, the newest of them today. */
  readonly flights: number;
  readonly passengersPerFlight: number;
  /** Lines per passenger: code seen, bill opened, sales and slips. */
  readonly eventsPerPassenger: number;
  readonly seed: number;
};

export type PlannedFlight = {
  readonly leg: string;
  readonly stdS: number;
  readonly month: number;
  readonly devs: readonly [string, string];
  readonly row: object;
};
