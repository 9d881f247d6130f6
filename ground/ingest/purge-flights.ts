// What names passengers outside their enrolments: flight packs, pre-orders, the journal lines that carry their codes, and the batch
// files those came in. Hashes, numbers and everything about money stay.
import { sql } from 'kysely';
import type { OrderState } from '../database/tables.ts';
import type { Ground } from '../ground.ts';
import { monthOfLine } from './event-row.ts';
import { removeSpooled } from './spool.ts';

/** Times in epoch ms; `settled`: order states in which nothing more is asked of anybody. */
export type Retention = {
  readonly atMs: number;
  readonly beforeMs: number;
  readonly settled: readonly OrderState[];
};

const AT_ONCE = 200;

type Desk = Pick<Ground, 'db' | 'spoolFolder'>;

/** Of flights that arrived before. A line whose passenger's order is open stays; the flight is looked at again then. */
export async function purgeFlights(
  { db }: Desk,
  { atMs, beforeMs, settled }: Retention,
): Promise<{ readonly packs: number; readonly lines: number }> {
  const flights = await db
    .selectFrom('flight')
    .select(['leg', 'airline'])
    .where('sta_s', '<', Math.floor(beforeMs / 1000))
    .where('purged_at_ms', 'is', null)
    .execute();
  let packs = 0;
  let lines = 0;
  for (const { leg, airline } of flights) {
    await db.transaction().execute(async (trx) => {
      const pack = await trx
        .updateTable('flight_pack')
        .set({ bytes: null, bytes_sealed: null })
        .where('leg', '=', leg)
        .where((eb) => eb.or([eb('bytes', 'is not', null), eb('bytes_sealed', 'is not', null)]))
        .executeTakeFirstOrThrow();
      await trx.deleteFrom('preorder').where('leg', '=', leg).execute();
      const open = trx
        .selectFrom('wallet_order')
        .select('cti')
        .where('leg', '=', leg)
        .where('state', 'not in', settled);
      const line = await trx
        .updateTable('event')
        .set({ line_sealed: null })
        .where('airline', '=', airline)
        .where('month', '=', monthOfLine({ leg, t: 0 }))
        .where('leg', '=', leg)
        .where('line_sealed', 'is not', null)
        .where((eb) => eb.or([eb('cti', 'is', null), eb('cti', 'not in', open)]))
        .executeTakeFirstOrThrow();
      await trx
        .updateTable('flight')
        .set({ purged_at_ms: atMs })
        .where('leg', '=', leg)
        .where((eb) => eb.not(eb.exists(open)))
        .execute();
      packs += Number(pack.numUpdatedRows);
      lines += Number(line.numUpdatedRows);
    });
  }
  return { packs, lines };
}

/**
 * Of files that came before and speak of no flight that is younger or has an open order. With them go the lines of their
 * range that belong to no flight ground knows.
 */
export async function purgeBatches(
  { db, spoolFolder }: Desk,
  { atMs, beforeMs, settled }: Retention,
): Promise<{ readonly batches: number; readonly lines: number }> {
  let batches = 0;
  let lines = 0;
  for (;;) {
    const due = await db
      .selectFrom('batch')
      .select(['id', 'airline', 'file_sha256', 'dev', 'ep', 'from_seq', 'to_seq'])
      .where('received_at_ms', '<', beforeMs)
      .where('purged_at_ms', 'is', null)
      .where('status', '!=', 'RECEIVED')
      .where(
        sql<boolean>`not exists (select 1 from jsonb_array_elements_text(batch.legs) as named (leg) join flight using (leg)
          where (sta_s >= ${Math.floor(beforeMs / 1000)} or exists (select 1 from wallet_order
            where wallet_order.leg = flight.leg and state not in (${sql.join(settled)}))))`,
      )
      .orderBy('received_at_ms')
      .limit(AT_ONCE)
      .execute();
    for (const file of due) lines += await purgeBatch({ db }, file, atMs);
    if (spoolFolder !== undefined) {
      for (const { airline, file_sha256: hash } of due) await removeSpooled(spoolFolder, { airline, hash });
    }
    batches += due.length;
    if (due.length < AT_ONCE) return { batches, lines };
  }
}

type DueFile = {
  readonly id: number;
  readonly airline: string;
  readonly dev: string | null;
  readonly ep: number | null;
  readonly from_seq: number | null;
  readonly to_seq: number | null;
};

async function purgeBatch({ db }: Desk, file: DueFile, atMs: number): Promise<number> {
  const { id, airline, dev, ep, from_seq: from, to_seq: to } = file;
  return await db.transaction().execute(async (trx) => {
    await trx
      .updateTable('batch')
      .set({ bytes: new Uint8Array(0), purged_at_ms: atMs })
      .where('id', '=', id)
      .execute();
    if (dev === null || ep === null || from === null || to === null) return 0;
    const { numUpdatedRows } = await trx
      .updateTable('event')
      .set({ line_sealed: null })
      .where('airline', '=', airline)
      .where('dev', '=', dev)
      .where('ep', '=', ep)
      .where('seq', '>=', from)
      .where('seq', '<=', to)
      .where('line_sealed', 'is not', null)
      .where((eb) =>
        eb.not(eb.exists(eb.selectFrom('flight').select('leg').whereRef('flight.leg', '=', 'event.leg'))),
      )
      .executeTakeFirstOrThrow();
    return Number(numUpdatedRows);
  });
}
