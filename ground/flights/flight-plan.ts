// What an airline says about a flight, and every reason not to take it. No database here.
import * as v from 'valibot';
import { packManifestSchema } from '../../domain/flight-pack/manifest.ts';
import { readLegId } from '../../domain/flight.ts';
import { epochDayAt } from '../../domain/instant.ts';
import { findTextFault } from '../../domain/text/clean-text.ts';
import { cabinSchema } from './cabin.ts';

const seconds = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const id = v.pipe(v.string(), v.regex(/^[A-Z0-9][A-Z0-9-]{0,19}$/));
const label = v.pipe(
  v.string(),
  v.check((text) => findTextFault(text, 40) === null, 'text is empty, too long or has forbidden characters'),
);

export const loadingSchema = v.strictObject({
  trolleys: v.pipe(
    v.array(
      v.strictObject({
        id,
        zone: v.picklist(['front', 'middle', 'rear']),
        drawers: v.pipe(
          v.array(
            v.strictObject({
              id,
              items: v.pipe(
                v.array(
                  v.strictObject({
                    sku: v.pipe(v.string(), v.regex(/^[A-Z0-9-]{2,20}$/)),
                    loaded: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(999)),
                  }),
                ),
                v.maxLength(500),
              ),
            }),
          ),
          v.maxLength(40),
        ),
      }),
    ),
    v.maxLength(20),
  ),
});

const row = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(199));

export const flightPlanSchema = v.strictObject({
  airline: v.pipe(v.string(), v.regex(/^[A-Z0-9]{2,3}$/)),
  /** `9C8835-20261122-SHA-CTU` */
  leg: v.pipe(
    v.string(),
    v.check((text) => readLegId(text) !== null, 'no flight leg'),
  ),
  stdSeconds: seconds,
  staSeconds: seconds,
  aircraft: v.pipe(v.string(), v.regex(/^[A-Z0-9-]{2,12}$/)),
  cabin: cabinSchema,
  loading: loadingSchema,
  /** Ids of crew members on record. */
  crew: v.pipe(v.array(v.pipe(v.string(), v.regex(/^[A-Z0-9]{2,12}$/))), v.minLength(1), v.maxLength(60)),
  roster: v.pipe(
    v.array(
      v.strictObject({
        dev: v.pipe(v.string(), v.regex(/^[A-Z0-9-]{2,20}$/)),
        zone: v.strictObject({ fromRow: row, toRow: row }),
      }),
    ),
    v.minLength(1),
    v.maxLength(40),
  ),
  cities: v.record(v.pipe(v.string(), v.regex(/^[A-Z]{3}$/)), v.strictObject({ zh: label, en: label })),
  limits: packManifestSchema.entries.limits,
  catalogueVersion: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  /** Half an hour before departure where nothing is said. */
  enrolmentUntilSeconds: v.optional(seconds),
  /** A demo may be flown earlier than its times say. */
  isDemo: v.boolean(),
});

export type FlightPlan = v.InferOutput<typeof flightPlanSchema>;

const ENROLMENT_CLOSES_BEFORE_DEPARTURE_SECONDS = 30 * 60;
const LONGEST_FLIGHT_SECONDS = 20 * 3600;

export function enrolmentUntil({ enrolmentUntilSeconds, stdSeconds }: FlightPlan): number {
  return enrolmentUntilSeconds ?? stdSeconds - ENROLMENT_CLOSES_BEFORE_DEPARTURE_SECONDS;
}

/** What is on record and a plan must fit. */
export type PlanContext = {
  readonly utcOffsetMinutes: number;
  /** Item numbers of the catalogue the plan names; null when there is no such version. */
  readonly skus: ReadonlySet<string> | null;
  readonly crewRoles: ReadonlyMap<string, string>;
  /** What passengers have ordered for it already. */
  readonly preordered: readonly string[];
};

export type PlanFault =
  | { readonly kind: 'times'; readonly why: string }
  | { readonly kind: 'other-day' }
  | { readonly kind: 'city-without-name'; readonly airport: string }
  | { readonly kind: 'catalogue-unknown'; readonly version: number }
  | { readonly kind: 'loaded-item-unknown'; readonly sku: string }
  | { readonly kind: 'preordered-item-unknown'; readonly sku: string }
  | { readonly kind: 'crew-unknown'; readonly crewId: string }
  | { readonly kind: 'no-purser' }
  | { readonly kind: 'terminal-twice'; readonly dev: string }
  | { readonly kind: 'zone'; readonly dev: string };

/** The first thing wrong with a plan, or null. */
export function findPlanFault(plan: FlightPlan, context: PlanContext): PlanFault | null {
  return (
    findTimeFault(plan, context) ??
    findNameFault(plan, context) ??
    findCrewFault(plan, context) ??
    findRosterFault(plan)
  );
}

function findTimeFault(plan: FlightPlan, { utcOffsetMinutes }: PlanContext): PlanFault | null {
  const { stdSeconds, staSeconds, leg, isDemo } = plan;
  if (staSeconds <= stdSeconds) return { kind: 'times', why: 'arrives before it departs' };
  if (staSeconds - stdSeconds > LONGEST_FLIGHT_SECONDS) return { kind: 'times', why: 'flies too long' };
  if (!isDemo && enrolmentUntil(plan) > stdSeconds) {
    return { kind: 'times', why: 'enrolment closes after departure' };
  }
  const day = readLegId(leg)?.departureDay ?? 0;
  // The date is the origin's own; the airline's offset is at most a day away from it.
  const isOtherDay = Math.abs(epochDayAt(stdSeconds * 1000, utcOffsetMinutes) - day) > 1;
  return isOtherDay ? { kind: 'other-day' } : null;
}

function findNameFault(
  { leg, cities, catalogueVersion, loading }: FlightPlan,
  { skus, preordered }: PlanContext,
): PlanFault | null {
  const flight = readLegId(leg);
  for (const airport of [flight?.origin ?? '', flight?.destination ?? '']) {
    if (!Object.hasOwn(cities, airport)) return { kind: 'city-without-name', airport };
  }
  if (skus === null) return { kind: 'catalogue-unknown', version: catalogueVersion };
  const items = loading.trolleys.flatMap(({ drawers }) => drawers.flatMap((drawer) => drawer.items));
  const unknown = items.find(({ sku }) => !skus.has(sku));
  if (unknown !== undefined) return { kind: 'loaded-item-unknown', sku: unknown.sku };
  const missed = preordered.find((sku) => !skus.has(sku));
  return missed === undefined ? null : { kind: 'preordered-item-unknown', sku: missed };
}

function findCrewFault({ crew }: FlightPlan, { crewRoles }: PlanContext): PlanFault | null {
  const unknown = crew.find((crewId) => !crewRoles.has(crewId));
  if (unknown !== undefined) return { kind: 'crew-unknown', crewId: unknown };
  return crew.some((crewId) => crewRoles.get(crewId) === 'purser') ? null : { kind: 'no-purser' };
}

function findRosterFault({ roster }: FlightPlan): PlanFault | null {
  for (const [i, { dev, zone }] of roster.entries()) {
    if (roster.findIndex((other) => other.dev === dev) !== i) return { kind: 'terminal-twice', dev };
    if (zone.fromRow > zone.toRow) return { kind: 'zone', dev };
  }
  return null;
}
