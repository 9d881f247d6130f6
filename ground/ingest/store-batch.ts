// The one transaction in which a judged file becomes part of what ground knows (settlement.md 6.4 step 5).
import { sql, type Kysely } from 'kysely';
import type { JournalEvent } from '../../domain/journal/event.ts';
import { deviceName } from '../../domain/trust/device-certificate.ts';
import { writeAudit } from '../airlines/audit.ts';
import { storableText } from '../database/storable-text.ts';
import type { BatchStatusWord, Tables } from '../database/tables.ts';
import type { Ground } from '../ground.ts';
import { enqueue } from '../jobs/jobs.ts';
import type { StoredFile } from './incoming-files.ts';
import { addRows, lockHead, moveHead, type JournalName } from './journal-rows.ts';
import type { Judgement } from './judge-file.ts';
import { noteClosing } from './leg-terminals.ts';
import { reportBatch, reportRefusal } from './report.ts';
import { lookAgain } from './second-look.ts';

/** What a file came to; `DUPLICATE` when its batch had been taken before. */
export type Outcome = {
  readonly status: Exclude<BatchStatusWord, 'RECEIVED'>;
  readonly why: string | null;
};

export const JUDGE_JOB = 'judge-batch';
export const AGGREGATE_JOB = 'aggregate-leg';

/** Null: something else was added to the same journal meanwhile, and the file must be judged again. */
export async function storeBatch(
  ground: Ground,
  file: StoredFile,
  judgement: Judgement,
): Promise<Outcome | null> {
  return await ground.db.transaction().execute(async (db) => {
    const inside = { ...ground, db };
    const { manifest, held } = judgement;
    if (manifest === null || held === null || judgement.rows.length === 0) {
      return await refuse(inside, file, judgement);
    }
    const { dev, ep, batchId } = manifest;
    const name: JournalName = { airline: file.airline, dev, ep };
    const head = await lockHead(db, name);
    if (head.seq !== held.head.seq || head.hash !== held.head.hash) return null;
    if (await isTaken(db, file, batchId)) {
      const outcome: Outcome = { status: 'DUPLICATE', why: null };
      await settleFile(inside, file, judgement, outcome);
      return outcome;
    }
    if ((await addRows(inside, name, judgement.rows)).length > 0) return null;
    await moveHead(db, name, { seq: manifest.to, hash: manifest.headHash });
    return await accept(inside, file, { name, judgement, headBefore: head.seq });
  });
}

/** Nothing of the file is believed, or nothing of it is new. */
async function refuse(ground: Ground, file: StoredFile, judgement: Judgement): Promise<Outcome> {
  const { status, why } = judgement;
  const { airline } = file;
  await settleFile(ground, file, judgement, { status, why });
  if (status === 'FORK' && judgement.manifest !== null) {
    const { dev, ep } = judgement.manifest;
    await quarantine(ground, { airline, dev, ep }, why ?? 'fork');
  }
  await reportRefusal(ground, airline, judgement);
  return { status, why };
}

type Accepted = {
  readonly name: JournalName;
  readonly judgement: Judgement;
  /** Lines up to here had been judged before. */
  readonly headBefore: number;
};

async function accept(
  ground: Ground,
  file: StoredFile,
  { name, judgement, headBefore }: Accepted,
): Promise<Outcome> {
  const { db } = ground;
  const fresh = judgement.verdict.events.filter(({ seq }) => seq > headBefore);
  const second = await lookAgain(ground, name, fresh);
  const setAside = [...judgement.setAside, ...second.setAside];
  const whyStranger = second.setAside[0]?.why ?? null;
  const outcome: Outcome = {
    status: setAside.length > 0 || judgement.isLost ? 'PARTIAL' : 'ACCEPTED',
    why: judgement.why ?? whyStranger,
  };
  const legOf = new Map(judgement.rows.map((row) => [row.seq, row.leg]));
  const freshSetAside = setAside
    .filter(({ seq }) => seq > headBefore)
    .map((one) => ({ ...one, leg: legOf.get(one.seq) ?? '' }));
  await setBillsAside(ground, name, freshSetAside);
  await noteClosing(ground, name, fresh);
  await settleFile(ground, file, judgement, outcome);
  await reportBatch(ground, name, { judgement, second, setAside: freshSetAside });
  await lookForRetentionAgain(db, fresh);
  await askForCount(ground, fresh);
  return outcome;
}

async function isTaken(db: Kysely<Tables>, file: StoredFile, batchId: string): Promise<boolean> {
  const row = await db
    .selectFrom('batch')
    .select('id')
    .where('airline', '=', file.airline)
    .where('batch_id', '=', batchId)
    .where('status', 'in', ['ACCEPTED', 'PARTIAL'])
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Writes down what the file came to; one that was taken before stays as it is. */
async function settleFile(
  { db, nowMs }: Ground,
  { id, airline, source }: StoredFile,
  { manifest, verdict, resendFrom }: Judgement,
  { status, why }: Outcome,
): Promise<void> {
  const { totals } = verdict;
  const hasOneCurrency = new Set(totals.map(({ ccy }) => ccy)).size <= 1;
  await db
    .updateTable('batch')
    .set({
      batch_id: manifest?.batchId ?? null,
      dev: manifest?.dev ?? null,
      ep: manifest?.ep ?? null,
      from_seq: manifest?.from ?? null,
      to_seq: manifest?.to ?? null,
      legs: JSON.stringify(manifest?.legs.map(({ leg }) => storableText(leg)) ?? []),
      net_minor: hasOneCurrency ? totals.reduce((sum, { net }) => sum + net, 0) : null,
      status,
      why,
      resend_from: resendFrom,
    })
    .where('id', '=', id)
    .where('status', 'not in', ['ACCEPTED', 'PARTIAL'])
    .execute();
  await db.deleteFrom('job').where('kind', '=', JUDGE_JOB).where('key', '=', id.toString()).execute();
  const who = manifest === null ? source : `terminal ${deviceName(manifest.dev, manifest.ep)}`;
  const detail = { batchId: manifest?.batchId ?? null, status, source };
  await writeAudit({ db, nowMs }, { who, airline, what: 'batch-received', detail });
}

/** Nothing more is taken from the terminal until a person has looked. */
export async function quarantine(
  { db, nowMs }: Pick<Ground, 'db' | 'nowMs'>,
  { airline, dev, ep }: JournalName,
  why: string,
): Promise<void> {
  await db
    .updateTable('device')
    .set({ quarantined_at_ms: nowMs(), quarantine_why: why.slice(0, 200) })
    .where('airline', '=', airline)
    .where('dev', '=', dev)
    .where('ep', '=', ep)
    .where('quarantined_at_ms', 'is', null)
    .execute();
}

type BillOfLeg = {
  readonly leg: string;
  readonly seq: number;
  readonly bill: string | null;
  readonly cti: string | null;
  readonly why: string;
  readonly scope?: 'bill' | 'line';
};

async function setBillsAside(
  { db, nowMs }: Ground,
  { airline, dev, ep }: JournalName,
  bills: readonly BillOfLeg[],
): Promise<void> {
  if (bills.length === 0) return;
  const atMs = nowMs();
  await db
    .insertInto('set_aside')
    .values(
      bills.map(({ leg, seq, bill, cti, why, scope }) => ({
        airline,
        leg,
        dev,
        ep,
        seq,
        bill,
        cti,
        why,
        scope: scope ?? 'bill',
        at_ms: atMs,
      })),
    )
    // One line can be wrong in several ways; the first says enough.
    .onConflict((conflict) => conflict.columns(['airline', 'dev', 'ep', 'seq']).doNothing())
    .execute();
}

/** Lines that come when the flight's personal data had been deleted go the same way. */
async function lookForRetentionAgain(db: Kysely<Tables>, events: readonly JournalEvent[]): Promise<void> {
  const legs = [...new Set(events.map(({ leg }) => leg))].sort();
  if (legs.length === 0) return;
  await db
    .updateTable('flight')
    .set({ purged_at_ms: null })
    .where('leg', 'in', legs)
    .where('purged_at_ms', 'is not', null)
    .execute();
}

/** Every flight with new lines is counted again. In one order, so that two transactions never wait for each other. */
async function askForCount({ db, nowMs }: Ground, events: readonly JournalEvent[]): Promise<void> {
  const legs = [...new Set(events.filter(({ tr }) => tr !== true).map(({ leg }) => leg))].sort();
  for (const leg of legs) {
    if (leg === '') continue;
    await enqueue(db, { kind: AGGREGATE_JOB, key: leg, payload: {}, runAtMs: nowMs() });
  }
}

/** Legs as `batch.legs` holds them. */
export function touchesLeg(leg: string) {
  return sql<boolean>`batch.legs @> ${JSON.stringify([leg])}::jsonb`;
}
