// Ground's answers to batches (`.cpr`): composed from what is known now, signed, and kept whenever they say something new.
import { sql } from 'kysely';
import { peekJsonJws } from '../../domain/crypto/compact-jws.ts';
import { signResultFile, type ResultFile } from '../../domain/settlement/result-file.ts';
import { signerFor } from '../airlines/keys.ts';
import { newestDenials } from '../flights/deny-list.ts';
import type { Ground } from '../ground.ts';
import type { JobHandler } from '../jobs/run-jobs.ts';
import { billsOfBatch } from './bills-of-batch.ts';
import { readHead, type JournalName } from './journal-rows.ts';
import { touchesLeg } from './store-batch.ts';

/** A batch as ground judged it, or as its sender calls it where nothing in it could be believed. */
export type AnsweredBatch = Pick<ResultFile, 'batchId' | 'dev' | 'ep' | 'status' | 'resendFrom'> & {
  readonly airline: string;
};

/** As many as a result file can carry; the newest, since a terminal's pack has the older ones. */
const MOST_DENIED = 10_000;

/** A signed answer that is not kept: where the file itself is refused, or the batch had been taken before. */
export async function signAnswer(ground: Ground, batch: AnsweredBatch): Promise<string> {
  const { signer } = await signerFor(ground, batch.airline, 'ground');
  return signResultFile(await compose(ground, batch), signer, ground.crypto);
}

/**
 * The newest result file of a batch, made anew when it has something new to say; null when no batch of this name was
 * ever judged.
 */
export async function composeResult(
  ground: Ground,
  airline: string,
  batchId: string,
): Promise<string | null> {
  const batch = await findBatch(ground, airline, batchId);
  if (batch === null) return null;
  const result = await compose(ground, batch);
  const newest = await newestResult(ground, airline, batchId);
  if (newest !== null && saysTheSame(newest.jws, result)) return newest.jws;
  const { signer } = await signerFor(ground, airline, 'ground');
  const jws = signResultFile(result, signer, ground.crypto);
  const { numInsertedOrUpdatedRows } = await ground.db
    .insertInto('result_file')
    .values({ airline, batch_id: batchId, n: (newest?.n ?? 0) + 1, jws, at_ms: result.at })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  // Somebody else was quicker with the same facts or newer ones.
  if ((numInsertedOrUpdatedRows ?? 0n) === 0n) {
    return (await newestResult(ground, airline, batchId))?.jws ?? jws;
  }
  return jws;
}

/** Job `publish-results`, key = leg: what has become of the bills of every batch that touches the flight. */
export const publishResultsJob: JobHandler = async (ground, { key: leg }) => {
  const batches = await ground.db
    .selectFrom('batch')
    .select(['airline', 'batch_id'])
    .distinct()
    .where(touchesLeg(leg))
    .where('status', 'in', ['ACCEPTED', 'PARTIAL'])
    .orderBy('batch_id')
    .execute();
  for (const { airline, batch_id: batchId } of batches) {
    if (batchId !== null) await composeResult(ground, airline, batchId);
  }
};

export async function newestResult(
  { db }: Pick<Ground, 'db'>,
  airline: string,
  batchId: string,
): Promise<{ readonly n: number; readonly jws: string } | null> {
  const row = await db
    .selectFrom('result_file')
    .select(['n', 'jws'])
    .where('airline', '=', airline)
    .where('batch_id', '=', batchId)
    .orderBy('n', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}

/** For the terminal itself: the newest result file of one of its batches. */
export async function newestResultFor(
  { db }: Pick<Ground, 'db'>,
  { airline, dev, ep }: JournalName,
  batchId: string,
): Promise<string | null> {
  const row = await db
    .selectFrom('batch')
    .select('id')
    .where('airline', '=', airline)
    .where('batch_id', '=', batchId)
    .where('dev', '=', dev)
    .where('ep', '=', ep)
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : ((await newestResult({ db }, airline, batchId))?.jws ?? null);
}

/** The newest result file of each of a terminal's batches that has one from `afterMs` or later, oldest first. */
export async function resultsSince(
  { db }: Pick<Ground, 'db'>,
  { airline, dev, ep }: JournalName,
  afterMs: number,
): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('result_file')
    .distinctOn('batch_id')
    .select(['batch_id', 'jws', 'at_ms'])
    .where('airline', '=', airline)
    .where('at_ms', '>=', afterMs)
    .where('batch_id', 'in', (eb) =>
      eb
        .selectFrom('batch')
        .select('batch_id')
        .where('airline', '=', airline)
        .where('dev', '=', dev)
        .where('ep', '=', ep)
        .where('batch_id', 'is not', null),
    )
    .orderBy('batch_id')
    .orderBy('n', 'desc')
    .execute();
  return [...rows].sort((a, b) => a.at_ms - b.at_ms).map(({ jws }) => jws);
}

/** The judgement that counts: taken once, a batch stays taken. */
async function findBatch({ db }: Ground, airline: string, batchId: string): Promise<AnsweredBatch | null> {
  const rows = await db
    .selectFrom('batch')
    .select(['dev', 'ep', 'status', 'resend_from'])
    .where('airline', '=', airline)
    .where('batch_id', '=', batchId)
    .where('status', 'not in', ['RECEIVED', 'DUPLICATE'])
    .orderBy(sql`status in ('ACCEPTED', 'PARTIAL')`, 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .execute();
  const [row] = rows;
  if (row === undefined || row.dev === null || row.ep === null || row.status === 'RECEIVED') return null;
  const { dev, ep, status, resend_from: resendFrom } = row;
  return { airline, batchId, dev, ep, status, resendFrom };
}

async function compose(ground: Ground, batch: AnsweredBatch): Promise<ResultFile> {
  const { airline, batchId, dev, ep, status, resendFrom } = batch;
  const head = await readHead(ground.db, { airline, dev, ep });
  const deny = await newestDenials(ground, airline, MOST_DENIED);
  // Whole, the list goes out with the packs.
  if (deny.isCut) ground.log.warn('deny-list-cut', { airline, most: MOST_DENIED });
  const { trust_version: trustVersion } = await ground.db
    .selectFrom('airline')
    .select('trust_version')
    .where('airline', '=', airline)
    .executeTakeFirstOrThrow();
  return {
    v: 1,
    batchId,
    dev,
    ep,
    status,
    ackSeq: head.seq,
    resendFrom,
    at: ground.nowMs(),
    bills: await billsOfBatch(ground, batch),
    deny: { version: deny.version, add: [...deny.ctis] },
    trustVersion,
  };
}

/** The time alone is nothing new. */
function saysTheSame(jws: string, result: ResultFile): boolean {
  const known = peekJsonJws(jws);
  if (!known.ok || typeof known.value !== 'object' || known.value === null) return false;
  return JSON.stringify({ ...known.value, at: 0 }) === JSON.stringify({ ...result, at: 0 });
}
