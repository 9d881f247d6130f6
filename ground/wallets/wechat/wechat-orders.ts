// The service order calls: create, query, complete, modify, cancel, sync.
import * as v from 'valibot';
import { fail, ok, type Result } from '../../../domain/result.ts';
import type {
  MandateRequest,
  SettleRequest,
  WalletAnswer,
  WalletOrderStatus,
  WalletProblem,
} from '../wallet.ts';
import { formatWalletMoment } from '../wallet-moment.ts';
import { judgeWechatOrder, serviceOrderSchema } from './judge-wechat-order.ts';
import { callWechat, readJson, type WechatCaller } from './wechat-call.ts';
import { composeLines, findBodyFault } from './wechat-settlement.ts';

const ORDERS = '/v3/payscore/serviceorder';

export async function createMandate(
  caller: WechatCaller,
  request: MandateRequest,
  noticeAddress: string,
): WalletAnswer<WalletOrderStatus> {
  const { config } = caller;
  if (!config.needUserConfirm) {
    const refused = await findMissingPermission(caller, request.account);
    if (refused !== null) return fail(refused);
  }
  // Only what the request says: the same request gives the same body, and may be repeated.
  const body = JSON.stringify({
    appid: config.appid,
    service_id: config.serviceId,
    out_order_no: request.orderNumber,
    service_introduction: config.serviceIntroduction ?? request.introduction,
    time_range: { start_time: formatWalletMoment(request.startMs) },
    risk_fund: { name: 'ESTIMATE_ORDER_COST', amount: request.capMinor },
    attach: request.attach,
    notify_url: noticeAddress,
    openid: request.account,
    need_user_confirm: config.needUserConfirm,
  });
  return readOrder(
    caller,
    request.orderNumber,
    await callWechat(caller, { method: 'POST', target: ORDERS, body }),
  );
}

const permissionSchema = v.object({ authorization_state: v.string() });

/** Asked first, because a creation without permission says no more than that the merchant has no right. */
async function findMissingPermission(caller: WechatCaller, openid: string): Promise<WalletProblem | null> {
  const query = new URLSearchParams({ appid: caller.config.appid, service_id: caller.config.serviceId });
  const target = `/v3/payscore/permissions/openid/${encodeURIComponent(openid)}?${query.toString()}`;
  const answer = await callWechat(caller, { method: 'GET', target, body: '' });
  if (!answer.ok) return answer.error;
  const read = v.safeParse(permissionSchema, answer.value);
  if (!read.success) return { kind: 'rejected', code: 'permission form' };
  const state = read.output.authorization_state;
  return state === 'AVAILABLE' ? null : { kind: 'not-permitted', code: state.slice(0, 40) };
}

export async function queryOrder(caller: WechatCaller, orderNumber: string): WalletAnswer<WalletOrderStatus> {
  const { appid, serviceId } = caller.config;
  const query = new URLSearchParams({ out_order_no: orderNumber, service_id: serviceId, appid });
  const target = `${ORDERS}?${query.toString()}`;
  return readOrder(caller, orderNumber, await callWechat(caller, { method: 'GET', target, body: '' }));
}

export async function complete(
  caller: WechatCaller,
  orderNumber: string,
  body: string,
): WalletAnswer<WalletOrderStatus> {
  const fault = findBodyFault(caller.config, orderNumber, readJson(body));
  if (fault !== null) return fail(fault);
  return readOrder(caller, orderNumber, await callWechat(caller, orderCall(orderNumber, 'complete', body)));
}

export async function modify(caller: WechatCaller, request: SettleRequest): WalletAnswer<WalletOrderStatus> {
  const lines = composeLines(request);
  const fault = findBodyFault(caller.config, request.orderNumber, lines);
  if (fault !== null) return fail(fault);
  return postOrder(caller, request.orderNumber, 'modify', { ...lines, reason: '账单更正' });
}

const MOST_REASON_CHARS = 50;

/** The wallet answers no state: that it answered is the release. */
export async function cancel(
  caller: WechatCaller,
  orderNumber: string,
  reason: string,
): WalletAnswer<WalletOrderStatus> {
  const { appid, serviceId } = caller.config;
  const cut = [...reason].slice(0, MOST_REASON_CHARS).join('');
  const body = JSON.stringify({ appid, service_id: serviceId, reason: cut === '' ? '未消费' : cut });
  const answer = await callWechat(caller, orderCall(orderNumber, 'cancel', body));
  if (!answer.ok) return answer;
  return ok({ state: 'released', totalMinor: null, paidMinor: null, transactionId: null, mustActCode: null });
}

function orderCall(orderNumber: string, action: string, body: string) {
  return { method: 'POST', target: `${ORDERS}/${encodeURIComponent(orderNumber)}/${action}`, body } as const;
}

async function postOrder(
  caller: WechatCaller,
  orderNumber: string,
  action: 'modify' | 'sync',
  facts: Readonly<Record<string, unknown>>,
): WalletAnswer<WalletOrderStatus> {
  const { appid, serviceId } = caller.config;
  const body = JSON.stringify({ appid, service_id: serviceId, ...facts });
  return readOrder(caller, orderNumber, await callWechat(caller, orderCall(orderNumber, action, body)));
}

/** The order an answer shows, if it is the one that was asked about. */
function readOrder(
  caller: WechatCaller,
  orderNumber: string,
  answer: Result<unknown, WalletProblem>,
): Result<WalletOrderStatus, WalletProblem> {
  if (!answer.ok) return answer;
  const read = v.safeParse(serviceOrderSchema, answer.value);
  const isOurs =
    read.success &&
    read.output.out_order_no === orderNumber &&
    read.output.mchid === caller.config.mchid &&
    read.output.service_id === caller.config.serviceId;
  if (!isOurs) return fail({ kind: 'rejected', code: 'order form' });
  return judgeWechatOrder(read.output, caller.config.needUserConfirm);
}

/** The passenger paid in another way: ends the wallet's deductions. */
export function syncPaid(
  caller: WechatCaller,
  orderNumber: string,
  paidAtMs: number,
): WalletAnswer<WalletOrderStatus> {
  return postOrder(caller, orderNumber, 'sync', {
    type: 'Order_Paid',
    detail: { paid_time: formatWalletMoment(paidAtMs) },
  });
}
