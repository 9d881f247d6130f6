// Control sums: what the terminal stated against what its lines add up to (settlement.md 6.4, step 4).
import type { JournalEvent, LegTotals } from '../journal/event.ts';
import type { BatchManifest } from './batch-manifest.ts';
import { legTotals } from './totals.ts';

/** The first figure of the manifest that the lines contradict, in words, or null. */
export function findTotalsFault(
  manifest: BatchManifest,
  totals: readonly LegTotals[],
  legs: readonly { readonly leg: string; readonly closed: boolean }[],
): string | null {
  return findDifference(manifest.totals, totals, 'the manifest') ?? findLegsFault(manifest.legs, legs);
}

/** The same for the FLIGHT_CLOSE of each leg from `from` on, against everything its leg did before it. */
export function findClosingTotalsFault(events: readonly JournalEvent[], from: number): string | null {
  const eventsOfLeg = new Map<string, JournalEvent[]>();
  const closed = new Set<string>();
  for (const event of events) {
    if (event.tr === true) continue;
    const ofLeg = eventsOfLeg.get(event.leg) ?? [];
    eventsOfLeg.set(event.leg, ofLeg);
    if (event.ty === 'FLIGHT_CLOSE') {
      if (closed.has(event.leg)) return `${event.leg} is closed twice`;
      closed.add(event.leg);
      const stated = event.b.totals.filter((total) => total.leg === event.leg);
      const where = `FLIGHT_CLOSE (seq ${event.seq.toString()})`;
      const difference = event.seq < from ? null : findDifference(stated, legTotals(ofLeg), where);
      if (difference !== null) return difference;
    }
    ofLeg.push(event);
  }
  return null;
}

function findDifference(
  stated: readonly LegTotals[],
  counted: readonly LegTotals[],
  where: string,
): string | null {
  for (const total of counted) {
    const name = `totals of ${total.leg} ${total.ccy}`;
    const same = stated.filter((one) => one.leg === total.leg && one.ccy === total.ccy);
    const [match] = same;
    if (match === undefined) return `${name}: missing in ${where}`;
    if (same.length > 1) return `${name}: stand twice in ${where}`;
    const wanted = fieldsOf(total);
    for (const [field, value] of fieldsOf(match)) {
      const lines = wanted.get(field) ?? 0;
      if (value !== lines) {
        return `${name}: ${field} is ${value.toString()} in ${where}, ${lines.toString()} in the lines`;
      }
    }
  }
  const extra = stated.find(
    (one) => !counted.some((total) => total.leg === one.leg && total.ccy === one.ccy),
  );
  return extra === undefined ? null : `totals of ${extra.leg} ${extra.ccy}: in ${where}, not in the lines`;
}

function fieldsOf(total: LegTotals): Map<string, number> {
  const { sales, voids, refunds, discounts, net, credentials } = total;
  return new Map([
    ...Object.entries({ sales, voids, refunds, discounts }).flatMap(
      ([name, { n, amt }]): [string, number][] => [
        [`${name}.n`, n],
        [`${name}.amt`, amt],
      ],
    ),
    ['net', net],
    ['credentials', credentials],
  ]);
}

function findLegsFault(
  stated: BatchManifest['legs'],
  counted: readonly { readonly leg: string; readonly closed: boolean }[],
): string | null {
  const describe = (legs: readonly { leg: string; closed: boolean }[]): string =>
    legs
      .map(({ leg, closed }) => `${leg} ${closed ? 'closed' : 'open'}`)
      .sort()
      .join(', ');
  if (describe(stated) === describe(counted)) return null;
  return `legs: the manifest says ${describe(stated)}; the lines ${describe(counted)}`;
}
