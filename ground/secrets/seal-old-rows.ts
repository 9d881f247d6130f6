// Rows from before lines, packs and labels were sealed: each is sealed at the next start. Where there are none, this
// costs three looks.
import { sql } from 'kysely';
import { readEnvelope } from '../../domain/journal/line.ts';
import type { Ground } from '../ground.ts';
import { restLine } from '../ingest/event-line.ts';
import { howOf } from '../ingest/event-row.ts';
import { restLabel } from '../members/label.ts';
import { restPack } from '../packs/pack-at-rest.ts';

const ROWS_AT_ONCE = 500;

type Store = Pick<Ground, 'db' | 'seal'>;

/** Answers how many it sealed. May be stopped at any time: what is done is done. */
export async function sealOldRows(store: Store): Promise<number> {
  let count = 0;
  for (const sealSome of [sealLines, sealPacks, sealLabels]) {
    for (let some = ROWS_AT_ONCE; some === ROWS_AT_ONCE;) {
      some = await sealSome(store);
      count += some;
    }
  }
  return count;
}

async function sealLines({ db, seal }: Store): Promise<number> {
  const rows = await db
    .selectFrom('event')
    .select(['airline', 'month', 'dev', 'ep', 'seq', 'ty', 'line'])
    // As the index `event_in_clear` has it.
    .where(sql<boolean>`ty in ('CRED_SEEN', 'LOOKUP', 'BILL_OPEN')`)
    .where('line', 'is not', null)
    .limit(ROWS_AT_ONCE)
    .execute();
  for (const { airline, month, dev, ep, seq, ty, line } of rows) {
    if (line === null) continue;
    await db
      .updateTable('event')
      .set({ ...restLine(seal, { ty, line }), how: howOf(ty, bodyOf(line)) })
      .where('airline', '=', airline)
      .where('month', '=', month)
      .where('dev', '=', dev)
      .where('ep', '=', ep)
      .where('seq', '=', seq)
      .execute();
  }
  return rows.length;
}

function bodyOf(line: string): Readonly<Record<string, unknown>> {
  const body = readEnvelope(line)?.b;
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
}

async function sealPacks({ db, seal }: Store): Promise<number> {
  const rows = await db
    .selectFrom('flight_pack')
    .select(['leg', 'n', 'bytes'])
    .where('bytes', 'is not', null)
    .limit(ROWS_AT_ONCE)
    .execute();
  for (const { leg, n, bytes } of rows) {
    if (bytes === null) continue;
    const sealed = restPack(seal, bytes);
    await db.updateTable('flight_pack').set(sealed).where('leg', '=', leg).where('n', '=', n).execute();
  }
  return rows.length;
}

async function sealLabels({ db, seal }: Store): Promise<number> {
  const rows = await db
    .selectFrom('member')
    .select(['airline', 'wallet', 'account_hash', 'label'])
    .where('label', 'is not', null)
    .limit(ROWS_AT_ONCE)
    .execute();
  for (const { airline, wallet, account_hash: hash, label } of rows) {
    if (label === null) continue;
    await db
      .updateTable('member')
      .set(restLabel(seal, label))
      .where('airline', '=', airline)
      .where('wallet', '=', wallet)
      .where('account_hash', '=', hash)
      .execute();
  }
  return rows.length;
}
