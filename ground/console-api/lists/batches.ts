import { sql, type Selectable } from 'kysely';
import type { BatchTable } from '../../database/tables.ts';
import type { BatchRow, LineRow } from '../../web/console-rows.ts';
import { amountColumn, column, reasonColumn, timeColumn } from '../csv-columns.ts';
import { before, behind, type ListSource } from '../list-source.ts';

/** All but the file itself. */
export const BATCH_FIELDS = [
  'id',
  'batch_id',
  'dev',
  'ep',
  'from_seq',
  'to_seq',
  'legs',
  'net_minor',
  'status',
  'why',
  'resend_from',
  'source',
  'received_at_ms',
] as const;

export const BATCH_SIZE = sql<number>`octet_length(bytes)`.as('size');

export function batchRow(
  row: Pick<Selectable<BatchTable>, (typeof BATCH_FIELDS)[number]> & { readonly size: number },
): BatchRow {
  return {
    id: row.id,
    batchId: row.batch_id,
    dev: row.dev,
    ep: row.ep,
    fromSeq: row.from_seq,
    toSeq: row.to_seq,
    legs: row.legs,
    netMinor: row.net_minor,
    status: row.status,
    why: row.why,
    resendFrom: row.resend_from,
    source: row.source,
    receivedAtMs: row.received_at_ms,
    sizeBytes: row.size,
  };
}

export const batchesList: ListSource<'batches'> = {
  keyTypes: ['number', 'number'],
  keyOf: ({ receivedAtMs, id }) => [receivedAtMs, id],
  read: async ({ db, airline, ask, after, limit }) => {
    let query = db
      .selectFrom('batch')
      .select([...BATCH_FIELDS, BATCH_SIZE])
      .where('airline', '=', airline)
      .where(before(['received_at_ms', 'id'], after))
      .orderBy('received_at_ms', 'desc')
      .orderBy('id', 'desc')
      .limit(limit);
    if (ask.status !== undefined) query = query.where('status', '=', ask.status);
    if (ask.dev !== undefined) query = query.where('dev', '=', ask.dev);
    if (ask.leg !== undefined) query = query.where(sql<boolean>`legs @> ${JSON.stringify([ask.leg])}::jsonb`);
    return (await query.execute()).map(batchRow);
  },
  columns: [
    timeColumn('received', ({ receivedAtMs }) => receivedAtMs),
    column('terminal', ({ dev }) => dev),
    column('journal', ({ ep }) => ep),
    column('lines', ({ fromSeq, toSeq }) => rangeOf(fromSeq, toSeq)),
    column('legs', ({ legs }) => legs.join(' ')),
    amountColumn('net', ({ netMinor }) => netMinor),
    column('status', ({ status }, { words }) => words.batchStatus[status].name),
    reasonColumn('why', ({ why }) => why),
    column('source', ({ source }, { words }) => words.source[source]),
    column('batch', ({ batchId }) => batchId),
    column('size', ({ sizeBytes }) => sizeBytes),
  ],
};

function rangeOf(from: number | null, to: number | null): string | null {
  return from === null || to === null ? null : `${from.toString()}–${to.toString()}`;
}

export const LINE_FIELDS = [
  'seq',
  'ty',
  't_ms',
  'leg',
  'crew',
  'bill',
  'cti',
  'tot_minor',
  'tender',
  'is_practice',
  'source',
] as const;

export const batchLinesList: ListSource<'batch-lines'> = {
  keyTypes: ['number'],
  keyOf: ({ seq }) => [seq],
  read: async ({ db, airline, ask, after, limit }) => {
    const batch = await db
      .selectFrom('batch')
      .select(['dev', 'ep', 'from_seq', 'to_seq'])
      .where('airline', '=', airline)
      .where('id', '=', ask.id)
      .executeTakeFirst();
    if (batch === undefined) return [];
    const { dev, ep, from_seq, to_seq } = batch;
    if (dev === null || ep === null || from_seq === null || to_seq === null) return [];
    const rows = await db
      .selectFrom('event')
      .select(LINE_FIELDS)
      .where('airline', '=', airline)
      .where('dev', '=', dev)
      .where('ep', '=', ep)
      .where('seq', '>=', from_seq)
      .where('seq', '<=', to_seq)
      .where(behind(['seq'], after))
      .orderBy('seq')
      .limit(limit)
      .execute();
    return rows.map(lineRow);
  },
  columns: [
    column('line', ({ seq }) => seq),
    column('type', ({ ty }, { words }) => words.line[ty] ?? ty),
    timeColumn('time', ({ atMs }) => atMs),
    column('flight', ({ leg }) => leg),
    column('crew', ({ crew }) => crew),
    column('bill', ({ bill }) => bill),
    column('code', ({ cti }) => cti),
    amountColumn('amount', ({ minor }) => minor),
    column('tender', ({ tender }, { words }) => (tender === null ? null : words.tender[tender])),
    column('practice', ({ isPractice }, { words }) => (isPractice ? words.common.yes : null)),
    column('source', ({ source }, { words }) => words.source[source]),
  ],
};

export function lineRow(row: {
  readonly seq: number;
  readonly ty: string;
  readonly t_ms: number;
  readonly leg: string;
  readonly crew: string;
  readonly bill: string | null;
  readonly cti: string | null;
  readonly tot_minor: number | null;
  readonly tender: LineRow['tender'];
  readonly is_practice: boolean;
  readonly source: LineRow['source'];
}): LineRow {
  const { seq, ty, leg, crew, bill, cti, tender, source } = row;
  return {
    seq,
    ty,
    atMs: row.t_ms,
    leg,
    crew,
    bill,
    cti,
    minor: row.tot_minor,
    tender,
    isPractice: row.is_practice,
    source,
  };
}
