// The wallet's ledger of service orders: every rule of wallets.md, kept in memory.
import { fail, ok, type Result } from '../../../domain/result.ts';
import { startDeduction } from '../deductions.ts';
import {
  advance,
  find,
  keep,
  keyOf,
  nextNumber,
  refusalOf,
  settlePaid,
  type Outcome,
  type WechatBook,
} from './wechat-book.ts';
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

export function createWechatLedger(
  context: Pick<WechatBook, 'people' | 'timing' | 'nowMs' | 'leastGapMs' | 'onNotice'>,
): WechatLedger {
  const book: WechatBook = {
    ...context,
    orders: new Map(),
    waiting: new Set(),
    byAccount: new Map(),
    lastNumber: 0,
  };
  return {
    create: (...call) => create(book, ...call),
    query: (merchant, orderNumber, appid) => find(book, merchant, orderNumber, appid, true),
    complete: (...call) => complete(book, ...call),
    cancel: (...call) => cancel(book, ...call),
    modify: (...call) => modify(book, ...call),
    sync: (...call) => sync(book, ...call),
    refund: (...call) => refund(book, ...call),
    payInWallet: (orderNumber) => payInWallet(book, orderNumber),
    confirm: (orderNumber) => confirm(book, orderNumber),
    runDue: () => {
      for (const key of [...book.waiting]) {
        const order = book.orders.get(key);
        if (order !== undefined) advance(book, order);
      }
    },
    orders: () => [...book.orders.values()],
  };
}

function create(
  book: WechatBook,
  ...[merchant, body, staysUnconfirmed]: Parameters<WechatLedger['create']>
): Outcome {
  const createdText = JSON.stringify(body);
  const before = book.orders.get(keyOf(merchant.mchid, body.out_order_no));
  if (before !== undefined) {
    const isSame = before.createdText === createdText;
    return isSame ? ok(advance(book, before)) : fail(businessError(CODES.otherData));
  }
  const person = book.people.find(body.openid ?? '');
  if (body.appid !== merchant.appid) return fail(businessError(CODES.otherAppid));
  if (person === null) return fail(wrongParameter('openid 与 appid 不匹配'));
  if (body.risk_fund.amount > merchant.capMinor) return fail(businessError(CODES.overCap));
  if (!body.need_user_confirm && !person.hasPermitted) return fail(NOT_PERMITTED);
  const refusal = refusalOf(book, person);
  if (refusal !== null) return fail(refusal);
  const isCreated = body.need_user_confirm || staysUnconfirmed;
  const order = keep(book, newOrder(book, merchant, { body, createdText, isCreated }));
  const keys = book.byAccount.get(person.account) ?? new Set();
  book.byAccount.set(person.account, keys.add(keyOf(merchant.mchid, body.out_order_no)));
  return ok(order);
}

function newOrder(
  book: WechatBook,
  merchant: WechatMerchant,
  made: { readonly body: CreateBody; readonly createdText: string; readonly isCreated: boolean },
): WechatOrder {
  const { body, createdText, isCreated } = made;
  return {
    mchid: merchant.mchid,
    orderId: nextNumber(book, '15646'),
    openid: body.openid ?? '',
    created: body,
    createdText,
    createdMs: book.nowMs(),
    state: isCreated ? 'CREATED' : 'DOING',
    stateDescription: isCreated ? null : 'USER_CONFIRM',
    lines: null,
    endTime: body.time_range.end_time ?? null,
    deduction: null,
    paid: null,
    refunds: [],
    completes: 0,
    completeCalls: 0,
    lastCallMs: book.nowMs(),
  };
}

function complete(
  book: WechatBook,
  ...[merchant, orderNumber, body]: Parameters<WechatLedger['complete']>
): ReturnType<WechatLedger['complete']> {
  const found = find(book, merchant, orderNumber, body.appid);
  if (!found.ok) return found;
  const order = keep(book, { ...found.value, completeCalls: found.value.completeCalls + 1 });
  if (order.state !== 'DOING' || order.stateDescription !== 'USER_CONFIRM') {
    return fail(businessError(CODES.notToComplete));
  }
  const end = body.end ?? order.endTime;
  const fault = end === null ? wrongParameter('服务结束时间必填') : findTimeFault(order, end, book.nowMs());
  if (fault !== null) return fail(fault);
  if (!isTotalExact(body)) return fail(wrongParameter('总金额与付费项目、优惠项目不符'));
  if (body.total_amount > merchant.capMinor) return fail(businessError(CODES.overCap));
  const completed = { ...order, lines: body, endTime: end, completes: order.completes + 1 };
  if (body.total_amount === 0) {
    return ok(keep(book, { ...completed, state: 'DONE', stateDescription: null }));
  }
  return ok(
    keep(book, {
      ...completed,
      stateDescription: 'MCH_COMPLETE',
      deduction: startDeduction(book.nowMs(), book.timing),
    }),
  );
}

function cancel(
  book: WechatBook,
  ...[merchant, orderNumber, appid]: Parameters<WechatLedger['cancel']>
): ReturnType<WechatLedger['cancel']> {
  const found = find(book, merchant, orderNumber, appid);
  if (!found.ok) return found;
  const { state, stateDescription } = found.value;
  const mayCancel = state === 'CREATED' || (state === 'DOING' && stateDescription === 'USER_CONFIRM');
  if (!mayCancel) return fail(businessError(CODES.notToCancel));
  return ok(keep(book, { ...found.value, state: 'REVOKED', stateDescription: null }));
}

/** The order while the wallet collects: the only state that can be lowered or synchronised. */
function findCollecting(
  book: WechatBook,
  merchant: WechatMerchant,
  orderNumber: string,
  appid: string,
): Outcome {
  const found = find(book, merchant, orderNumber, appid);
  if (!found.ok) return found;
  return found.value.deduction === null ? fail(businessError(CODES.notToChange)) : found;
}

function modify(
  book: WechatBook,
  ...[merchant, orderNumber, body]: Parameters<WechatLedger['modify']>
): ReturnType<WechatLedger['modify']> {
  const found = findCollecting(book, merchant, orderNumber, body.appid);
  if (!found.ok) return found;
  if (!isTotalExact(body)) return fail(wrongParameter('总金额与付费项目、优惠项目不符'));
  const isLower = body.total_amount < (found.value.lines?.total_amount ?? 0);
  if (!isLower) return fail(wrongParameter('修改金额需小于上一次金额'));
  if (body.total_amount === 0) {
    return ok(
      keep(book, { ...found.value, lines: body, state: 'DONE', stateDescription: null, deduction: null }),
    );
  }
  return ok(keep(book, { ...found.value, lines: body }));
}

function sync(
  book: WechatBook,
  ...[merchant, orderNumber, appid, paidMs]: Parameters<WechatLedger['sync']>
): ReturnType<WechatLedger['sync']> {
  const found = findCollecting(book, merchant, orderNumber, appid);
  if (!found.ok) return found;
  if (paidMs > book.nowMs()) return fail(wrongParameter('收款时间不能晚于当前时间'));
  const paid = { atMs: paidMs, by: 'MCH' as const, transactionId: null };
  return ok(keep(book, { ...found.value, state: 'DONE', stateDescription: null, deduction: null, paid }));
}

function refund(
  book: WechatBook,
  ...[merchant, { transactionId, refundNumber, amountMinor }]: Parameters<WechatLedger['refund']>
): ReturnType<WechatLedger['refund']> {
  const order = [...book.orders.values()].find(
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
  const made = { refundNumber, refundId: nextNumber(book, '50300'), amountMinor, atMs: book.nowMs() };
  keep(book, { ...order, refunds: [...order.refunds, made] });
  return ok(made);
}

function findByNumber(book: WechatBook, orderNumber: string): WechatOrder | null {
  const held = [...book.orders.values()].find(({ created }) => created.out_order_no === orderNumber);
  return held === undefined ? null : advance(book, held);
}

function payInWallet(book: WechatBook, orderNumber: string): boolean {
  const order = findByNumber(book, orderNumber);
  if (order === null || order.deduction === null) return false;
  settlePaid(book, order, book.nowMs());
  return true;
}

function confirm(book: WechatBook, orderNumber: string): boolean {
  const order = findByNumber(book, orderNumber);
  if (order?.state !== 'CREATED') return false;
  const confirmed = { ...order, state: 'DOING', stateDescription: 'USER_CONFIRM' } as const;
  book.onNotice('PAYSCORE.USER_CONFIRM', keep(book, confirmed));
  return true;
}

function findTimeFault(order: WechatOrder, end: string, nowMs: number): WechatError | null {
  const start = order.created.time_range.start_time;
  const startMs = start === 'OnAccept' ? order.createdMs : readMoment(start);
  const endMs = readMoment(end);
  if (endMs <= startMs) return businessError(CODES.endBeforeStart);
  return endMs > nowMs ? wrongParameter('服务结束时间不能晚于当前时间') : null;
}
