// Flights on record: planned, changed, cancelled. What may stand in a plan is judged in `flight-plan.ts`.
import { fail, ok, type Result } from '../../domain/result.ts';
import { findAirline } from '../airlines/airlines.ts';
import { writeAudit } from '../airlines/audit.ts';
import { inTransaction } from '../database/in-transaction.ts';
import { enqueue } from '../jobs/jobs.ts';
import type { Ground } from '../ground.ts';
import { reason } from '../web/reasons.ts';
import { preorderedSkus } from './preorders.ts';
import { enrolmentUntil, findPlanFault, type FlightPlan, type PlanFault } from './flight-plan.ts';

export type FlightProblem =
  | PlanFault
  | { readonly kind: 'airline-unknown' }
  | { readonly kind: 'flight-exists' }
  | { readonly kind: 'flight-unknown' }
  /** Its terminals have closed it, or it was cancelled. */
  | { readonly kind: 'flight-over' };

/** Plans a flight, with every terminal of its roster expected to report. */
export async function addFlight(
  ground: Ground,
  plan: FlightPlan,
  by: string,
): Promise<Result<null, FlightProblem>> {
  return await inTransaction(ground, async (inside) => {
    const fault = await judge(inside, plan);
    if (fault !== null) return fail(fault);
    const { numInsertedOrUpdatedRows } = await inside.db
      .insertInto('flight')
      .values({ leg: plan.leg, airline: plan.airline, status: 'planned', ...columnsOf(plan) })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirstOrThrow();
    if ((numInsertedOrUpdatedRows ?? 0n) === 0n) return fail({ kind: 'flight-exists' });
    await expectTerminals(inside, plan);
    await enqueue(inside.db, { kind: 'refresh-pack', key: plan.leg, payload: {}, runAtMs: inside.nowMs() });
    await writeAudit(inside, {
      who: by,
      airline: plan.airline,
      what: 'flight-planned',
      detail: { leg: plan.leg },
    });
    return ok(null);
  });
}

/** Changes a planned flight; its next pack says so. */
export async function changeFlight(
  ground: Ground,
  plan: FlightPlan,
  by: string,
): Promise<Result<null, FlightProblem>> {
  const { leg, airline } = plan;
  return await inTransaction(ground, async (inside) => {
    const row = await inside.db
      .selectFrom('flight')
      .select('status')
      .where('leg', '=', leg)
      .where('airline', '=', airline)
      .forNoKeyUpdate()
      .executeTakeFirst();
    if (row === undefined) return fail({ kind: 'flight-unknown' });
    if (row.status !== 'planned') return fail({ kind: 'flight-over' });
    const fault = await judge(inside, plan);
    if (fault !== null) return fail(fault);
    await inside.db.updateTable('flight').set(columnsOf(plan)).where('leg', '=', leg).execute();
    await inside.db
      .deleteFrom('leg_terminal')
      .where('leg', '=', leg)
      .where('status', '=', 'expected')
      .where(
        'dev',
        'not in',
        plan.roster.map(({ dev }) => dev),
      )
      .execute();
    await expectTerminals(inside, plan);
    await enqueue(inside.db, { kind: 'refresh-pack', key: leg, payload: {}, runAtMs: inside.nowMs() });
    await writeAudit(inside, { who: by, airline, what: 'flight-changed', detail: { leg } });
    return ok(null);
  });
}

/** Cancels a flight; the orders of those who had enrolled are released by the settlement. */
export async function cancelFlight(
  ground: Ground,
  leg: string,
  by: string,
): Promise<Result<null, FlightProblem>> {
  return await inTransaction(ground, async (inside) => {
    const row = await inside.db
      .updateTable('flight')
      .set({ status: 'cancelled' })
      .where('leg', '=', leg)
      .where('status', '=', 'planned')
      .returning('airline')
      .executeTakeFirst();
    if (row === undefined)
      return fail({ kind: (await exists(inside, leg)) ? 'flight-over' : 'flight-unknown' });
    await enqueue(inside.db, { kind: 'aggregate-leg', key: leg, payload: {}, runAtMs: inside.nowMs() });
    await writeAudit(inside, { who: by, airline: row.airline, what: 'flight-cancelled', detail: { leg } });
    return ok(null);
  });
}

async function exists({ db }: Ground, leg: string): Promise<boolean> {
  return (
    (await db.selectFrom('flight').select('leg').where('leg', '=', leg).executeTakeFirst()) !== undefined
  );
}

async function judge(ground: Ground, plan: FlightPlan): Promise<FlightProblem | null> {
  const airline = await findAirline(ground, plan.airline);
  if (airline === null) return { kind: 'airline-unknown' };
  const catalogue = await ground.db
    .selectFrom('catalogue')
    .select('catalogue')
    .where('airline', '=', plan.airline)
    .where('version', '=', plan.catalogueVersion)
    .executeTakeFirst();
  const crew = await ground.db
    .selectFrom('crew')
    .select(['crew_id', 'role'])
    .where('airline', '=', plan.airline)
    .where('crew_id', 'in', plan.crew)
    .execute();
  return findPlanFault(plan, {
    utcOffsetMinutes: airline.utcOffsetMinutes,
    skus: catalogue === undefined ? null : skusOf(catalogue.catalogue),
    crewRoles: new Map(crew.map((member) => [member.crew_id, member.role])),
    preordered: await preorderedSkus(ground, plan.leg),
  });
}

function skusOf(catalogue: Readonly<Record<string, unknown>>): ReadonlySet<string> {
  const items = catalogue['items'] as readonly { readonly sku: string }[];
  return new Set(items.map(({ sku }) => sku));
}

function columnsOf(plan: FlightPlan) {
  return {
    std_s: plan.stdSeconds,
    sta_s: plan.staSeconds,
    aircraft: plan.aircraft,
    cabin: JSON.stringify(plan.cabin),
    loading: JSON.stringify(plan.loading),
    crew: JSON.stringify(plan.crew),
    roster: JSON.stringify(plan.roster),
    cities: JSON.stringify(plan.cities),
    limits: JSON.stringify(plan.limits),
    catalogue_version: plan.catalogueVersion,
    enrolment_until_s: enrolmentUntil(plan),
    is_demo: plan.isDemo,
  };
}

async function expectTerminals({ db, nowMs }: Ground, { leg, roster }: FlightPlan): Promise<void> {
  await db
    .insertInto('leg_terminal')
    .values(
      roster.map(({ dev }) => ({
        leg,
        dev,
        status: 'expected' as const,
        at_ms: nowMs(),
        cause: reason('roster').text,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
