// Whether anybody holds a signed line that a terminal's own journal, closed and delivered, ends before (threats.md 44).
import type { Kysely } from 'kysely';
import type { Tables } from '../database/tables.ts';
import { readHead, type JournalName } from './journal-rows.ts';

export type BeyondHead = { readonly leg: string; readonly seqs: readonly number[] };

/** Lines beyond the head, by flight, of flights that the terminal has closed. */
export async function findBeyondHead(db: Kysely<Tables>, name: JournalName): Promise<readonly BeyondHead[]> {
  const { airline, dev, ep } = name;
  const head = await readHead(db, name);
  if (head.seq === 0) return [];
  const beyond = await db
    .selectFrom('event')
    .select(['leg', 'seq'])
    .where('airline', '=', airline)
    .where('dev', '=', dev)
    .where('ep', '=', ep)
    .where('seq', '>', head.seq)
    .orderBy('seq')
    .execute();
  if (beyond.length === 0) return [];
  const legs = [...new Set(beyond.map(({ leg }) => leg))];
  const closed = await db
    .selectFrom('event')
    .select('leg')
    .distinct()
    .where('airline', '=', airline)
    .where('dev', '=', dev)
    .where('ep', '=', ep)
    .where('leg', 'in', legs)
    .where('ty', '=', 'FLIGHT_CLOSE')
    .where('is_practice', '=', false)
    .execute();
  return closed.map(({ leg }) => ({
    leg,
    seqs: beyond.filter((row) => row.leg === leg).map(({ seq }) => seq),
  }));
}
