// Differences, members, the deny-list and the audit trail: tables shown much as they stand.
import { sql } from 'kysely';
import { readRestingLabel } from '../../members/label.ts';
import { amountColumn, column, timeColumn, walletName } from '../csv-columns.ts';
import { before, beginning, type ListSource } from '../list-source.ts';

export const differencesList: ListSource<'differences'> = {
  keyTypes: ['number'],
  keyOf: ({ id }) => [id],
  read: async ({ db, airline, ask, after, limit }) => {
    let query = db
      .selectFrom('difference')
      .selectAll()
      .where('airline', '=', airline)
      .where('resolved_at_ms', ask.which === 'resolved' ? 'is not' : 'is', null)
      .where(before(['id'], after))
      .orderBy('id', 'desc')
      .limit(limit);
    if (ask.day !== undefined) query = query.where('day', '=', ask.day);
    return (await query.execute()).map((row) => ({
      id: row.id,
      wallet: row.wallet,
      day: row.day,
      kind: row.kind,
      orderNumber: row.order_number,
      transactionId: row.transaction_id,
      oursMinor: row.ours_minor,
      theirsMinor: row.theirs_minor,
      createdAtMs: row.created_at_ms,
      resolvedAtMs: row.resolved_at_ms,
    }));
  },
  columns: [
    column('day', ({ day }) => day),
    column('wallet', ({ wallet }, { words }) => walletName(wallet, words)),
    column('kind', ({ kind }, { words }) => words.difference[kind].name),
    column('order', ({ orderNumber }) => orderNumber),
    column('transaction', ({ transactionId }) => transactionId),
    amountColumn('ours', ({ oursMinor }) => oursMinor),
    amountColumn('theirs', ({ theirsMinor }) => theirsMinor),
    amountColumn('difference', ({ oursMinor, theirsMinor }) => (theirsMinor ?? 0) - (oursMinor ?? 0)),
    timeColumn('created', ({ createdAtMs }) => createdAtMs),
    timeColumn('resolved', ({ resolvedAtMs }) => resolvedAtMs),
  ],
};

export const membersList: ListSource<'members'> = {
  keyTypes: ['number', 'number', 'string'],
  keyOf: ({ addedAtMs, wallet, accountHash }) => [addedAtMs, wallet, accountHash],
  read: async ({ db, seal, airline, ask, after, limit }) => {
    const query = db
      .selectFrom('member')
      .selectAll()
      .where('airline', '=', airline)
      .where('removed_at_ms', 'is', null)
      .where(before(['added_at_ms', 'wallet', 'account_hash'], after))
      .orderBy('added_at_ms', 'desc')
      .orderBy('wallet', 'desc')
      .orderBy('account_hash', 'desc');
    const sought = ask.find?.toLowerCase();
    // Labels are sealed: the database cannot look into them, so whoever seeks one reads an airline's regulars through.
    const rows = await (sought === undefined ? query.limit(limit) : query).execute();
    return rows
      .map((row) => ({
        wallet: row.wallet,
        accountHash: row.account_hash,
        label: readRestingLabel(seal, row),
        tier: row.tier,
        addedAtMs: row.added_at_ms,
        addedBy: row.added_by,
      }))
      .filter(({ label }) => sought === undefined || label.toLowerCase().includes(sought))
      .slice(0, limit);
  },
  columns: [
    column('member', ({ label }) => label),
    column('tier', ({ tier }) => tier),
    column('wallet', ({ wallet }, { words }) => walletName(wallet, words)),
    timeColumn('added', ({ addedAtMs }) => addedAtMs),
    column('addedBy', ({ addedBy }) => addedBy),
  ],
};

export const denyList: ListSource<'deny-list'> = {
  keyTypes: ['number', 'string'],
  keyOf: ({ addedAtMs, cti }) => [addedAtMs, cti],
  read: async ({ db, airline, ask, after, limit }) => {
    let query = db
      .selectFrom('deny')
      // A code of another airline's passenger may stand here by hand; whose it is stays with that airline.
      .leftJoin('passenger', (join) =>
        join.onRef('passenger.cti', '=', 'deny.cti').onRef('passenger.airline', '=', 'deny.airline'),
      )
      .select(['deny.cti', 'why', 'added_at_ms', 'added_by', 'order_number', 'leg', 'seat'])
      .where('deny.airline', '=', airline)
      .where('removed_at_ms', 'is', null)
      .where(before(['added_at_ms', 'deny.cti'], after))
      .orderBy('added_at_ms', 'desc')
      .orderBy('deny.cti', 'desc')
      .limit(limit);
    if (ask.why !== undefined) query = query.where('why', '=', ask.why);
    if (ask.find !== undefined) query = query.where('deny.cti', 'like', beginning(ask.find.toLowerCase()));
    return (await query.execute()).map((row) => ({
      cti: row.cti,
      why: row.why,
      addedAtMs: row.added_at_ms,
      addedBy: row.added_by,
      orderNumber: row.order_number,
      leg: row.leg,
      seat: row.seat,
    }));
  },
  columns: [
    column('code', ({ cti }) => cti),
    column('why', ({ why }, { words }) => words.denyWhy[why]),
    column('order', ({ orderNumber }) => orderNumber),
    column('flight', ({ leg }) => leg),
    column('seat', ({ seat }) => seat),
    timeColumn('added', ({ addedAtMs }) => addedAtMs),
    column('addedBy', ({ addedBy }) => addedBy),
  ],
};

export const auditList: ListSource<'audit'> = {
  keyTypes: ['number'],
  keyOf: ({ id }) => [id],
  read: async ({ db, airline, isForAll, ask, after, limit }) => {
    let query = db
      .selectFrom('audit')
      .select(['id', 'at_ms', 'who', 'what', 'detail'])
      // What concerns no airline (a user of all airlines signing in) is shown to such users only.
      .where(
        isForAll
          ? sql<boolean>`(airline = ${airline} or airline is null)`
          : sql<boolean>`airline = ${airline}`,
      )
      .where(before(['id'], after))
      .orderBy('id', 'desc')
      .limit(limit);
    if (ask.who !== undefined) query = query.where('who', '=', ask.who);
    if (ask.what !== undefined) query = query.where(sql<boolean>`what like ${beginning(ask.what)}`);
    const rows = await query.execute();
    return rows.map(({ at_ms, ...row }) => ({ ...row, atMs: at_ms }));
  },
  columns: [
    timeColumn('time', ({ atMs }) => atMs),
    column('who', ({ who }) => who),
    column(
      'what',
      ({ what }, { words }) =>
        (words.act as Readonly<Partial<Record<string, string>>>)[what] ?? words.fact[what] ?? what,
    ),
    column('detail', ({ detail }) => (detail === null ? null : JSON.stringify(detail))),
  ],
};
