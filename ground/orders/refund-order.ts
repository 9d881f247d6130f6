// Money given back after payment: by a person, through the wallet. The refund's number is kept before the wallet is
// asked, so that whoever asks again after a silence gives back once.
import { fail, ok, type Result } from '../../domain/result.ts';
import { writeAudit } from '../airlines/audit.ts';
import { inTransaction } from '../database/in-transaction.ts';
import type { Ground } from '../ground.ts';
import { enqueue } from '../jobs/jobs.ts';
import { reason } from '../web/reasons.ts';
import type { ActAnswer, ActProblem, OrderAct } from './act.ts';
import { resolveOfOrder } from './follow-ups.ts';
import { lockOrder, type OrderRow } from './order-rows.ts';

export type RefundAct = OrderAct & { readonly amountMinor: number };

type Asked = { readonly order: OrderRow; readonly transactionId: string; readonly refundNumber: string };

/** Gives back part or all of what was paid. One whose answer never came is asked for again under its old number. */
export async function refundOrder(ground: Ground, act: RefundAct): ActAnswer {
  const asked = await askRefund(ground, act);
  if (!asked.ok) return asked;
  const { order, transactionId, refundNumber } = asked.value;
  const adapter = await ground.wallets(order.airline, order.wallet);
  if (adapter === null) return fail({ kind: 'not-possible', why: reason('no-merchant-here').text });
  const answer = await adapter.refund({
    transactionId,
    refundNumber,
    refundMinor: act.amountMinor,
    totalMinor: order.paidMinor ?? act.amountMinor,
    reason: act.why,
  });
  if (answer.ok) {
    await finish(ground, order, refundNumber, answer.value.refundId);
    return ok(null);
  }
  const { kind, code } = answer.error;
  if (kind === 'no-answer' || kind === 'too-fast' || kind === 'bad-signature') {
    return fail({ kind: 'wallet-unreachable', why: code });
  }
  await ground.db
    .updateTable('refund')
    .set({ state: 'refused', code, done_at_ms: ground.nowMs() })
    .where('refund_number', '=', refundNumber)
    .execute();
  return fail({ kind: 'wallet-refused', why: code });
}

async function askRefund(ground: Ground, act: RefundAct): Promise<Result<Asked, ActProblem>> {
  const { airline, orderNumber, amountMinor, who, why } = act;
  return await inTransaction(ground, async (inside) => {
    const order = await lockOrder(inside.db, orderNumber);
    if (order?.airline !== airline) return fail({ kind: 'not-found', why: orderNumber });
    const { paidMinor, transactionId } = order;
    if (paidMinor === null || transactionId === null) return fail({ kind: 'not-possible', why: order.state });
    const earlier = await inside.db
      .selectFrom('refund')
      .selectAll()
      .where('order_number', '=', orderNumber)
      .orderBy('asked_at_ms')
      .execute();
    const unanswered = earlier.find((one) => one.state === 'asked');
    if (unanswered !== undefined) {
      if (unanswered.amount_minor === amountMinor) {
        return ok({ order, transactionId, refundNumber: unanswered.refund_number });
      }
      const open = reason('refund-open', { refundMinor: unanswered.amount_minor });
      return fail({ kind: 'not-possible', why: open.text });
    }
    const doneMinor = earlier.reduce((sum, one) => sum + (one.state === 'done' ? one.amount_minor : 0), 0);
    if (amountMinor <= 0 || amountMinor > paidMinor - doneMinor) {
      const left = reason('left-to-refund', { leftMinor: paidMinor - doneMinor });
      return fail({ kind: 'not-possible', why: left.text });
    }
    const refundNumber = `R${orderNumber}-${(earlier.length + 1).toString()}`;
    await inside.db
      .insertInto('refund')
      .values({
        refund_number: refundNumber,
        airline,
        order_number: orderNumber,
        amount_minor: amountMinor,
        state: 'asked',
        why,
        asked_by: who,
        asked_at_ms: inside.nowMs(),
      })
      .execute();
    const detail = { order: orderNumber, refund: refundNumber, amountMinor, why };
    await writeAudit(inside, { who, airline, what: 'order-refund-asked', detail });
    return ok({ order, transactionId, refundNumber });
  });
}

async function finish(
  ground: Ground,
  order: OrderRow,
  refundNumber: string,
  refundId: string,
): Promise<void> {
  await inTransaction(ground, async (inside) => {
    const { numUpdatedRows } = await inside.db
      .updateTable('refund')
      .set({ state: 'done', refund_id: refundId, done_at_ms: inside.nowMs() })
      .where('refund_number', '=', refundNumber)
      .where('state', '=', 'asked')
      .executeTakeFirstOrThrow();
    if (numUpdatedRows === 0n) return;
    const { refunded } = await inside.db
      .selectFrom('refund')
      .select((eb) => eb.fn.sum<number>('amount_minor').as('refunded'))
      .where('order_number', '=', order.orderNumber)
      .where('state', '=', 'done')
      .executeTakeFirstOrThrow();
    const owedMinor = (order.paidMinor ?? 0) - order.netMinor;
    if (refunded >= owedMinor) {
      const resolution = reason('refunded', { doneMinor: refunded }).text;
      await resolveOfOrder(inside, order.orderNumber, ['late-events'], { by: 'worker', resolution });
    }
    await enqueue(inside.db, {
      kind: 'publish-results',
      key: order.leg,
      payload: {},
      runAtMs: inside.nowMs(),
    });
  });
}
