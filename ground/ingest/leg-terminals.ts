// Where each terminal of a flight stands, as its batches tell (settlement.md 6.5).
import type { JournalEvent } from '../../domain/journal/event.ts';
import type { LegTerminalTable } from '../database/tables.ts';
import type { Ground } from '../ground.ts';
import { reason } from '../web/reasons.ts';
import type { JournalName } from './journal-rows.ts';

const SELLING: ReadonlySet<string> = new Set(['BILL_OPEN', 'SALE', 'VOID', 'REFUND', 'DISCOUNT']);

/**
 * A FLIGHT_CLOSE closes the terminal's part of the flight and releases those it names as unused; a terminal that has
 * sold is expected to close, on the roster or not, also when another called it unused. Flights ground does not know
 * have nobody waiting for them.
 */
export async function noteClosing(
  ground: Ground,
  { dev }: JournalName,
  events: readonly JournalEvent[],
): Promise<void> {
  const inEarnest = events.filter((event) => event.tr !== true && event.leg !== '');
  const flights = await findFlights(ground, [...new Set(inEarnest.map(({ leg }) => leg))].sort());
  const standings = flights.flatMap((flight) => standingsOf(flight, dev, inEarnest));
  // In one order: of two terminals that close at once and call each other unused, neither waits for the other.
  const inOrder = standings.sort((a, b) => (`${a.leg} ${a.dev}` < `${b.leg} ${b.dev}` ? -1 : 1));
  for (const standing of inOrder) await noteTerminal(ground, standing);
}

function standingsOf(
  { leg, roster }: KnownFlight,
  dev: string,
  events: readonly JournalEvent[],
): readonly Standing[] {
  const ofLeg = events.filter((event) => event.leg === leg);
  const close = ofLeg.find((event) => event.ty === 'FLIGHT_CLOSE');
  if (close === undefined) {
    const hasSold = ofLeg.some(({ ty }) => SELLING.has(ty));
    return hasSold ? [{ leg, dev, status: 'expected', cause: reason('has-sold').text }] : [];
  }
  const unused = close.b.unused.filter((other) => other !== dev && roster.has(other));
  return [
    { leg, dev, status: 'closed', cause: reason('own-close').text },
    ...[...new Set(unused)].map((other): Standing => ({
      leg,
      dev: other,
      status: 'unused',
      cause: reason('close-of', { dev }).text,
    })),
  ];
}

type KnownFlight = { readonly leg: string; readonly roster: ReadonlySet<string> };

async function findFlights({ db }: Ground, legs: readonly string[]): Promise<readonly KnownFlight[]> {
  if (legs.length === 0) return [];
  const rows = await db.selectFrom('flight').select(['leg', 'roster']).where('leg', 'in', legs).execute();
  return rows.map(({ leg, roster }) => ({ leg, roster: new Set(roster.map((entry) => entry.dev)) }));
}

type Standing = Pick<LegTerminalTable, 'leg' | 'dev' | 'cause'> & { readonly status: keyof typeof GIVES_WAY };

/** Which earlier standings give way: `closed` is the terminal's own last word, a person's stands against the rest. */
const GIVES_WAY: Readonly<Record<'closed' | 'unused' | 'expected', readonly LegTerminalTable['status'][]>> = {
  closed: ['expected', 'unused', 'lost', 'released'],
  unused: ['expected'],
  expected: ['unused'],
};

async function noteTerminal({ db, nowMs }: Ground, { leg, dev, status, cause }: Standing): Promise<void> {
  const values = { status, cause, at_ms: nowMs() };
  await db
    .insertInto('leg_terminal')
    .values({ leg, dev, ...values })
    .onConflict((conflict) =>
      conflict
        .columns(['leg', 'dev'])
        .doUpdateSet(values)
        .where('leg_terminal.status', 'in', GIVES_WAY[status]),
    )
    .execute();
}
