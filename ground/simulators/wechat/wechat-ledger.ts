// The wallet's ledger of service orders: every rule of wallets.md, kept in memory.
import { fail, ok, type Result } from '../../../domain/result.ts';
import { runDeduction, startDeduction } from '../deductions.ts';
import { findRefusal, type People, type Person } from '../people.ts';
import type { SimulatorTiming } from '../simulator.ts';
import {
  businessError,
  CODES,
  NOT_PERMITTED,
  UNKNOWN_ORDER,
  wrongParameter,
  type WechatError,
} from './wechat-errors.ts';
import type { WechatMerchant } from './wechat-merchant.ts';
import type { Refund, WechatOrder } from './wechat-order.ts';
import { isTotalExact, readMoment, type CreateBody, type LinesBody } from './wechat-schemas.ts';

export type Outcome = Result<WechatOrder, WechatError>;
export type NoticeEvent = 'PAYSCORE.USER_CONFIRM' | 'PAYSCORE.USER_PAID';

export type WechatLedger = {
  readonly create: (merchant: WechatMerchant, body: CreateBody, staysUnconfirmed: boolean) => Outcome;
  readonly query: (merchant: WechatMerchant, orderNumber: string, appid: string) => Outcome;
  readonly complete: (
    merchant: WechatMerchant,
    orderNumber: string,
    body: LinesBody & { readonly appid: string; readonly end: string | undefined },
  ) => Outcome;
  readonly cancel: (merchant: WechatMerchant, orderNumber: string, appid: string) => Outcome;
  readonly modify: (
    merchant: WechatMerchant,
    orderNumber: string,
    body: LinesBody & { readonly appid: string },
  ) => Outcome;
  readonly sync: (merchant: WechatMerchant, orderNumber: string, appid: string, paidMs: number) => Outcome;
  readonly refund: (
    merchant: WechatMerchant,
    wish: { readonly transactionId: string; readonly refundNumber: string; readonly amountMinor: number },
  ) => Result<Refund, WechatError>;
  /** The person acts in the wallet; false where there is nothing to do. */
  readonly payInWallet: (orderNumber: string) => boolean;
  readonly confirm: (orderNumber: string) => boolean;
  readonly runDue: () => void;
  readonly orders: () => readonly WechatOrder[];
};

const CREATED_LASTS_MS = 30 * 86_400_000;

export function createWechatLedger(context: {
  readonly people: People;
  readonly timing: SimulatorTiming;
  readonly nowMs: () => number;
  /** Two calls on one order closer than this are too fast; 0 switches the rule off. */
  readonly leastGapMs: number;
  readonly onNotice: (event: NoticeEvent, order: WechatOrder) => void;
}): WechatLedger {
  const { people, timing, nowMs, leastGapMs, onNotice } = context;
  const orders = new Map<string, WechatOrder>();
  /** Those whose state may change by themselves: the only ones looked at when time passes. */
  const waiting = new Set<string>();
  const byAccount = new Map<string, Set<string>>();
  let lastNumber = 0;

  const keyOf = (mchid: string, orderNumber: string): string => `${mchid} ${orderNumber}`;
  const keep = (order: WechatOrder): WechatOrder => {
    const key = keyOf(order.mchid, order.created.out_order_no);
    orders.set(key, order);
    if (order.deduction !== null || order.state === 'CREATED') waiting.add(key);
    else waiting.delete(key);
    return order;
  };
  const nextNumber = (prefix: string): string => {
    lastNumber += 1;
    const day = new Date(nowMs() + 8 * 3_600_000).toISOString().slice(0, 10).replaceAll('-', '');
    return `${prefix}${day}${lastNumber.toString().padStart(14, '0')}`;
  };
  const ordersOf = (account: string): readonly WechatOrder[] =>
    [...(byAccount.get(account) ?? [])].flatMap((key) => orders.get(key) ?? []);

  function advance(order: WechatOrder): WechatOrder {
    if (order.state === 'CREATED' && nowMs() - order.createdMs > CREATED_LASTS_MS) {
      return keep({ ...order, state: 'EXPIRED' });
    }
    const person = people.find(order.openid);
    if (order.deduction === null || person === null) return order;
    const ran = runDeduction(order.deduction, person, nowMs(), timing);
    if ('paidMs' in ran) return settlePaid(order, ran.paidMs);
    return ran.failed === order.deduction.failed ? order : keep({ ...order, deduction: ran });
  }

  function settlePaid(order: WechatOrder, atMs: number): WechatOrder {
    const paid = { atMs, by: 'NEWTON' as const, transactionId: nextNumber('42000') };
    const done = keep({ ...order, state: 'DONE', stateDescription: null, deduction: null, paid });
    onNotice('PAYSCORE.USER_PAID', done);
    return done;
  }

  /** The order a call speaks of, or why the call is refused. */
  function find(merchant: WechatMerchant, orderNumber: string, appid: string, isQuery = false): Outcome {
    const found = orders.get(keyOf(merchant.mchid, orderNumber));
    if (found === undefined) return fail(UNKNOWN_ORDER);
    if (found.created.appid !== appid) return fail(businessError(CODES.otherAppid));
    const isTooFast = !isQuery && nowMs() - found.lastCallMs < leastGapMs;
    const order = advance(found);
    if (isTooFast) return fail(businessError(CODES.tooFast));
    return ok(isQuery ? order : keep({ ...order, lastCallMs: nowMs() }));
  }

  function refusalOf(person: Person): WechatError | null {
    const own = ordersOf(person.account).map(advance);
    const open = own.filter(({ state }) => state === 'DOING' || state === 'CREATED').length;
    const hasUnpaid = own.some(
      ({ deduction }) => deduction !== null && nowMs() - deduction.since > timing.overdueAfterMs,
    );
    switch (findRefusal(person, open, hasUnpaid)) {
      case 'youth':
        return businessError(CODES.youth);
      case 'overdue':
        return businessError(CODES.overdue);
      case 'not-accepted':
        return businessError(CODES.notAccepted);
      case null:
        return null;
    }
  }

  function create(merchant: WechatMerchant, body: CreateBody, staysUnconfirmed: boolean): Outcome {
    const createdText = JSON.stringify(body);
    const before = orders.get(keyOf(merchant.mchid, body.out_order_no));
    if (before !== undefined) {
      const isSame = before.createdText === createdText;
      return isSame ? ok(advance(before)) : fail(businessError(CODES.otherData));
    }
    const person = people.find(body.openid ?? '');
    if (body.appid !== merchant.appid) return fail(businessError(CODES.otherAppid));
    if (person === null) return fail(wrongParameter('openid 与 appid 不匹配'));
    if (body.risk_fund.amount > merchant.capMinor) return fail(businessError(CODES.overCap));
    if (!body.need_user_confirm && !person.hasPermitted) return fail(NOT_PERMITTED);
    const refusal = refusalOf(person);
    if (refusal !== null) return fail(refusal);
    const isCreated = body.need_user_confirm || staysUnconfirmed;
    const order = keep({
      mchid: merchant.mchid,
      orderId: nextNumber('15646'),
      openid: person.account,
      created: body,
      createdText,
      createdMs: nowMs(),
      state: isCreated ? 'CREATED' : 'DOING',
      stateDescription: isCreated ? null : 'USER_CONFIRM',
      lines: null,
      endTime: body.time_range.end_time ?? null,
      deduction: null,
      paid: null,
      refunds: [],
      completes: 0,
      completeCalls: 0,
      lastCallMs: nowMs(),
    });
    const keys = byAccount.get(person.account) ?? new Set();
    byAccount.set(person.account, keys.add(keyOf(merchant.mchid, body.out_order_no)));
    return ok(order);
  }

  const complete: WechatLedger['complete'] = (merchant, orderNumber, body) => {
    const found = find(merchant, orderNumber, body.appid);
    if (!found.ok) return found;
    const order = keep({ ...found.value, completeCalls: found.value.completeCalls + 1 });
    if (order.state !== 'DOING' || order.stateDescription !== 'USER_CONFIRM') {
      return fail(businessError(CODES.notToComplete));
    }
    const end = body.end ?? order.endTime;
    const fault = end === null ? wrongParameter('服务结束时间必填') : findTimeFault(order, end, nowMs());
    if (fault !== null) return fail(fault);
    if (!isTotalExact(body)) return fail(wrongParameter('总金额与付费项目、优惠项目不符'));
    if (body.total_amount > merchant.capMinor) return fail(businessError(CODES.overCap));
    const completed = { ...order, lines: body, endTime: end, completes: order.completes + 1 };
    if (body.total_amount === 0) {
      return ok(keep({ ...completed, state: 'DONE', stateDescription: null }));
    }
    return ok(
      keep({
        ...completed,
        stateDescription: 'MCH_COMPLETE',
        deduction: startDeduction(nowMs(), timing),
      }),
    );
  };

  const cancel: WechatLedger['cancel'] = (merchant, orderNumber, appid) => {
    const found = find(merchant, orderNumber, appid);
    if (!found.ok) return found;
    const { state, stateDescription } = found.value;
    const mayCancel = state === 'CREATED' || (state === 'DOING' && stateDescription === 'USER_CONFIRM');
    if (!mayCancel) return fail(businessError(CODES.notToCancel));
    return ok(keep({ ...found.value, state: 'REVOKED', stateDescription: null }));
  };

  /** The order while the wallet collects: the only state that can be lowered or synchronised. */
  const findCollecting = (merchant: WechatMerchant, orderNumber: string, appid: string): Outcome => {
    const found = find(merchant, orderNumber, appid);
    if (!found.ok) return found;
    return found.value.deduction === null ? fail(businessError(CODES.notToChange)) : found;
  };

  const modify: WechatLedger['modify'] = (merchant, orderNumber, body) => {
    const found = findCollecting(merchant, orderNumber, body.appid);
    if (!found.ok) return found;
    if (!isTotalExact(body)) return fail(wrongParameter('总金额与付费项目、优惠项目不符'));
    const isLower = body.total_amount < (found.value.lines?.total_amount ?? 0);
    if (!isLower) return fail(wrongParameter('修改金额需小于上一次金额'));
    if (body.total_amount === 0) {
      return ok(
        keep({ ...found.value, lines: body, state: 'DONE', stateDescription: null, deduction: null }),
      );
    }
    return ok(keep({ ...found.value, lines: body }));
  };

  const sync: WechatLedger['sync'] = (merchant, orderNumber, appid, paidMs) => {
    const found = findCollecting(merchant, orderNumber, appid);
    if (!found.ok) return found;
    if (paidMs > nowMs()) return fail(wrongParameter('收款时间不能晚于当前时间'));
    const paid = { atMs: paidMs, by: 'MCH' as const, transactionId: null };
    return ok(keep({ ...found.value, state: 'DONE', stateDescription: null, deduction: null, paid }));
  };

  const refund: WechatLedger['refund'] = (merchant, { transactionId, refundNumber, amountMinor }) => {
    const order = [...orders.values()].find(
      ({ mchid, paid }) => mchid === merchant.mchid && paid?.transactionId === transactionId,
    );
    if (order === undefined) return fail(UNKNOWN_ORDER);
    const before = order.refunds.find((made) => made.refundNumber === refundNumber);
    if (before !== undefined) {
      return before.amountMinor === amountMinor ? ok(before) : fail(businessError(CODES.otherData));
    }
    const refunded = order.refunds.reduce((sum, made) => sum + made.amountMinor, 0);
    if (refunded + amountMinor > (order.lines?.total_amount ?? 0))
      return fail(wrongParameter('退款金额大于支付金额'));
    const made = { refundNumber, refundId: nextNumber('50300'), amountMinor, atMs: nowMs() };
    keep({ ...order, refunds: [...order.refunds, made] });
    return ok(made);
  };

  const findByNumber = (orderNumber: string): WechatOrder | undefined => {
    const found = [...orders.values()].find(({ created }) => created.out_order_no === orderNumber);
    return found === undefined ? undefined : advance(found);
  };

  return {
    create,
    query: (merchant, orderNumber, appid) => find(merchant, orderNumber, appid, true),
    complete,
    cancel,
    modify,
    sync,
    refund,
    payInWallet: (orderNumber) => {
      const order = findByNumber(orderNumber);
      if (order === undefined || order.deduction === null) return false;
      settlePaid(order, nowMs());
      return true;
    },
    confirm: (orderNumber) => {
      const order = findByNumber(orderNumber);
      if (order?.state !== 'CREATED') return false;
      onNotice('PAYSCORE.USER_CONFIRM', keep({ ...order, state: 'DOING', stateDescription: 'USER_CONFIRM' }));
      return true;
    },
    runDue: () => {
      for (const key of [...waiting]) {
        const order = orders.get(key);
        if (order !== undefined) advance(order);
      }
    },
    orders: () => [...orders.values()],
  };
}

function findTimeFault(order: WechatOrder, end: string, nowMs: number): WechatError | null {
  const start = order.created.time_range.start_time;
  const startMs = start === 'OnAccept' ? order.createdMs : readMoment(start);
  const endMs = readMoment(end);
  if (endMs <= startMs) return businessError(CODES.endBeforeStart);
  return endMs > nowMs ? wrongParameter('服务结束时间不能晚于当前时间') : null;
}
