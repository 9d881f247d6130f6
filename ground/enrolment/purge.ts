// Personal data goes when its time is over: what is left of an enrolment says what was charged, and to nobody by name.
import { writeAudit } from '../airlines/audit.ts';
import type { OrderState } from '../database/tables.ts';
import type { Ground } from '../ground.ts';
import { purgeBatches, purgeFlights, type Retention } from '../ingest/purge-flights.ts';

export const RETENTION = {
  /** After the scheduled arrival. */
  personalDataDays: 90,
  /** An enrolment that never came back from the wallet, or was refused. */
  unfinishedHours: 24,
} as const;

const DAY_MS = 86_400_000;

/** Orders about which nothing more is asked of the wallet; the others keep the account they are charged to. */
const SETTLED: readonly OrderState[] = ['PAID', 'WRITTEN_OFF', 'CANCELLED'];

export type Purged = {
  readonly enrolments: number;
  readonly unfinished: number;
  /** Packs, and lines that name passengers. */
  readonly packs: number;
  readonly lines: number;
  /** Batch files. */
  readonly batches: number;
  readonly members: number;
};

/**
 * Deletes what names somebody once their flight arrived long ago and their order is settled: name, account and code of
 * the enrolment, the flight's packs, the lines and the batch files with codes in them; and forgets unfinished enrolments
 * as a whole. What was sold and charged stays, and is nobody's by name. Run daily; running it again does no harm.
 */
export async function purgePersonalData(
  ground: Ground,
  {
    personalDataDays,
    unfinishedHours,
  }: { readonly personalDataDays: number; readonly unfinishedHours: number } = RETENTION,
): Promise<Purged> {
  const { db, nowMs } = ground;
  const atMs = nowMs();
  const before = { atMs, beforeMs: atMs - personalDataDays * DAY_MS, settled: SETTLED };
  const enrolments = await purgeEnrolments(ground, before);
  const flights = await purgeFlights(ground, before);
  const files = await purgeBatches(ground, before);
  const { numDeletedRows: members } = await db
    .deleteFrom('member')
    .where('removed_at_ms', '<', before.beforeMs)
    .executeTakeFirstOrThrow();
  const unfinished = await forgetUnfinished(ground, atMs - unfinishedHours * 3_600_000);
  const purged: Purged = {
    enrolments,
    unfinished,
    packs: flights.packs,
    lines: flights.lines + files.lines,
    batches: files.batches,
    members: Number(members),
  };
  if (Object.values(purged).some((count) => count > 0)) {
    await writeAudit(ground, { who: 'worker', airline: null, what: 'personal-data-purged', detail: purged });
  }
  return purged;
}

async function purgeEnrolments({ db }: Ground, { atMs, beforeMs, settled }: Retention): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('passenger')
    .set({
      name_sealed: null,
      account_sealed: null,
      account_hash: null,
      cred: null,
      holder_jwk: null,
      wallet_state: null,
      purged_at_ms: atMs,
    })
    .where('purged_at_ms', 'is', null)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('flight')
          .select('flight.leg')
          .whereRef('flight.leg', '=', 'passenger.leg')
          .where('flight.sta_s', '<', Math.floor(beforeMs / 1000)),
      ),
    )
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('wallet_order')
            .select('wallet_order.order_number')
            .whereRef('wallet_order.cti', '=', 'passenger.cti')
            .where('wallet_order.state', 'not in', settled),
        ),
      ),
    )
    .executeTakeFirstOrThrow();
  return Number(numUpdatedRows);
}

/** Not while a job still has to release what may stand open at the wallet, and not what had an order. */
async function forgetUnfinished({ db }: Ground, beforeMs: number): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('passenger')
    .where('status', 'in', ['waiting', 'refused'])
    .where('consented_at_ms', '<', beforeMs)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('wallet_order')
            .select('wallet_order.order_number')
            .whereRef('wallet_order.cti', '=', 'passenger.cti'),
        ),
      ),
    )
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('job')
            .select('job.id')
            .whereRef('job.key', '=', 'passenger.cti')
            .where('job.kind', '=', 'resolve-enrolment'),
        ),
      ),
    )
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}
