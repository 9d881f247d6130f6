// What ground holds of a leg's sales, out of the events whatever brought them.
import type { JournalEvent } from '../../domain/journal/event.ts';
import { readLine } from '../../domain/journal/line.ts';
import type { Ground } from '../ground.ts';
import { billIdOf, monthOfLine } from '../ingest/event-row.ts';
import type { SetAside } from './count-passenger.ts';
import type { LegFacts } from './leg-standing.ts';

export type LegRow = LegFacts & { readonly leg: string; readonly airline: string };

const MONEY_TYPES = ['SALE', 'VOID', 'REFUND', 'DISCOUNT'] as const;

/** Events are cut by the month of their leg, `yyyymm`. */
function monthOfLeg(leg: string): number {
  return monthOfLine({ leg, t: 0 });
}

export async function readLeg({ db }: Pick<Ground, 'db'>, leg: string): Promise<LegRow | null> {
  const flight = await db
    .selectFrom('flight')
    .select(['airline', 'sta_s', 'status', 'roster'])
    .where('leg', '=', leg)
    .executeTakeFirst();
  if (flight === undefined) return null;
  const terminals = await db
    .selectFrom('leg_terminal')
    .select(['dev', 'status'])
    .where('leg', '=', leg)
    .execute();
  const seen = await db
    .selectFrom('event')
    .select('dev')
    .distinct()
    .where('airline', '=', flight.airline)
    .where('month', '=', monthOfLeg(leg))
    .where('leg', '=', leg)
    .where('is_practice', '=', false)
    .execute();
  return {
    leg,
    airline: flight.airline,
    staMs: flight.sta_s * 1000,
    status: flight.status,
    roster: flight.roster,
    terminals,
    seen: seen.map(({ dev }) => dev),
  };
}

/** The wallet sales of a leg with their corrections, by passenger; `cti` for one of them. */
export async function readMoney(
  { db }: Pick<Ground, 'db'>,
  { airline, leg, cti }: { readonly airline: string; readonly leg: string; readonly cti?: string },
): Promise<ReadonlyMap<string, readonly JournalEvent[]>> {
  let query = db
    .selectFrom('event')
    .select(['cti', 'line'])
    .where('airline', '=', airline)
    .where('month', '=', monthOfLeg(leg))
    .where('leg', '=', leg)
    .where('ty', 'in', MONEY_TYPES)
    .where('tender', '=', 'wallet')
    .where('is_practice', '=', false)
    .where('cti', 'is not', null);
  if (cti !== undefined) query = query.where('cti', '=', cti);
  const byPassenger = new Map<string, JournalEvent[]>();
  for (const row of await query.execute()) {
    // Lines were read and verified when they came; one that cannot be read now moves no money.
    const event = row.line === null ? null : readLine(row.line);
    if (event === null || row.cti === null) continue;
    const known = byPassenger.get(row.cti);
    if (known === undefined) byPassenger.set(row.cti, [event]);
    else known.push(event);
  }
  return byPassenger;
}

/** What verification set aside of a leg and what a person decided about it. */
export async function readSetAside({ db }: Pick<Ground, 'db'>, leg: string): Promise<SetAside> {
  const rows = await db
    .selectFrom('set_aside')
    .select(['dev', 'ep', 'seq', 'bill', 'scope', 'decision'])
    .where('leg', '=', leg)
    .execute();
  const undecided = new Set<string>();
  const dropped = new Set<string>();
  for (const { dev, ep, seq, bill, scope, decision } of rows) {
    const name = scope === 'bill' && bill !== null ? bill : billIdOf({ dev, ep, seq });
    if (decision === null) undecided.add(name);
    if (decision === 'dropped') dropped.add(name);
  }
  return { undecided, dropped };
}
