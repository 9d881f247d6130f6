// What comes after the payment: refunds and the statement of a day.
import * as v from 'valibot';
import { fail, ok } from '../../../domain/result.ts';
import type { WalletAdapter, WalletAnswer } from '../wallet.ts';
import { writeYuan } from './alipay-amount.ts';
import { callAlipay, downloadFromAlipay, type AlipayCaller } from './alipay-call.ts';
import { unpackStatement } from './alipay-statement.ts';

const refundSchema = v.object({ trade_no: v.string() });

/** The wallet gives refunds no number of its own: ours is theirs, and makes a repeated one the same. */
export async function refund(
  caller: AlipayCaller,
  request: Parameters<WalletAdapter['refund']>[0],
): WalletAnswer<{ readonly refundId: string }> {
  const answer = await callAlipay(caller, 'alipay.trade.refund', {
    trade_no: request.transactionId,
    refund_amount: writeYuan(request.refundMinor),
    out_request_no: request.refundNumber,
    refund_reason: [...request.reason].slice(0, 256).join(''),
  });
  if (!answer.ok) return answer;
  const read = v.safeParse(refundSchema, answer.value);
  const isAsked = read.success && read.output.trade_no === request.transactionId;
  return isAsked ? ok({ refundId: request.refundNumber }) : fail({ kind: 'rejected', code: 'refund form' });
}

const offerSchema = v.object({ bill_download_url: v.pipe(v.string(), v.url()) });

/** `day` is `yyyy-MM-dd`; there from 10:00 of the next day. Answers the list as text. */
export async function fetchStatement(caller: AlipayCaller, day: string): WalletAnswer<string> {
  const content = { bill_type: 'trade', bill_date: day };
  const offer = await callAlipay(caller, 'alipay.data.dataservice.bill.downloadurl.query', content);
  if (!offer.ok) return offer;
  const read = v.safeParse(offerSchema, offer.value);
  if (!read.success) return fail({ kind: 'rejected', code: 'statement form' });
  const bytes = await downloadFromAlipay(caller, read.output.bill_download_url);
  if (!bytes.ok) return bytes;
  const text = unpackStatement(bytes.value);
  return text.ok ? ok(text.value) : fail({ kind: 'rejected', code: 'statement archive' });
}
