// What a deduction says, composed once and kept: every try sends the same content, plus the wallet's own order number.
import * as v from 'valibot';
import { findWalletRuleFaults } from '../../../domain/settlement/wallet-rules.ts';
import { fail, ok, type Result } from '../../../domain/result.ts';
import type { SettleRequest, WalletProblem } from '../wallet.ts';
import { writeYuan } from './alipay-amount.ts';
import type { AlipayConfig } from './alipay-settings.ts';

export function composeDeduction({ orderNumber, payments, discounts, totalMinor }: SettleRequest): string {
  return JSON.stringify({ orderNumber, payments, discounts, totalMinor });
}

const minor = v.pipe(v.number(), v.integer());
const entry = v.object({ name: v.string(), description: v.string(), count: minor, amountMinor: minor });
const deductionSchema = v.object({
  orderNumber: v.string(),
  payments: v.pipe(v.array(entry), v.minLength(1)),
  discounts: v.array(entry),
  totalMinor: minor,
});

/** The content of `alipay.trade.pay`; or the rule it would break, found before anything is sent. */
export function readDeduction(
  config: AlipayConfig,
  orderNumber: string,
  body: unknown,
): Result<(creditOrderId: string) => Readonly<Record<string, unknown>>, WalletProblem> {
  const read = v.safeParse(deductionSchema, body);
  if (!read.success || read.output.orderNumber !== orderNumber) {
    return fail({ kind: 'rejected', code: 'rule body' });
  }
  const { payments, totalMinor } = read.output;
  const fault = findWalletRuleFaults(read.output)[0];
  if (fault !== undefined) return fail({ kind: 'rejected', code: `rule ${fault.rule}` });
  if (totalMinor > config.capMinor) return fail({ kind: 'over-cap', code: 'rule cap' });
  return ok((creditOrderId) => ({
    out_trade_no: creditOrderId,
    auth_code: creditOrderId,
    total_amount: writeYuan(totalMinor),
    subject: titleOf(orderNumber),
    scene: 'ZHIMA_CREDIT_CODE',
    product_code: 'GENERAL_WITHHOLDING',
    is_async_pay: true,
    extend_params: { creditTradeScene: 'CREDIT_PAY_UNCERTAIN_FEE' },
    goods_detail: payments.map(composeGoods),
  }));
}

/** The statement carries no other field of ours: the title holds the number that is on the passenger's slips. */
export function titleOf(orderNumber: string): string {
  return `机上购物 ${orderNumber}`;
}

function composeGoods(
  { description, count, amountMinor }: v.InferOutput<typeof entry>,
  index: number,
): Readonly<Record<string, unknown>> {
  const id = { goods_id: (index + 1).toString() };
  // A price is per piece: where the line is no multiple of it, the line is one piece.
  return amountMinor % count === 0
    ? { ...id, goods_name: description, quantity: count, price: writeYuan(amountMinor / count) }
    : {
        ...id,
        goods_name: `${description} ×${count.toString()}`,
        quantity: 1,
        price: writeYuan(amountMinor),
      };
}
