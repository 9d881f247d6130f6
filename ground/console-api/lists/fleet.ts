import { sql, type Kysely } from 'kysely';
import type { Tables } from '../../database/tables.ts';
import type { TerminalRow } from '../../web/console-rows.ts';
import type { TerminalState } from '../../web/console-words/words.ts';
import { amountColumn, column, timeColumn } from '../csv-columns.ts';
import { behind, beginning, type ListSource } from '../list-source.ts';

const EXPIRING_S = 30 * 86_400;

const FIELDS = [
  'device.dev',
  'device.ep',
  'last_seen_ms',
  'app_version',
  'pack_id',
  'unsent_count',
  'unsent_minor',
  'exp_s',
  'revoked_at_ms',
  'lost_at_ms',
  'quarantined_at_ms',
  'quarantine_why',
  'head_seq',
] as const;

export function terminalsOf(db: Kysely<Tables>, airline: string) {
  return db
    .selectFrom('device')
    .leftJoin('journal_head', (join) =>
      join
        .onRef('journal_head.airline', '=', 'device.airline')
        .onRef('journal_head.dev', '=', 'device.dev')
        .onRef('journal_head.ep', '=', 'device.ep'),
    )
    .select(FIELDS)
    .where('device.airline', '=', airline);
}

export function terminalRow(row: {
  readonly dev: string;
  readonly ep: number;
  readonly last_seen_ms: number | null;
  readonly app_version: string | null;
  readonly pack_id: string | null;
  readonly unsent_count: number | null;
  readonly unsent_minor: number | null;
  readonly exp_s: number;
  readonly revoked_at_ms: number | null;
  readonly lost_at_ms: number | null;
  readonly quarantined_at_ms: number | null;
  readonly quarantine_why: string | null;
  readonly head_seq: number | null;
}): TerminalRow {
  return {
    dev: row.dev,
    ep: row.ep,
    lastSeenMs: row.last_seen_ms,
    appVersion: row.app_version,
    packId: row.pack_id,
    unsentCount: row.unsent_count,
    unsentMinor: row.unsent_minor,
    certificateUntilMs: row.exp_s * 1000,
    headSeq: row.head_seq,
    revokedAtMs: row.revoked_at_ms,
    lostAtMs: row.lost_at_ms,
    quarantinedAtMs: row.quarantined_at_ms,
    quarantineWhy: row.quarantine_why,
  };
}

export const fleetList: ListSource<'fleet'> = {
  keyTypes: ['string', 'number'],
  keyOf: ({ dev, ep }) => [dev, ep],
  read: async ({ db, nowMs, airline, ask, after, limit }) => {
    let query = terminalsOf(db, airline)
      .where(behind(['device.dev', 'device.ep'], after))
      .orderBy('device.dev')
      .orderBy('device.ep')
      .limit(limit);
    if (ask.find !== undefined) query = query.where('device.dev', 'like', beginning(ask.find.toUpperCase()));
    if (ask.state !== undefined) query = query.where(isIn(ask.state, nowMs));
    return (await query.execute()).map(terminalRow);
  },
  columns: [
    column('terminal', ({ dev }) => dev),
    column('journal', ({ ep }) => ep),
    timeColumn('lastSeen', ({ lastSeenMs }) => lastSeenMs),
    column('version', ({ appVersion }) => appVersion),
    column('pack', ({ packId }) => packId),
    column('unsent', ({ unsentCount }) => unsentCount),
    amountColumn('unsentAmount', ({ unsentMinor }) => unsentMinor),
    timeColumn('certificate', ({ certificateUntilMs }) => certificateUntilMs),
    column('state', (row, { words }) => words.terminalState[stateOf(row)]),
  ],
};

function isIn(state: TerminalState, nowMs: number) {
  switch (state) {
    case 'in-use':
      return sql<boolean>`revoked_at_ms is null and quarantined_at_ms is null and lost_at_ms is null`;
    case 'unsent':
      return sql<boolean>`unsent_count > 0`;
    case 'expiring':
      return sql<boolean>`revoked_at_ms is null and exp_s < ${Math.floor(nowMs / 1000) + EXPIRING_S}`;
    case 'revoked':
      return sql<boolean>`revoked_at_ms is not null`;
    case 'lost':
      return sql<boolean>`lost_at_ms is not null`;
    case 'quarantined':
      return sql<boolean>`quarantined_at_ms is not null`;
  }
}

function stateOf({ lostAtMs, quarantinedAtMs, revokedAtMs, unsentCount }: TerminalRow): TerminalState {
  if (lostAtMs !== null) return 'lost';
  if (quarantinedAtMs !== null) return 'quarantined';
  if (revokedAtMs !== null) return 'revoked';
  return (unsentCount ?? 0) > 0 ? 'unsent' : 'in-use';
}
