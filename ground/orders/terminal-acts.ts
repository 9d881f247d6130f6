// What operations decide about flights and terminals that hold up a settlement.
import { fail, ok } from '../../domain/result.ts';
import { writeAudit } from '../airlines/audit.ts';
import { revokeDevice } from '../airlines/devices.ts';
import { inTransaction } from '../database/in-transaction.ts';
import { cancelFlight as cancelPlannedFlight } from '../flights/flights.ts';
import type { LegTerminalTable } from '../database/tables.ts';
import type { Ground } from '../ground.ts';
import { enqueue } from '../jobs/jobs.ts';
import { reason } from '../web/reasons.ts';
import type { ActAnswer, DeviceAct, LegAct, TerminalAct } from './act.ts';
import { addFollowUp } from './follow-ups.ts';

/** Nobody waits for this terminal any longer; what it still brings is late. */
export async function releaseTerminal(ground: Ground, act: TerminalAct): ActAnswer {
  return await inTransaction(ground, async (inside) => {
    const isThere = await setTerminal(inside, act, 'released');
    if (!isThere) return fail({ kind: 'not-found', why: act.dev });
    return await afterDecision(inside, act, 'terminal-released', { dev: act.dev });
  });
}

/** Its sales come from the passengers' copies; its own batch, should it turn up, changes nothing that is there. */
export async function declareTerminalLost(ground: Ground, act: TerminalAct): ActAnswer {
  const { airline, leg, dev } = act;
  return await inTransaction(ground, async (inside) => {
    if (!(await setTerminal(inside, act, 'lost'))) return fail({ kind: 'not-found', why: dev });
    await inside.db
      .updateTable('device')
      .set({ lost_at_ms: inside.nowMs() })
      .where('airline', '=', airline)
      .where('dev', '=', dev)
      .where('lost_at_ms', 'is', null)
      .execute();
    const why = reason('lost-declared').text;
    await addFollowUp(inside, { airline, kind: 'lost-terminal', leg, dev }, why);
    return await afterDecision(inside, act, 'terminal-lost', { dev });
  });
}

/** Taken back, and lost on every flight that waits for it: all of it or nothing. */
export async function reportTerminalLost(ground: Ground, act: DeviceAct): ActAnswer {
  const { airline, dev, ep, who } = act;
  return await inTransaction(ground, async (inside) => {
    const revoked = await revokeDevice(inside, airline, { dev, ep, by: who, lostAtMs: inside.nowMs() });
    if (!revoked.ok) return fail({ kind: 'not-found', why: dev });
    // Nobody waits for it any longer: what came of its sales through phones and other terminals is charged.
    for (const leg of await legsWaitingFor(inside, airline, dev)) {
      const declared = await declareTerminalLost(inside, { ...act, leg });
      if (!declared.ok) throw new Error('a flight that waits for a terminal is not there');
    }
    return ok(null);
  });
}

async function legsWaitingFor({ db }: Ground, airline: string, dev: string): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('leg_terminal')
    .innerJoin('flight', 'flight.leg', 'leg_terminal.leg')
    .select('leg_terminal.leg')
    .where('flight.airline', '=', airline)
    .where('leg_terminal.dev', '=', dev)
    .where('leg_terminal.status', '=', 'expected')
    // In one order: two that do this at once do not wait for each other.
    .orderBy('leg_terminal.leg')
    .execute();
  return rows.map(({ leg }) => leg);
}

/** Settles the flight with what is there. */
export async function releaseLeg(ground: Ground, act: LegAct): ActAnswer {
  return await inTransaction(ground, async (inside) => {
    if (!(await isLegOf(inside, act))) return fail({ kind: 'not-found', why: act.leg });
    const { numUpdatedRows } = await inside.db
      .updateTable('leg_terminal')
      .set({ status: 'released', at_ms: inside.nowMs(), cause: causeOf(act) })
      .where('leg', '=', act.leg)
      .where('status', '=', 'expected')
      .executeTakeFirstOrThrow();
    if (numUpdatedRows === 0n) return fail({ kind: 'not-possible', why: reason('none-expected').text });
    return await afterDecision(inside, act, 'leg-released', {});
  });
}

/** The flight does not take place: everybody's order is released at the wallet. */
export async function cancelFlight(ground: Ground, act: LegAct): ActAnswer {
  return await inTransaction(ground, async (inside) => {
    if (!(await isLegOf(inside, act))) return fail({ kind: 'not-found', why: act.leg });
    const cancelled = await cancelPlannedFlight(inside, act.leg, act.who);
    if (!cancelled.ok) return fail({ kind: 'not-possible', why: cancelled.error.kind });
    return ok(null);
  });
}

async function setTerminal(
  ground: Ground,
  act: TerminalAct,
  status: Extract<LegTerminalTable['status'], 'lost' | 'released'>,
): Promise<boolean> {
  if (!(await isLegOf(ground, act))) return false;
  const { numUpdatedRows } = await ground.db
    .updateTable('leg_terminal')
    .set({ status, at_ms: ground.nowMs(), cause: causeOf(act) })
    .where('leg', '=', act.leg)
    .where('dev', '=', act.dev)
    .where('status', 'in', ['expected', 'released'])
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

async function isLegOf({ db }: Ground, { airline, leg }: LegAct): Promise<boolean> {
  const row = await db
    .selectFrom('flight')
    .select('leg')
    .where('leg', '=', leg)
    .where('airline', '=', airline)
    .executeTakeFirst();
  return row !== undefined;
}

function causeOf({ who, why }: LegAct): string {
  return `${who}: ${why}`.slice(0, 500);
}

async function afterDecision(
  ground: Ground,
  { who, airline, leg, why }: LegAct,
  what: string,
  detail: Readonly<Record<string, unknown>>,
): ActAnswer {
  await writeAudit(ground, { who, airline, what, detail: { leg, ...detail, why } });
  await enqueue(ground.db, { kind: 'aggregate-leg', key: leg, payload: {}, runAtMs: ground.nowMs() });
  return ok(null);
}
