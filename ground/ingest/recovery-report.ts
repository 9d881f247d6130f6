// What of a terminal's sales on one flight came back without it (journal.md 5.5).
import type { EventTable } from '../database/tables.ts';
import type { Ground } from '../ground.ts';
import { readHead } from './journal-rows.ts';

type Source = EventTable['source'];

export type RecoveryReport = {
  readonly dev: string;
  readonly ep: number;
  readonly leg: string;
  /** Up to here its journal was delivered by itself; 0 for nothing. */
  readonly deliveredTo: number;
  /** Lines beyond that which others handed in. */
  readonly recovered: {
    readonly lines: number;
    readonly bills: number;
    readonly passengers: number;
    /** What they come to at the wallet. */
    readonly netMinor: number;
    readonly bySource: Readonly<Partial<Record<Source, number>>>;
  };
  /** Gaps between the lines held, of any flight of the terminal; both ends included. */
  readonly missing: readonly { readonly from: number; readonly to: number }[];
  /** The last line anybody is known to have seen; whether more followed nobody can tell. */
  readonly lastKnownSeq: number;
};

export async function recoveryReport(
  { db }: Pick<Ground, 'db'>,
  airline: string,
  { dev, ep, leg }: { readonly dev: string; readonly ep: number; readonly leg: string },
): Promise<RecoveryReport> {
  const head = await readHead(db, { airline, dev, ep });
  const beyond = await db
    .selectFrom('event')
    .select(['seq', 'leg', 'bill', 'cti', 'tot_minor', 'tender', 'is_practice', 'source'])
    .where('airline', '=', airline)
    .where('dev', '=', dev)
    .where('ep', '=', ep)
    .where('seq', '>', head.seq)
    .orderBy('seq')
    .execute();
  const ofLeg = beyond.filter((row) => row.leg === leg && !row.is_practice);
  const bySource: Partial<Record<Source, number>> = {};
  for (const { source } of ofLeg) bySource[source] = (bySource[source] ?? 0) + 1;
  const wallet = ofLeg.filter(({ tender }) => tender === 'wallet');
  return {
    dev,
    ep,
    leg,
    deliveredTo: head.seq,
    recovered: {
      lines: ofLeg.length,
      bills: new Set(ofLeg.flatMap(({ bill }) => bill ?? [])).size,
      passengers: new Set(ofLeg.flatMap(({ cti }) => cti ?? [])).size,
      netMinor: wallet.reduce((sum, { tot_minor: tot }) => sum + (tot ?? 0), 0),
      bySource,
    },
    missing: findGaps(
      head.seq,
      beyond.map(({ seq }) => seq),
    ),
    lastKnownSeq: beyond.at(-1)?.seq ?? head.seq,
  };
}

/** Numbers between `after` and the last of `seqs` (ascending) that are not among them. */
export function findGaps(after: number, seqs: readonly number[]): { from: number; to: number }[] {
  const gaps: { from: number; to: number }[] = [];
  let last = after;
  for (const seq of seqs) {
    if (seq > last + 1) gaps.push({ from: last + 1, to: seq - 1 });
    last = Math.max(last, seq);
  }
  return gaps;
}
