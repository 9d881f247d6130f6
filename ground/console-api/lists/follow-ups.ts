import type { Selectable } from 'kysely';
import type { FollowUpTable } from '../../database/tables.ts';
import type { FollowUpRow } from '../../web/console-rows.ts';
import { amountColumn, column, reasonColumn, timeColumn } from '../csv-columns.ts';
import { before, type ListSource } from '../list-source.ts';

export function followUpRow(row: Selectable<FollowUpTable>): FollowUpRow {
  const { id, kind, leg, bill, dev, why, resolution } = row;
  return {
    id,
    kind,
    leg,
    orderNumber: row.order_number,
    bill,
    dev,
    why,
    createdAtMs: row.created_at_ms,
    resolvedAtMs: row.resolved_at_ms,
    resolvedBy: row.resolved_by,
    resolution,
  };
}

export const followUpsList: ListSource<'follow-ups'> = {
  keyTypes: ['number'],
  keyOf: ({ id }) => [id],
  read: async ({ db, airline, ask, after, limit }) => {
    let query = db
      .selectFrom('follow_up')
      .selectAll()
      .where('airline', '=', airline)
      .where('resolved_at_ms', ask.which === 'resolved' ? 'is not' : 'is', null)
      .where(before(['id'], after))
      .orderBy('id', 'desc')
      .limit(limit);
    if (ask.kind !== undefined) query = query.where('kind', '=', ask.kind);
    if (ask.leg !== undefined) query = query.where('leg', '=', ask.leg);
    return (await query.execute()).map(followUpRow);
  },
  columns: [
    column('kind', ({ kind }, { words }) => words.followUp[kind].name),
    reasonColumn('why', ({ why }) => why),
    column('flight', ({ leg }) => leg),
    column('order', ({ orderNumber }) => orderNumber),
    column('bill', ({ bill }) => bill),
    column('terminal', ({ dev }) => dev),
    timeColumn('created', ({ createdAtMs }) => createdAtMs),
    timeColumn('resolved', ({ resolvedAtMs }) => resolvedAtMs),
    column('resolvedBy', ({ resolvedBy }) => resolvedBy),
    column('resolution', ({ resolution }) => resolution),
  ],
};

/** Bills that wait for a decision; one that was decided is no longer in the list. */
export const setAsideList: ListSource<'set-aside'> = {
  keyTypes: ['number', 'string', 'number', 'number'],
  keyOf: ({ atMs, dev, ep, seq }) => [atMs, dev, ep, seq],
  read: async ({ db, airline, ask, after, limit }) => {
    let query = db
      .selectFrom('set_aside')
      .leftJoin('event', (join) =>
        join
          .onRef('event.airline', '=', 'set_aside.airline')
          .onRef('event.dev', '=', 'set_aside.dev')
          .onRef('event.ep', '=', 'set_aside.ep')
          .onRef('event.seq', '=', 'set_aside.seq'),
      )
      .select([
        'set_aside.dev',
        'set_aside.ep',
        'set_aside.seq',
        'set_aside.leg',
        'set_aside.bill',
        'set_aside.cti',
        'set_aside.why',
        'set_aside.at_ms',
        'event.tot_minor',
      ])
      .where('set_aside.airline', '=', airline)
      .where('decided_at_ms', 'is', null)
      .where(before(['set_aside.at_ms', 'set_aside.dev', 'set_aside.ep', 'set_aside.seq'], after))
      .orderBy('set_aside.at_ms', 'desc')
      .orderBy('set_aside.dev', 'desc')
      .orderBy('set_aside.ep', 'desc')
      .orderBy('set_aside.seq', 'desc')
      .limit(limit);
    if (ask.leg !== undefined) query = query.where('set_aside.leg', '=', ask.leg);
    const rows = await query.execute();
    return rows.map(({ at_ms, tot_minor, ...row }) => ({ ...row, atMs: at_ms, minor: tot_minor }));
  },
  columns: [
    column('bill', ({ bill }) => bill),
    column('flight', ({ leg }) => leg),
    column('terminal', ({ dev }) => dev),
    column('journal', ({ ep }) => ep),
    column('line', ({ seq }) => seq),
    column('code', ({ cti }) => cti),
    amountColumn('amount', ({ minor }) => minor),
    reasonColumn('why', ({ why }) => why),
    timeColumn('created', ({ atMs }) => atMs),
  ],
};
