// Passengers' own copies (journal.md 5.5): verbatim journal lines with the terminal's signature, from a phone. They count
// as much as the terminal's batch, and when that comes with the same lines, once.
import type { EcPublicJwk } from '../../domain/crypto/crypto.ts';
import { isLineSigned, lineHeader, readLine } from '../../domain/journal/line.ts';
import { writeAudit } from '../airlines/audit.ts';
import { ensurePartitions } from '../database/partitions.ts';
import type { EventTable } from '../database/tables.ts';
import type { Ground } from '../ground.ts';
import { enqueue } from '../jobs/jobs.ts';
import { addFollowUp } from '../orders/follow-ups.ts';
import { reason } from '../web/reasons.ts';
import { eventRowOf, type EventRow } from './event-row.ts';
import { findBeyondHead } from './head-check.ts';
import { addRows, lockHead, type JournalName } from './journal-rows.ts';
import { reportBeyondHead } from './report.ts';
import { spoolCopies } from './spooled-copies.ts';
import { AGGREGATE_JOB, quarantine } from './store-batch.ts';

export type CopyOutcome =
  /** Also where it had been known. */
  | 'kept'
  /** Another passenger's, of another flight, or no sale or correction. */
  | 'not-yours'
  /** Not signed by a terminal of this airline. */
  | 'not-genuine';

export type Copies = {
  /** Whoever hands them in, already recognised. */
  readonly cti: string;
  readonly lines: readonly string[];
  readonly source?: Exclude<EventTable['source'], 'batch'>;
};

const MONEY: ReadonlySet<string> = new Set(['SALE', 'VOID', 'REFUND', 'DISCOUNT']);

/** Takes any texts; answers per line, in their order. The same line again changes nothing. */
export async function receiveCopies(
  ground: Ground,
  { cti, lines, source = 'phone' }: Copies,
): Promise<readonly CopyOutcome[]> {
  const passenger = await ground.db
    .selectFrom('passenger')
    .select(['airline', 'leg'])
    .where('cti', '=', cti)
    .executeTakeFirst();
  if (passenger === undefined) return lines.map(() => 'not-yours');
  const { airline, leg } = passenger;
  const keys = await keysOf(ground, airline, lines);
  const judged = lines.map((line) => judgeCopy(ground, line, { airline, leg, cti, keys, source }));
  const rows = judged.flatMap((one) => (typeof one === 'string' ? [] : [one]));
  await spoolCopies(ground, { airline, cti, source, rows });
  for (const month of new Set(rows.map((row) => row.month)))
    await ensurePartitions(ground.db, airline, month);
  for (const journal of byJournal(rows)) await keep(ground, leg, journal);
  return judged.map((one) => (typeof one === 'string' ? one : 'kept'));
}

type Owner = {
  readonly airline: string;
  readonly leg: string;
  readonly cti: string;
  readonly keys: ReadonlyMap<string, EcPublicJwk>;
  readonly source: EventTable['source'];
};

function judgeCopy(
  { crypto }: Ground,
  line: string,
  { airline, leg, cti, keys, source }: Owner,
): EventRow | Exclude<CopyOutcome, 'kept'> {
  const event = readLine(line);
  const key = event === null ? undefined : keys.get(`${event.dev} ${event.ep.toString()}`);
  if (event === null || key === undefined) return 'not-genuine';
  if (!isLineSigned(line, lineHeader(key, crypto), key, crypto)) return 'not-genuine';
  const isMine = MONEY.has(event.ty) && 'cti' in event.b && event.b.cti === cti && event.leg === leg;
  return (isMine ? eventRowOf(line, { airline, source, crypto }) : null) ?? 'not-yours';
}

/** The keys of the terminals the lines say they come from, by `dev ep`. */
async function keysOf(
  { db }: Ground,
  airline: string,
  lines: readonly string[],
): Promise<ReadonlyMap<string, EcPublicJwk>> {
  const devs = new Set(lines.flatMap((line) => readLine(line)?.dev ?? []));
  if (devs.size === 0) return new Map();
  const rows = await db
    .selectFrom('device')
    .select(['dev', 'ep', 'jwk'])
    .where('airline', '=', airline)
    .where('dev', 'in', [...devs])
    .execute();
  return new Map(rows.map(({ dev, ep, jwk }) => [`${dev} ${ep.toString()}`, jwk]));
}

function byJournal(rows: readonly EventRow[]): readonly (readonly [EventRow, ...EventRow[]])[] {
  const journals = new Map<string, [EventRow, ...EventRow[]]>();
  for (const row of rows) {
    const name = `${row.dev} ${row.ep.toString()}`;
    const known = journals.get(name);
    if (known === undefined) journals.set(name, [row]);
    else known.push(row);
  }
  return [...journals].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, journal]) => journal);
}

/** Lines of one journal. They never move its head: only an unbroken batch does. */
async function keep(ground: Ground, leg: string, rows: readonly [EventRow, ...EventRow[]]): Promise<void> {
  const [{ airline, dev, ep }] = rows;
  const name: JournalName = { airline, dev, ep };
  await ground.db.transaction().execute(async (db) => {
    const inside = { ...ground, db };
    await lockHead(db, name);
    const unique = [...new Map(rows.map((row) => [row.hash, row])).values()];
    const forks = await addRows(inside, name, unique);
    for (const seq of forks) {
      await reportFork(inside, name, { leg, seq, line: unique.find((row) => row.seq === seq)?.line ?? '' });
    }
    for (const beyond of await findBeyondHead(db, name)) {
      await reportBeyondHead(inside, { airline, dev, ...beyond });
    }
    await enqueue(db, { kind: AGGREGATE_JOB, key: leg, payload: {}, runAtMs: ground.nowMs() });
  });
}

/** Two genuine lines under one number: the terminal has, or had, two journals (threats.md 45, 50). */
async function reportFork(
  ground: Ground,
  name: JournalName,
  { leg, seq, line }: { readonly leg: string; readonly seq: number; readonly line: string },
): Promise<void> {
  const { airline, dev, ep } = name;
  const why = reason('copy-differs', { n: seq }).text;
  await quarantine(ground, name, why);
  await addFollowUp(ground, { airline, kind: 'fork', leg, dev }, why);
  // The line itself is evidence; nothing else keeps it.
  await writeAudit(ground, { who: 'worker', airline, what: 'fork', detail: { dev, ep, seq, line } });
}
