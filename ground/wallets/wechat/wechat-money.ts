// What comes after the payment: refunds and the statement of a day.
import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { fail, ok } from '../../../domain/result.ts';
import type { WalletAdapter, WalletAnswer } from '../wallet.ts';
import { callWechat, downloadFromWechat, type WechatCaller } from './wechat-call.ts';

const refundSchema = v.object({ refund_id: v.pipe(v.string(), v.minLength(1)) });
const MOST_REFUND_REASON_CHARS = 80;

/** By the wallet's own transaction number: ours is not usable for refunds. */
export async function refund(
  caller: WechatCaller,
  request: Parameters<WalletAdapter['refund']>[0],
): WalletAnswer<{ readonly refundId: string }> {
  const body = JSON.stringify({
    transaction_id: request.transactionId,
    out_refund_no: request.refundNumber,
    reason: [...request.reason].slice(0, MOST_REFUND_REASON_CHARS).join(''),
    amount: { refund: request.refundMinor, total: request.totalMinor, currency: 'CNY' },
  });
  const answer = await callWechat(caller, { method: 'POST', target: '/v3/refund/domestic/refunds', body });
  if (!answer.ok) return answer;
  const read = v.safeParse(refundSchema, answer.value);
  if (!read.success) return fail({ kind: 'rejected', code: 'refund form' });
  return ok({ refundId: read.output.refund_id });
}

const statementSchema = v.object({
  hash_type: v.literal('SHA1'),
  hash_value: v.pipe(v.string(), v.regex(/^[0-9a-fA-F]{40}$/)),
  download_url: v.pipe(v.string(), v.url()),
});

/** `day` is `yyyy-MM-dd`; there from 10:00 of the next day. The signed answer's hash vouches for the unsigned file. */
export async function fetchStatement(caller: WechatCaller, day: string): WalletAnswer<string> {
  const query = new URLSearchParams({ bill_date: day, bill_type: 'ALL' });
  const target = `/v3/bill/tradebill?${query.toString()}`;
  const offer = await callWechat(caller, { method: 'GET', target, body: '' });
  if (!offer.ok) return offer;
  const read = v.safeParse(statementSchema, offer.value);
  if (!read.success) return fail({ kind: 'rejected', code: 'statement form' });
  const address = new URL(read.output.download_url);
  // Only its path is used: our signature never goes to another host.
  const text = await downloadFromWechat(caller, `${address.pathname}${address.search}`);
  if (!text.ok) return text;
  const hash = createHash('sha1').update(text.value, 'utf8').digest('hex');
  if (hash !== read.output.hash_value.toLowerCase())
    return fail({ kind: 'bad-signature', code: 'statement hash' });
  return text;
}
