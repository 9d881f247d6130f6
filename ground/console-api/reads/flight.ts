import { sql, type Kysely } from 'kysely';
import type { Tables } from '../../database/tables.ts';
import type { FlightDetail, LegTerminalRow, LostReport, SumRow } from '../../web/console-rows.ts';
import { recoveryReport } from '../../ingest/recovery-report.ts';
import { BATCH_FIELDS, BATCH_SIZE, batchRow } from '../lists/batches.ts';
import { addFigures, FLIGHT_FIELDS } from '../lists/flights.ts';
import { followUpRow } from '../lists/follow-ups.ts';

type Db = Kysely<Tables>;

const BATCHES_SHOWN = 100;
const FOLLOW_UPS_SHOWN = 100;

/** Null when the airline has no such flight. */
export async function readFlight(db: Db, airline: string, leg: string): Promise<FlightDetail | null> {
  const found = await db
    .selectFrom('flight')
    .select([...FLIGHT_FIELDS, 'cities', 'enrolment_until_s'])
    .where('airline', '=', airline)
    .where('leg', '=', leg)
    .executeTakeFirst();
  if (found === undefined) return null;
  const [flight] = await addFigures(db, airline, [found]);
  if (flight === undefined) return null;
  return {
    flight,
    cities: found.cities,
    enrolmentUntilMs: found.enrolment_until_s * 1000,
    terminals: await readTerminals(db, airline, leg, found.roster),
    passengers: await countPassengers(db, leg),
    orders: await db
      .selectFrom('wallet_order')
      .select([
        'state',
        sql<number>`count(*)`.as('n'),
        sql<number>`coalesce(sum(total_minor), 0)::bigint`.as('minor'),
      ])
      .where('airline', '=', airline)
      .where('leg', '=', leg)
      .groupBy('state')
      .orderBy('n', 'desc')
      .execute(),
    totals: await sumLines(db, airline, leg),
    packs: await readPacks(db, leg),
    batches: await readBatches(db, airline, leg),
    followUps: await readFollowUps(db, airline, leg),
  };
}

async function readTerminals(
  db: Db,
  airline: string,
  leg: string,
  roster: Tables['flight']['roster']['__select__'],
): Promise<readonly LegTerminalRow[]> {
  const known = await db.selectFrom('leg_terminal').selectAll().where('leg', '=', leg).execute();
  const devs = [...new Set([...roster.map(({ dev }) => dev), ...known.map(({ dev }) => dev)])].sort();
  if (devs.length === 0) return [];
  const devices = await db
    .selectFrom('device')
    .select(['dev', 'last_seen_ms', 'unsent_count'])
    .distinctOn('dev')
    .where('airline', '=', airline)
    .where('dev', 'in', devs)
    .orderBy('dev')
    .orderBy('ep', 'desc')
    .execute();
  return devs.map((dev) => {
    const zone = roster.find((entry) => entry.dev === dev)?.zone;
    const state = known.find((row) => row.dev === dev);
    const device = devices.find((row) => row.dev === dev);
    return {
      dev,
      fromRow: zone?.fromRow ?? null,
      toRow: zone?.toRow ?? null,
      status: state?.status ?? 'expected',
      atMs: state?.at_ms ?? 0,
      cause: state?.cause ?? '',
      lastSeenMs: device?.last_seen_ms ?? null,
      unsentCount: device?.unsent_count ?? null,
    };
  });
}

async function countPassengers(db: Db, leg: string): Promise<FlightDetail['passengers']> {
  const rows = await db
    .selectFrom('passenger')
    .select(['status', sql<number>`count(*)`.as('n')])
    .where('leg', '=', leg)
    .groupBy('status')
    .execute();
  const of = (status: string): number => rows.find((row) => row.status === status)?.n ?? 0;
  return { enrolled: of('enrolled'), waiting: of('waiting'), refused: of('refused') };
}

async function sumLines(db: Db, airline: string, leg: string): Promise<FlightDetail['totals']> {
  const rows = await db
    .selectFrom('event')
    .select([
      'ty',
      'tender',
      sql<number>`count(*)`.as('n'),
      sql<number>`coalesce(sum(tot_minor), 0)::bigint`.as('minor'),
    ])
    .where('airline', '=', airline)
    .where('leg', '=', leg)
    .where('tot_minor', 'is not', null)
    .where('tender', 'is not', null)
    .where('is_practice', '=', false)
    .groupBy(['ty', 'tender'])
    .execute();
  const sum = (isWanted: (row: (typeof rows)[number]) => boolean): SumRow => ({
    n: rows.filter(isWanted).reduce((total, { n }) => total + n, 0),
    minor: rows.filter(isWanted).reduce((total, { minor }) => total + minor, 0),
  });
  const atWallet = (ty: string): SumRow => sum((row) => row.tender === 'wallet' && row.ty === ty);
  return {
    sales: atWallet('SALE'),
    voids: atWallet('VOID'),
    refunds: atWallet('REFUND'),
    discounts: atWallet('DISCOUNT'),
    cash: sum(({ tender }) => tender === 'cash'),
    elsewhere: sum(({ tender }) => tender === 'elsewhere'),
  };
}

async function readPacks(db: Db, leg: string): Promise<FlightDetail['packs']> {
  const rows = await db
    .selectFrom('flight_pack')
    .select([
      'n',
      'pack_id',
      'issued_at_ms',
      'trust_version',
      'deny_version',
      sql<number>`octet_length(bytes)`.as('size'),
    ])
    .where('leg', '=', leg)
    .orderBy('n', 'desc')
    .execute();
  return rows.map((row) => ({
    n: row.n,
    packId: row.pack_id,
    issuedAtMs: row.issued_at_ms,
    sizeBytes: row.size,
    trustVersion: row.trust_version,
    denyVersion: row.deny_version,
  }));
}

async function readBatches(db: Db, airline: string, leg: string): Promise<FlightDetail['batches']> {
  const rows = await db
    .selectFrom('batch')
    .select([...BATCH_FIELDS, BATCH_SIZE])
    .where('airline', '=', airline)
    .where(sql<boolean>`legs @> ${JSON.stringify([leg])}::jsonb`)
    .orderBy('received_at_ms', 'desc')
    .limit(BATCHES_SHOWN)
    .execute();
  return rows.map(batchRow);
}

async function readFollowUps(db: Db, airline: string, leg: string): Promise<FlightDetail['followUps']> {
  const rows = await db
    .selectFrom('follow_up')
    .selectAll()
    .where('airline', '=', airline)
    .where('leg', '=', leg)
    .orderBy('id', 'desc')
    .limit(FOLLOW_UPS_SHOWN)
    .execute();
  return rows.map(followUpRow);
}

/** Null when the airline has no such flight. */
export async function readLostReport(
  db: Db,
  airline: string,
  { leg, dev }: { readonly leg: string; readonly dev: string },
): Promise<LostReport | null> {
  const flight = await db
    .selectFrom('flight')
    .select('leg')
    .where('airline', '=', airline)
    .where('leg', '=', leg)
    .executeTakeFirst();
  if (flight === undefined) return null;
  const epochs = await db
    .selectFrom('device')
    .select('ep')
    .where('airline', '=', airline)
    .where('dev', '=', dev)
    .orderBy('ep')
    .execute();
  const journals = [];
  for (const { ep } of epochs) journals.push(await recoveryReport({ db }, airline, { dev, ep, leg }));
  return { dev, journals };
}
