// Where a credit order stands: its own state and that of the trade that collects it, judged together.
import * as v from 'valibot';
import { fail, ok, type Result } from '../../../domain/result.ts';
import type { WalletOrderStatus, WalletProblem } from '../wallet.ts';
import { yuanSchema } from './alipay-amount.ts';

export const creditOrderSchema = v.object({
  out_order_no: v.optional(v.string()),
  credit_biz_order_id: v.pipe(v.string(), v.minLength(1)),
  order_status: v.string(),
  trade_no: v.optional(v.string()),
  total_amount: v.optional(yuanSchema),
});
export type CreditOrder = v.InferOutput<typeof creditOrderSchema>;

export const tradeSchema = v.object({
  out_trade_no: v.string(),
  trade_no: v.pipe(v.string(), v.minLength(1)),
  trade_status: v.string(),
  total_amount: yuanSchema,
  /** There once it has been paid, and stays when everything was given back. */
  send_pay_date: v.optional(v.string()),
  fail_code: v.optional(v.string()),
});
export type Trade = v.InferOutput<typeof tradeSchema>;

const NOTHING: Omit<WalletOrderStatus, 'state'> = {
  totalMinor: null,
  paidMinor: null,
  transactionId: null,
  mustActCode: null,
};

/** A combination the table does not know is `rejected`: a person must look before money moves. */
export function judgeAlipayOrder(
  order: CreditOrder,
  trade: Trade | null,
): Result<WalletOrderStatus, WalletProblem> {
  if (trade === null) {
    if (order.order_status === 'INIT') return ok({ ...NOTHING, state: 'open' });
    // Fulfilled without a trade: paid before anything was asked of the wallet.
    if (order.order_status === 'TRADE_FINISHED') return ok({ ...NOTHING, state: 'paid' });
    return order.order_status === 'TRADE_CLOSED'
      ? ok({ ...NOTHING, state: 'released' })
      : unknownCombination(order, trade);
  }
  const total = { ...NOTHING, totalMinor: trade.total_amount };
  const paid = { ...total, state: 'paid', paidMinor: trade.total_amount } as const;
  if (trade.send_pay_date !== undefined && order.order_status !== 'INIT') {
    return ok({ ...paid, transactionId: trade.trade_no });
  }
  switch (`${order.order_status} ${trade.trade_status}`) {
    case 'INIT WAIT_BUYER_PAY':
    // The moment between the payment and the order's own state.
    case 'INIT TRADE_SUCCESS':
    case 'INIT TRADE_FINISHED':
      return ok({ ...total, state: 'collecting', mustActCode: trade.fail_code ?? null });
    case 'TRADE_FINISHED TRADE_SUCCESS':
    case 'TRADE_FINISHED TRADE_FINISHED':
      return ok({ ...paid, transactionId: trade.trade_no });
    // Ended as fulfilled while collecting: paid elsewhere, the trade closed with it.
    case 'TRADE_FINISHED TRADE_CLOSED':
      return ok(paid);
    case 'TRADE_CLOSED TRADE_CLOSED':
      return ok({ ...NOTHING, state: 'released' });
    default:
      return unknownCombination(order, trade);
  }
}

function unknownCombination(order: CreditOrder, trade: Trade | null): Result<never, WalletProblem> {
  const code = `state ${order.order_status}/${trade?.trade_status ?? '-'}`;
  return fail({ kind: 'rejected', code: code.slice(0, 80) });
}
