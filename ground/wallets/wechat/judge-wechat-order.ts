// Where a service order stands: `state`, `state_description` and `collection.state` judged together (wallets.md).
import * as v from 'valibot';
import { fail, ok, type Result } from '../../../domain/result.ts';
import type { WalletOrderStatus, WalletProblem } from '../wallet.ts';

const amount = v.pipe(v.number(), v.integer(), v.minValue(0));

export const serviceOrderSchema = v.object({
  out_order_no: v.string(),
  mchid: v.string(),
  appid: v.string(),
  service_id: v.string(),
  state: v.string(),
  state_description: v.optional(v.string()),
  total_amount: v.optional(amount),
  collection: v.optional(
    v.object({
      state: v.string(),
      paid_amount: v.optional(amount),
      details: v.optional(
        v.array(
          v.object({
            paid_type: v.optional(v.string()),
            transaction_id: v.optional(v.string()),
          }),
        ),
        [],
      ),
      fail_code: v.optional(v.string()),
    }),
  ),
});
export type ServiceOrder = v.InferOutput<typeof serviceOrderSchema>;

/**
 * `CREATED` without confirmation asked for means that the creation failed. A combination the table does not know is
 * `rejected`: a person must look before money moves.
 */
export function judgeWechatOrder(
  order: ServiceOrder,
  needUserConfirm: boolean,
): Result<WalletOrderStatus, WalletProblem> {
  const status = statusOf(order);
  switch (order.state) {
    case 'CREATED':
      return needUserConfirm
        ? ok({ ...status, state: 'unconfirmed' })
        : fail({ kind: 'not-accepted', code: 'CREATED' });
    case 'DOING':
      return judgeDoing(order, status);
    case 'DONE':
      return judgeDone(order, status);
    case 'REVOKED':
      return ok({ ...status, state: 'released' });
    case 'EXPIRED':
      return ok({ ...status, state: 'expired' });
    default:
      return unknownCombination(order);
  }
}

function judgeDoing(order: ServiceOrder, status: Facts): Result<WalletOrderStatus, WalletProblem> {
  const collected = order.collection?.state;
  if (order.state_description === 'USER_CONFIRM' && collected === undefined) {
    return ok({ ...status, state: 'open' });
  }
  // USER_PAID here is the moment before DONE: not yet money in the books.
  const isCollecting = [undefined, 'USER_PAYING', 'USER_PAID'].includes(collected);
  if (order.state_description === 'MCH_COMPLETE' && isCollecting) {
    return ok({ ...status, state: 'collecting', mustActCode: order.collection?.fail_code ?? null });
  }
  return unknownCombination(order);
}

function judgeDone(order: ServiceOrder, status: Facts): Result<WalletOrderStatus, WalletProblem> {
  const collected = order.collection?.state;
  if (collected === 'USER_PAID' || (collected === undefined && order.total_amount === 0)) {
    const paidMinor = order.collection?.paid_amount ?? status.totalMinor;
    return ok({ ...status, state: 'paid', paidMinor });
  }
  return unknownCombination(order);
}

type Facts = Omit<WalletOrderStatus, 'state'>;

function statusOf({ total_amount, collection }: ServiceOrder): Facts {
  const paid = (collection?.details ?? []).find((detail) => detail.transaction_id !== undefined);
  return {
    totalMinor: total_amount ?? null,
    paidMinor: collection?.paid_amount ?? null,
    transactionId: paid?.transaction_id ?? null,
    mustActCode: null,
  };
}

function unknownCombination(order: ServiceOrder): Result<never, WalletProblem> {
  const words = [order.state, order.state_description ?? '-', order.collection?.state ?? '-'];
  return fail({ kind: 'rejected', code: `state ${words.join('/')}`.slice(0, 80) });
}
