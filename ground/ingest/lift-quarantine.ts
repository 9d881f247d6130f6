// The way out of quarantine: a person has looked at what the terminal's journals say.
import { fail, ok } from '../../domain/result.ts';
import { writeAudit } from '../airlines/audit.ts';
import { inTransaction } from '../database/in-transaction.ts';
import type { Ground } from '../ground.ts';
import { enqueue } from '../jobs/jobs.ts';
import type { ActAnswer, DeviceAct } from '../orders/act.ts';
import { reason } from '../web/reasons.ts';
import { QUARANTINE_WHY } from './judge-file.ts';
import { JUDGE_JOB } from './store-batch.ts';

/** Between files that are judged again: each usually follows the one before it. */
const APART_MS = 1000;

/**
 * Takes from the terminal again, and judges the files anew that were refused only because of its quarantine, in
 * the order of their lines. Those whose bytes are no longer kept, the terminal is asked for when it next sends. Lines that were never
 * taken stay out: a fork that comes again puts it back. `not-possible`: it is in no quarantine.
 */
export async function liftQuarantine(ground: Ground, act: DeviceAct): ActAnswer {
  const { who, airline, dev, ep, why } = act;
  return await inTransaction(ground, async (inside) => {
    const { db } = inside;
    const device = await db
      .selectFrom('device')
      .select(['quarantined_at_ms', 'quarantine_why'])
      .where('airline', '=', airline)
      .where('dev', '=', dev)
      .where('ep', '=', ep)
      .forUpdate()
      .executeTakeFirst();
    if (device === undefined) return fail({ kind: 'not-found', why: dev });
    if (device.quarantined_at_ms === null)
      return fail({ kind: 'not-possible', why: reason('not-quarantined').text });
    await db
      .updateTable('device')
      .set({ quarantined_at_ms: null, quarantine_why: null })
      .where('airline', '=', airline)
      .where('dev', '=', dev)
      .where('ep', '=', ep)
      .execute();
    const files = await judgeAgain(inside, act, device.quarantined_at_ms);
    const detail = { dev, ep, why, was: device.quarantine_why, files };
    await writeAudit(inside, { who, airline, what: 'quarantine-lifted', detail });
    return ok(null);
  });
}

async function judgeAgain(
  { db, nowMs }: Ground,
  { airline, dev, ep }: DeviceAct,
  sinceMs: number,
): Promise<number> {
  const refused = await db
    .updateTable('batch')
    .set({ status: 'RECEIVED', why: null })
    .where('airline', '=', airline)
    .where('dev', '=', dev)
    .where('ep', '=', ep)
    .where((eb) =>
      eb.or([
        eb('status', '=', 'UNKNOWN_DEVICE').and('why', 'like', `${QUARANTINE_WHY}%`),
        // What follows a file that was refused lacks it.
        eb('status', '=', 'GAP').and('received_at_ms', '>=', sinceMs),
      ]),
    )
    .where((eb) => eb(eb.fn<number>('octet_length', ['bytes']), '>', 0))
    .returning(['id', 'from_seq'])
    .execute();
  const inOrder = [...refused].sort((a, b) => (a.from_seq ?? 0) - (b.from_seq ?? 0) || a.id - b.id);
  for (const [index, { id }] of inOrder.entries()) {
    const runAtMs = nowMs() + index * APART_MS;
    await enqueue(db, { kind: JUDGE_JOB, key: id.toString(), payload: {}, runAtMs });
  }
  return inOrder.length;
}
