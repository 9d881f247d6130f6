// Agreement, order, deduction, end: the calls of pay-after-use.
import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { fail, ok } from '../../../domain/result.ts';
import type { MandateRequest, WalletAnswer, WalletOrderStatus } from '../wallet.ts';
import { writeYuan } from './alipay-amount.ts';
import { callAlipay, composeSigned, readJson, type AlipayCaller } from './alipay-call.ts';
import { readDeduction } from './alipay-settlement.ts';
import {
  creditOrderSchema,
  judgeAlipayOrder,
  tradeSchema,
  type CreditOrder,
  type Trade,
} from './judge-alipay-order.ts';

const PRODUCT = 'CREDIT_PAY_AFTER_USE';

/**
 * The page that asks for the agreement. Its number on our side comes from `state`, which nobody can guess, and returns
 * as the code; the same person's agreements are one agreement to the wallet.
 */
export function composeAgreementAddress(caller: AlipayCaller, state: string, returnTo: string): string {
  const number = createHash('sha256').update(`agreement ${state}`, 'utf8').digest('hex').slice(0, 32);
  const back = new URL(returnTo);
  back.searchParams.set('state', state);
  const refused = back.toString();
  back.searchParams.set('code', number);
  const content = {
    out_agreement_no: number,
    zm_service_id: caller.config.zmServiceId,
    product_code: PRODUCT,
    return_back_link: back.toString(),
    cancel_back_link: refused,
  };
  const signed = composeSigned(caller, 'zhima.credit.payafteruse.creditagreement.sign', content);
  const address = new URL(caller.config.signInUrl);
  for (const [name, value] of signed) address.searchParams.set(name, value);
  return address.toString();
}

const agreementSchema = v.object({
  out_agreement_no: v.optional(v.string()),
  agreement_status: v.string(),
  credit_agreement_id: v.optional(v.string()),
});

/** The agreement itself is the account: one for each person and merchant, the same however often they sign. */
export async function readAgreement(
  caller: AlipayCaller,
  code: string,
): WalletAnswer<{ readonly account: string }> {
  if (!/^[0-9a-f]{32}$/.test(code)) return fail({ kind: 'not-permitted', code: 'code form' });
  const content = { out_agreement_no: code };
  const answer = await callAlipay(caller, 'zhima.credit.payafteruse.creditagreement.query', content);
  if (!answer.ok) return answer;
  const read = v.safeParse(agreementSchema, answer.value);
  if (!read.success) return fail({ kind: 'rejected', code: 'agreement form' });
  const { agreement_status, credit_agreement_id, out_agreement_no } = read.output;
  if (out_agreement_no !== undefined && out_agreement_no !== code) {
    return fail({ kind: 'rejected', code: 'agreement number' });
  }
  if (agreement_status !== 'VALID' || credit_agreement_id === undefined) {
    return fail({ kind: 'not-permitted', code: agreement_status.slice(0, 40) });
  }
  return ok({ account: credit_agreement_id });
}

/** What several tills that do not see each other can come to (risk.md 4.2): twice the allowance. */
const WORST_TIMES_ALLOWANCE = 2;

export async function createMandate(
  caller: AlipayCaller,
  request: MandateRequest,
  noticeAddress: string,
): WalletAnswer<WalletOrderStatus> {
  const capMinor = Math.min(request.capMinor * WORST_TIMES_ALLOWANCE, caller.config.capMinor);
  const content = {
    credit_agreement_id: request.account,
    out_order_no: request.orderNumber,
    product_code: PRODUCT,
    // The wallet forbids these three in titles.
    subject: request.introduction.replace(/[/=&]/g, ' '),
    body: request.attach,
    order_amount: writeYuan(capMinor),
  };
  const more = { notify_url: noticeAddress };
  const answer = await callAlipay(caller, 'zhima.credit.payafteruse.creditbizorder.order', content, more);
  if (!answer.ok) return answer;
  const order = v.safeParse(creditOrderSchema, { order_status: 'INIT', ...answer.value });
  if (!order.success) return fail({ kind: 'rejected', code: 'order form' });
  // Created before, it may stand elsewhere by now.
  return order.output.order_status === 'INIT' && order.output.trade_no === undefined
    ? judgeAlipayOrder(order.output, null)
    : queryOrder(caller, request.orderNumber);
}

type Standing = { readonly order: CreditOrder; readonly trade: Trade | null };

async function findStanding(caller: AlipayCaller, orderNumber: string): WalletAnswer<Standing> {
  const content = { out_order_no: orderNumber };
  const answer = await callAlipay(caller, 'zhima.credit.payafteruse.creditbizorder.query', content);
  if (!answer.ok) return answer;
  const order = v.safeParse(creditOrderSchema, answer.value);
  const isOurs = order.success && (order.output.out_order_no ?? orderNumber) === orderNumber;
  if (!isOurs) return fail({ kind: 'rejected', code: 'order form' });
  const trade = await findTrade(caller, order.output.credit_biz_order_id);
  return trade.ok ? ok({ order: order.output, trade: trade.value }) : trade;
}

async function findTrade(caller: AlipayCaller, creditOrderId: string): WalletAnswer<Trade | null> {
  const answer = await callAlipay(caller, 'alipay.trade.query', { out_trade_no: creditOrderId });
  if (!answer.ok) return answer.error.kind === 'unknown-order' ? ok(null) : answer;
  const trade = v.safeParse(tradeSchema, answer.value);
  const isAsked = trade.success && trade.output.out_trade_no === creditOrderId;
  return isAsked ? ok(trade.output) : fail({ kind: 'rejected', code: 'trade form' });
}

export async function queryOrder(caller: AlipayCaller, orderNumber: string): WalletAnswer<WalletOrderStatus> {
  const standing = await findStanding(caller, orderNumber);
  return standing.ok ? judgeAlipayOrder(standing.value.order, standing.value.trade) : standing;
}

export async function deduct(
  caller: AlipayCaller,
  orderNumber: string,
  body: string,
): WalletAnswer<WalletOrderStatus> {
  const compose = readDeduction(caller.config, orderNumber, readJson(body));
  if (!compose.ok) return compose;
  const standing = await findStanding(caller, orderNumber);
  if (!standing.ok) return standing;
  const { order, trade } = standing.value;
  if (trade !== null || order.order_status !== 'INIT') {
    return fail({ kind: 'wrong-state', code: order.order_status.slice(0, 40) });
  }
  const content = compose.value(order.credit_biz_order_id);
  const answer = await callAlipay(caller, 'alipay.trade.pay', content);
  if (!answer.ok) return answer;
  const made = v.safeParse(tradeSchema, {
    trade_status: 'WAIT_BUYER_PAY',
    total_amount: content['total_amount'],
    ...answer.value,
  });
  return made.success ? judgeAlipayOrder(order, made.output) : fail({ kind: 'rejected', code: 'trade form' });
}

/** Only while nothing was asked for: later, ending the order would close the trade that collects it. */
export async function release(
  caller: AlipayCaller,
  orderNumber: string,
  reason: string,
): WalletAnswer<WalletOrderStatus> {
  const standing = await findStanding(caller, orderNumber);
  if (!standing.ok) return standing;
  const { order, trade } = standing.value;
  if (trade !== null || order.order_status !== 'INIT') {
    return fail({ kind: 'wrong-state', code: order.order_status.slice(0, 40) });
  }
  const extra = { extra_param: JSON.stringify({ cancelReason: reason }) };
  const answer = await finish(caller, orderNumber, order, 'false', extra);
  if (!answer.ok) return answer;
  return ok({ state: 'released', totalMinor: null, paidMinor: null, transactionId: null, mustActCode: null });
}

/** Ends a deduction that is under way because the passenger paid in another way. */
export async function endAsPaid(caller: AlipayCaller, orderNumber: string): WalletAnswer<WalletOrderStatus> {
  const standing = await findStanding(caller, orderNumber);
  if (!standing.ok) return standing;
  const { order, trade } = standing.value;
  if (trade === null || order.order_status !== 'INIT') {
    return fail({ kind: 'wrong-state', code: order.order_status.slice(0, 40) });
  }
  const answer = await finish(caller, orderNumber, order, 'true', { remark: '已通过其他方式付款' });
  return answer.ok ? queryOrder(caller, orderNumber) : answer;
}

function finish(
  caller: AlipayCaller,
  orderNumber: string,
  order: CreditOrder,
  isFulfilled: 'true' | 'false',
  more: Readonly<Record<string, string>>,
) {
  return callAlipay(caller, 'zhima.credit.payafteruse.creditbizorder.finish', {
    credit_biz_order_id: order.credit_biz_order_id,
    is_fulfilled: isFulfilled,
    // The same for every try, so that a repeated one is one.
    out_request_no: `F${isFulfilled === 'true' ? '1' : '0'}${orderNumber}`,
    ...more,
  });
}
