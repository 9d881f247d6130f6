// The wallet's book of service orders, what time does to it, and how a call finds its order.
import { fail, ok, type Result } from '../../../domain/result.ts';
import { runDeduction } from '../deductions.ts';
import { findRefusal, type People, type Person } from '../people.ts';
import type { SimulatorTiming } from '../timing.ts';
import { businessError, CODES, UNKNOWN_ORDER, type WechatError } from './wechat-errors.ts';
import type { WechatMerchant } from './wechat-merchant.ts';
import type { WechatOrder } from './wechat-order.ts';

export type Outcome = Result<WechatOrder, WechatError>;
export type NoticeEvent = 'PAYSCORE.USER_CONFIRM' | 'PAYSCORE.USER_PAID';

export type WechatBook = {
  readonly people: People;
  readonly timing: SimulatorTiming;
  readonly nowMs: () => number;
  /** Two calls on one order closer than this are too fast; 0 switches the rule off. */
  readonly leastGapMs: number;
  readonly onNotice: (event: NoticeEvent, order: WechatOrder) => void;
  readonly orders: Map<string, WechatOrder>;
  /** Those whose state may change by themselves: the only ones looked at when time passes. */
  readonly waiting: Set<string>;
  /** Keys of a person's orders. */
  readonly byAccount: Map<string, Set<string>>;
  lastNumber: number;
};

const CREATED_LASTS_MS = 30 * 86_400_000;

export function keyOf(mchid: string, orderNumber: string): string {
  return `${mchid} ${orderNumber}`;
}

export function keep(book: WechatBook, order: WechatOrder): WechatOrder {
  const key = keyOf(order.mchid, order.created.out_order_no);
  book.orders.set(key, order);
  if (order.deduction !== null || order.state === 'CREATED') book.waiting.add(key);
  else book.waiting.delete(key);
  return order;
}

export function nextNumber(book: WechatBook, prefix: string): string {
  book.lastNumber += 1;
  const day = new Date(book.nowMs() + 8 * 3_600_000).toISOString().slice(0, 10).replaceAll('-', '');
  return `${prefix}${day}${book.lastNumber.toString().padStart(14, '0')}`;
}

/** The order after everything that is due by now. */
export function advance(book: WechatBook, order: WechatOrder): WechatOrder {
  if (order.state === 'CREATED' && book.nowMs() - order.createdMs > CREATED_LASTS_MS) {
    return keep(book, { ...order, state: 'EXPIRED' });
  }
  const person = book.people.find(order.openid);
  if (order.deduction === null || person === null) return order;
  const ran = runDeduction(order.deduction, person, book.nowMs(), book.timing);
  if ('paidMs' in ran) return settlePaid(book, order, ran.paidMs);
  return ran.failed === order.deduction.failed ? order : keep(book, { ...order, deduction: ran });
}

export function settlePaid(book: WechatBook, order: WechatOrder, atMs: number): WechatOrder {
  const paid = { atMs, by: 'NEWTON' as const, transactionId: nextNumber(book, '42000') };
  const done = keep(book, { ...order, state: 'DONE', stateDescription: null, deduction: null, paid });
  book.onNotice('PAYSCORE.USER_PAID', done);
  return done;
}

/** The order a call speaks of, or why the call is refused. */
export function find(
  book: WechatBook,
  merchant: WechatMerchant,
  orderNumber: string,
  appid: string,
  isQuery = false,
): Outcome {
  const found = book.orders.get(keyOf(merchant.mchid, orderNumber));
  if (found === undefined) return fail(UNKNOWN_ORDER);
  if (found.created.appid !== appid) return fail(businessError(CODES.otherAppid));
  const isTooFast = !isQuery && book.nowMs() - found.lastCallMs < book.leastGapMs;
  const order = advance(book, found);
  if (isTooFast) return fail(businessError(CODES.tooFast));
  return ok(isQuery ? order : keep(book, { ...order, lastCallMs: book.nowMs() }));
}

/** Why the wallet does not let this person have one more order, or null. */
export function refusalOf(book: WechatBook, person: Person): WechatError | null {
  const own = [...(book.byAccount.get(person.account) ?? [])]
    .flatMap((key) => book.orders.get(key) ?? [])
    .map((order) => advance(book, order));
  const open = own.filter(({ state }) => state === 'DOING' || state === 'CREATED').length;
  const hasUnpaid = own.some(
    ({ deduction }) => deduction !== null && book.nowMs() - deduction.since > book.timing.overdueAfterMs,
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
