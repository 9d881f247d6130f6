// Notices of the wallet: forms, signed without `sign_type`.
import * as v from 'valibot';
import { fail, ok, type Result } from '../../../domain/result.ts';
import type { WalletNotice, WalletProblem } from '../wallet.ts';
import { readJson, type AlipayCaller } from './alipay-call.ts';
import { isNoticeGenuine } from './alipay-signing.ts';
import { creditOrderSchema, judgeAlipayOrder, type Trade } from './judge-alipay-order.ts';

const METHOD = 'zhima.credit.payafteruse.creditbizorder.changed';

const noticeSchema = v.object({
  app_id: v.string(),
  notify_id: v.pipe(v.string(), v.minLength(1), v.maxLength(128)),
  msg_method: v.literal(METHOD),
  biz_content: v.string(),
});

const changedSchema = v.object({
  ...creditOrderSchema.entries,
  out_order_no: v.pipe(v.string(), v.minLength(1)),
});

export function readAlipayNotice(caller: AlipayCaller, body: string): Result<WalletNotice, WalletProblem> {
  const parameters = new URLSearchParams(body);
  if (!isNoticeGenuine(parameters, caller.alipayKey)) return fail({ kind: 'bad-signature', code: 'notice' });
  const notice = v.safeParse(noticeSchema, Object.fromEntries(parameters));
  if (!notice.success) return fail({ kind: 'rejected', code: 'notice form' });
  // The wallet signs the notices of all merchants with one key.
  if (notice.output.app_id !== caller.config.appId)
    return fail({ kind: 'rejected', code: 'notice merchant' });
  const changed = v.safeParse(changedSchema, readJson(notice.output.biz_content));
  if (!changed.success) return fail({ kind: 'rejected', code: 'notice content' });
  const { output } = changed;
  const status = judgeAlipayOrder(output, tradeOf(output));
  if (!status.ok) return status;
  return ok({ id: notice.output.notify_id, orderNumber: output.out_order_no, status: status.value });
}

/** A notice names the trade only once it has been paid. */
function tradeOf(order: v.InferOutput<typeof changedSchema>): Trade | null {
  if (order.trade_no === undefined || order.total_amount === undefined) return null;
  return {
    out_trade_no: order.credit_biz_order_id,
    trade_no: order.trade_no,
    trade_status: 'TRADE_SUCCESS',
    total_amount: order.total_amount,
    send_pay_date: 'notice',
  };
}
