// The lines ground holds of each terminal: reading what is there, adding what is new. One row per line, whatever brought
// it; the same line again adds nothing, another line under the same number is a fork.
import { sql, type Kysely } from 'kysely';
import type { JournalEvent } from '../../domain/journal/event.ts';
import { readLine } from '../../domain/journal/line.ts';
import type { HeldJournal } from '../../domain/settlement/verify-batch.ts';
import { encodeHex } from '../../domain/encoding/hex.ts';
import type { Tables } from '../database/tables.ts';
import type { Ground } from '../ground.ts';
import { readRestingLine, restLine } from './event-line.ts';
import type { EventRow } from './event-row.ts';

/** Lines are sealed as they go in and opened as they come out. */
type Store = Pick<Ground, 'db' | 'seal'>;

/** One terminal's journal. */
export type JournalName = { readonly airline: string; readonly dev: string; readonly ep: number };
export type JournalHead = { readonly seq: number; readonly hash: string };

/** Lines that came without a batch, by which a batch can be checked. */
export type HeldLine = { readonly seq: number; readonly hash: string; readonly source: EventRow['source'] };

export type Held = {
  readonly head: JournalHead;
  readonly journal: HeldJournal;
  /** Lines of the range asked about, one before it included, whatever brought them. */
  readonly lines: readonly HeldLine[];
};

const NO_HEAD: JournalHead = { seq: 0, hash: '' };
/** In one statement; a batch of many thousand lines goes in several. */
const ROWS_AT_ONCE = 2000;

export async function readHead(db: Kysely<Tables>, { airline, dev, ep }: JournalName): Promise<JournalHead> {
  const row = await db
    .selectFrom('journal_head')
    .select(['head_seq', 'head_hash'])
    .where('airline', '=', airline)
    .where('dev', '=', dev)
    .where('ep', '=', ep)
    .executeTakeFirst();
  return row === undefined ? NO_HEAD : { seq: row.head_seq, hash: row.head_hash };
}

/** The head, held until the transaction ends: whoever adds to this journal next waits. */
export async function lockHead(trx: Kysely<Tables>, name: JournalName): Promise<JournalHead> {
  const { airline, dev, ep } = name;
  await trx
    .insertInto('journal_head')
    .values({ airline, dev, ep, head_seq: 0, head_hash: '' })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const row = await trx
    .selectFrom('journal_head')
    .select(['head_seq', 'head_hash'])
    .where('airline', '=', airline)
    .where('dev', '=', dev)
    .where('ep', '=', ep)
    .forUpdate()
    .executeTakeFirstOrThrow();
  return { seq: row.head_seq, hash: row.head_hash };
}

export async function moveHead(trx: Kysely<Tables>, name: JournalName, head: JournalHead): Promise<void> {
  await trx
    .updateTable('journal_head')
    .set({ head_seq: head.seq, head_hash: head.hash })
    .where('airline', '=', name.airline)
    .where('dev', '=', name.dev)
    .where('ep', '=', name.ep)
    .where('head_seq', '<', head.seq)
    .execute();
}

/**
 * What a batch of `from`..`to` is judged against: the head, the lines it overlaps with, and the earlier events of the
 * flights it speaks of; events of other flights have no bearing on it.
 */
export async function readHeld(
  { db, seal }: Store,
  name: JournalName,
  { from, to, legs }: { readonly from: number; readonly to: number; readonly legs: readonly string[] },
): Promise<Held> {
  const head = await readHead(db, name);
  const ofJournal = db
    .selectFrom('event')
    .where('airline', '=', name.airline)
    .where('dev', '=', name.dev)
    .where('ep', '=', name.ep);
  const lines = await ofJournal
    .select(['seq', 'hash', 'source'])
    .where('seq', '>=', from - 1)
    .where('seq', '<=', to)
    .execute();
  const earlier =
    from <= 1 || legs.length === 0
      ? []
      : await ofJournal
          .select(['line', 'line_sealed'])
          .where('leg', 'in', legs)
          .where('seq', '<', from)
          .where('seq', '<=', head.seq)
          .orderBy('seq')
          .execute();
  const hashes = new Map(lines.map(({ seq, hash }) => [seq, hash]));
  const events = earlier
    .map((row) => readRestingLine(seal, row))
    // Purged lines are of flights long settled.
    .map((line) => (line === null ? null : readLine(line)))
    .filter((event): event is JournalEvent => event !== null);
  return {
    head,
    lines,
    journal: { ackSeq: head.seq, hashAt: (seq) => hashes.get(seq) ?? null, events },
  };
}

/**
 * Adds rows of one journal and answers the numbers of those that stood there with other content: forks, which are left
 * as they were. A line that a phone brought before becomes the batch's.
 */
export async function addRows(
  trx: Store,
  name: JournalName,
  rows: readonly EventRow[],
): Promise<readonly number[]> {
  const forks: number[] = [];
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
    forks.push(...(await addSome(trx, name, rows.slice(at, at + ROWS_AT_ONCE))));
  }
  return forks;
}

async function addSome(
  { db: trx, seal }: Store,
  { airline, dev, ep }: JournalName,
  rows: readonly EventRow[],
): Promise<readonly number[]> {
  const seqs = rows.map((row) => row.seq);
  const known = await trx
    .selectFrom('event')
    .select(['seq', 'hash', 'source'])
    .where('airline', '=', airline)
    .where('dev', '=', dev)
    .where('ep', '=', ep)
    .where('seq', '>=', Math.min(...seqs))
    .where('seq', '<=', Math.max(...seqs))
    .execute();
  const bySeq = new Map(known.map((row) => [row.seq, row]));
  const fresh = rows.filter((row) => !bySeq.has(row.seq));
  await insertRows({ db: trx, seal }, fresh);
  const confirmed = rows.filter(({ seq, hash, source }) => {
    const before = bySeq.get(seq);
    return source === 'batch' && before !== undefined && before.hash === hash && before.source !== 'batch';
  });
  if (confirmed.length > 0) {
    await trx
      .updateTable('event')
      .set({ source: 'batch' })
      .where('airline', '=', airline)
      .where('dev', '=', dev)
      .where('ep', '=', ep)
      .where(
        'seq',
        'in',
        confirmed.map((row) => row.seq),
      )
      .execute();
  }
  return rows.filter(({ seq, hash }) => (bySeq.get(seq)?.hash ?? hash) !== hash).map((row) => row.seq);
}

/**
 * One parameter for all rows: parsing thousands of them costs the embedded database more than storing the rows. The
 * caller holds the journal's head, so nobody else can add the same numbers; if somebody does all the same, the primary
 * key refuses and the transaction fails.
 */
async function insertRows({ db, seal }: Store, rows: readonly EventRow[]): Promise<void> {
  if (rows.length === 0) return;
  const atRest = rows.map((row) => {
    const { line, line_sealed: sealed } = restLine(seal, row);
    return { ...row, line, line_sealed: sealed === null ? null : `\\x${encodeHex(sealed)}` };
  });
  await sql`insert into event
      (airline, month, dev, ep, seq, hash, line, line_sealed, leg, ty, bill, cti, crew, t_ms, tot_minor, tender, how,
      is_practice, source)
    select airline, month, dev, ep, seq, hash, line, line_sealed, leg, ty, bill, cti, crew, t_ms, tot_minor, tender, how,
      is_practice, source
    from json_to_recordset(${JSON.stringify(atRest)}::json) as row (
      airline text, month integer, dev text, ep integer, seq bigint, hash text, line text, line_sealed bytea, leg text,
      ty text, bill text, cti text, crew text, t_ms bigint, tot_minor bigint, tender text, how text, is_practice boolean, source text
    )`.execute(db);
}
