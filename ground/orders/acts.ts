// What finance and operations do with orders, follow-ups and bills that were set aside. Each is written into the audit
// trail with who and why, in the transaction that does it.
import { fail, ok } from '../../domain/result.ts';
import { writeAudit } from '../airlines/audit.ts';
import { inTransaction } from '../database/in-transaction.ts';
import type { Ground } from '../ground.ts';
import { enqueue } from '../jobs/jobs.ts';
import { reason } from '../web/reasons.ts';
import type { Act, ActAnswer, OrderAct, SetAsideAct } from './act.ts';
import { advanceOrder } from './advance-order.ts';
import { findOrder } from './order-rows.ts';
import type { OrderEvent } from './order.ts';

/** Gives up what is not collected: an unpaid order, one that waits for a person, or what came in too late. */
export async function writeOff(ground: Ground, act: OrderAct): ActAnswer {
  return await decideOrder(ground, act, 'order-written-off', { kind: 'written-off', why: act.why });
}

/** Sends an order on its way that waited for a person: what was frozen goes out as it was. */
export async function sendOn(ground: Ground, act: OrderAct): ActAnswer {
  return await decideOrder(ground, act, 'order-sent-on', { kind: 'sent-on', why: act.why });
}

/** The passenger did not fly: the order is released without waiting for the flight's terminals. */
export async function releaseNoShow(ground: Ground, act: OrderAct): ActAnswer {
  return await decideOrder(ground, act, 'order-no-show', { kind: 'no-show', why: act.why });
}

/** The passenger paid in another way: the wallet is told and stops deducting. */
export async function recordPaidElsewhere(
  ground: Ground,
  act: OrderAct & { readonly paidAtMs: number },
): ActAnswer {
  const order = await findOrder(ground, act.orderNumber, act.airline);
  if (order === null) return fail({ kind: 'not-found', why: act.orderNumber });
  const isCollecting =
    order.state === 'USER_PAYING' || order.state === 'UNPAID_RETRY' || order.state === 'LOWERED';
  if (!isCollecting) return fail({ kind: 'not-possible', why: order.state });
  const adapter = await ground.wallets(order.airline, order.wallet);
  if (adapter === null) return fail({ kind: 'not-possible', why: reason('no-merchant-here').text });
  await audit(ground, act, 'order-paid-elsewhere', { order: act.orderNumber });
  const answer = await adapter.syncPaid(act.orderNumber, act.paidAtMs);
  if (!answer.ok) {
    const { kind, code } = answer.error;
    return fail(
      kind === 'no-answer' || kind === 'too-fast'
        ? { kind: 'wallet-unreachable', why: code }
        : { kind: 'wallet-refused', why: code },
    );
  }
  const event: OrderEvent = { kind: 'wallet-said', status: answer.value, via: 'answer' };
  await advanceOrder(ground, act.orderNumber, event, { who: act.who });
  return ok(null);
}

export async function resolveFollowUp(ground: Ground, act: Act & { readonly id: number }): ActAnswer {
  return await inTransaction(ground, async (inside) => {
    const { numUpdatedRows } = await inside.db
      .updateTable('follow_up')
      .set({ resolved_at_ms: inside.nowMs(), resolved_by: act.who, resolution: act.why })
      .where('id', '=', act.id)
      .where('airline', '=', act.airline)
      .where('resolved_at_ms', 'is', null)
      .executeTakeFirstOrThrow();
    if (numUpdatedRows === 0n) return fail({ kind: 'not-found', why: act.id.toString() });
    await audit(inside, act, 'follow-up-resolved', { id: act.id });
    return ok(null);
  });
}

/** The bill is genuine after all: it is counted from now on. */
export async function acceptSetAside(ground: Ground, act: SetAsideAct): ActAnswer {
  return await decideBill(ground, act, 'accepted');
}

/** The bill is never charged. */
export async function dropSetAside(ground: Ground, act: SetAsideAct): ActAnswer {
  return await decideBill(ground, act, 'dropped');
}

async function decideBill(ground: Ground, act: SetAsideAct, decision: 'accepted' | 'dropped'): ActAnswer {
  const { airline, dev, ep, seq } = act;
  return await inTransaction(ground, async (inside) => {
    const row = await inside.db
      .selectFrom('set_aside')
      .select(['leg', 'bill', 'decision'])
      .where('airline', '=', airline)
      .where('dev', '=', dev)
      .where('ep', '=', ep)
      .where('seq', '=', seq)
      .forUpdate()
      .executeTakeFirst();
    if (row === undefined)
      return fail({ kind: 'not-found', why: `${dev}.${ep.toString()}.${seq.toString()}` });
    if (row.decision !== null) return fail({ kind: 'not-possible', why: row.decision });
    const { leg, bill } = row;
    await inside.db
      .updateTable('set_aside')
      .set({ decision, decided_at_ms: inside.nowMs(), decided_by: act.who })
      .where('airline', '=', airline)
      .where('decision', 'is', null)
      .where((eb) =>
        // All lines of the bill share its fate; a line that names no bill stands alone.
        bill === null
          ? eb.and([eb('dev', '=', dev), eb('ep', '=', ep), eb('seq', '=', seq)])
          : eb('bill', '=', bill),
      )
      .execute();
    await inside.db
      .updateTable('follow_up')
      .set({
        resolved_at_ms: inside.nowMs(),
        resolved_by: act.who,
        resolution: reason(decision, { why: act.why }).text,
      })
      .where('airline', '=', airline)
      .where('kind', '=', 'set-aside')
      .where('bill', '=', bill ?? '')
      .where('resolved_at_ms', 'is', null)
      .execute();
    await audit(inside, act, `bill-${decision}`, { dev, ep, seq, bill });
    await enqueue(inside.db, { kind: 'aggregate-leg', key: leg, payload: {}, runAtMs: inside.nowMs() });
    return ok(null);
  });
}

async function decideOrder(ground: Ground, act: OrderAct, what: string, event: OrderEvent): ActAnswer {
  return await inTransaction(ground, async (inside) => {
    if ((await findOrder(inside, act.orderNumber, act.airline)) === null) {
      return fail({ kind: 'not-found', why: act.orderNumber });
    }
    const advanced = await advanceOrder(inside, act.orderNumber, event, { who: act.who });
    if (!advanced.ok) {
      const { error } = advanced;
      const why = error.kind === 'not-possible' ? error.state : error.kind;
      return fail({ kind: 'not-possible', why });
    }
    await audit(inside, act, what, { order: act.orderNumber });
    return ok(null);
  });
}

async function audit(
  ground: Ground,
  { who, airline, why }: Act,
  what: string,
  detail: Readonly<Record<string, unknown>>,
): Promise<void> {
  await writeAudit(ground, { who, airline, what, detail: { ...detail, why } });
}
