// The wallet's ledger of credit orders and the trades that collect them.
import { fail, ok, type Result } from '../../../domain/result.ts';
import { runDeduction, startDeduction } from '../deductions.ts';
import { findRefusal, type People, type Person } from '../people.ts';
import type { SimulatorTiming } from '../timing.ts';
import { businessError, SUB_CODES, type AlipayError } from './alipay-errors.ts';
import type { AlipayMerchant } from './alipay-merchant.ts';
import type { AlipayOrder, AlipayTrade } from './alipay-order.ts';
import { readYuan, type OrderBody, type PayBody } from './alipay-schemas.ts';

type Outcome = Result<AlipayOrder, AlipayError>;

export type AlipayLedger = {
  readonly order: (merchant: AlipayMerchant, body: OrderBody, noticeUrl: string | null) => Outcome;
  readonly findByOurs: (merchant: AlipayMerchant, orderNumber: string) => Outcome;
  readonly findByTheirs: (merchant: AlipayMerchant, creditOrderId: string) => Outcome;
  readonly pay: (merchant: AlipayMerchant, body: PayBody) => Outcome;
  readonly finish: (merchant: AlipayMerchant, creditOrderId: string, isFulfilled: boolean) => Outcome;
  readonly refund: (
    merchant: AlipayMerchant,
    wish: { readonly tradeNo: string; readonly requestNo: string; readonly amountMinor: number },
  ) => Outcome;
  readonly payInWallet: (orderNumber: string) => boolean;
  readonly confirm: (orderNumber: string) => boolean;
  readonly runDue: () => void;
  readonly orders: () => readonly AlipayOrder[];
};

type AlipayBook = {
  readonly people: People;
  readonly timing: SimulatorTiming;
  readonly nowMs: () => number;
  readonly onNotice: (order: AlipayOrder) => void;
  readonly orders: Map<string, AlipayOrder>;
  /** Keys of the orders by the wallet's own number. */
  readonly theirs: Map<string, string>;
  /** Keys of a person's orders. */
  readonly byAccount: Map<string, Set<string>>;
  /** Those being collected: the only ones looked at when time passes. */
  readonly waiting: Set<string>;
  lastNumber: number;
};

export function createAlipayLedger(
  context: Pick<AlipayBook, 'people' | 'timing' | 'nowMs' | 'onNotice'>,
): AlipayLedger {
  const book: AlipayBook = {
    ...context,
    orders: new Map(),
    theirs: new Map(),
    byAccount: new Map(),
    waiting: new Set(),
    lastNumber: 0,
  };
  return {
    order: (...call) => order(book, ...call),
    findByOurs: (merchant, orderNumber) => find(book, keyOf(merchant.appId, orderNumber)),
    findByTheirs: (merchant, creditOrderId) => findByTheirs(book, merchant, creditOrderId),
    pay: (...call) => pay(book, ...call),
    finish: (...call) => finish(book, ...call),
    refund: (...call) => refund(book, ...call),
    payInWallet: (orderNumber) => payInWallet(book, orderNumber),
    // Nothing waits for a confirmation here.
    confirm: () => false,
    runDue: () => {
      for (const key of [...book.waiting]) {
        const held = book.orders.get(key);
        if (held !== undefined) advance(book, held);
      }
    },
    orders: () => [...book.orders.values()],
  };
}

function keyOf(appId: string, orderNumber: string): string {
  return `${appId} ${orderNumber}`;
}

function keep(book: AlipayBook, order: AlipayOrder): AlipayOrder {
  const key = keyOf(order.appId, order.created.out_order_no);
  book.orders.set(key, order);
  if (order.trade?.deduction == null) book.waiting.delete(key);
  else book.waiting.add(key);
  return order;
}

function nextNumber(book: AlipayBook, prefix: string): string {
  book.lastNumber += 1;
  const day = new Date(book.nowMs() + 8 * 3_600_000).toISOString().slice(0, 10).replaceAll('-', '');
  return `${prefix}${day}${book.lastNumber.toString().padStart(14, '0')}`;
}

/** The order after everything that is due by now. */
function advance(book: AlipayBook, order: AlipayOrder): AlipayOrder {
  const { trade } = order;
  const person = book.people.find(order.created.credit_agreement_id);
  if (trade?.deduction == null || person === null) return order;
  const ran = runDeduction(trade.deduction, person, book.nowMs(), book.timing);
  if ('paidMs' in ran) return settlePaid(book, order, trade, ran.paidMs);
  if (ran.failed === trade.deduction.failed) return order;
  return keep(book, { ...order, trade: { ...trade, deduction: ran } });
}

function settlePaid(book: AlipayBook, order: AlipayOrder, trade: AlipayTrade, paidMs: number): AlipayOrder {
  const paid = { ...trade, status: 'TRADE_SUCCESS' as const, deduction: null, paidMs };
  const done = keep(book, { ...order, status: 'TRADE_FINISHED', trade: paid });
  book.onNotice(done);
  return done;
}

function find(book: AlipayBook, key: string | undefined): Outcome {
  const held = key === undefined ? undefined : book.orders.get(key);
  return held === undefined ? fail(businessError(SUB_CODES.orderUnknown)) : ok(advance(book, held));
}

function findByTheirs(book: AlipayBook, merchant: AlipayMerchant, creditOrderId: string): Outcome {
  return find(book, book.theirs.get(keyOf(merchant.appId, creditOrderId)));
}

function refusalOf(book: AlipayBook, person: Person): AlipayError | null {
  const own = [...(book.byAccount.get(person.account) ?? [])]
    .flatMap((key) => book.orders.get(key) ?? [])
    .map((order) => advance(book, order));
  const open = own.filter(({ status }) => status === 'INIT').length;
  const hasUnpaid = own.some(
    ({ trade }) =>
      trade?.deduction != null && book.nowMs() - trade.deduction.since > book.timing.overdueAfterMs,
  );
  switch (findRefusal(person, open, hasUnpaid)) {
    case 'youth':
      return businessError(SUB_CODES.youth);
    case 'overdue':
      return businessError(SUB_CODES.overdue);
    case 'not-accepted':
      return businessError(SUB_CODES.notAccepted);
    case null:
      return null;
  }
}

function order(book: AlipayBook, ...[merchant, body, noticeUrl]: Parameters<AlipayLedger['order']>): Outcome {
  const key = keyOf(merchant.appId, body.out_order_no);
  const before = book.orders.get(key);
  const createdText = JSON.stringify(body);
  if (before !== undefined) {
    const isSame = before.createdText === createdText;
    return isSame ? ok(advance(book, before)) : fail(businessError(SUB_CODES.orderOtherData));
  }
  const person = book.people.find(body.credit_agreement_id);
  if (person?.hasPermitted !== true) return fail(businessError(SUB_CODES.agreement));
  const capMinor = body.order_amount === undefined ? merchant.capMinor : readYuan(body.order_amount);
  if (capMinor > merchant.capMinor) return fail(businessError(SUB_CODES.overCap));
  const refusal = refusalOf(book, person);
  if (refusal !== null) return fail(refusal);
  const creditOrderId = nextNumber(book, 'ZMCB99');
  book.theirs.set(keyOf(merchant.appId, creditOrderId), key);
  book.byAccount.set(person.account, (book.byAccount.get(person.account) ?? new Set()).add(key));
  return ok(
    keep(book, {
      appId: merchant.appId,
      creditOrderId,
      created: body,
      createdText,
      createdMs: book.nowMs(),
      noticeUrl,
      status: 'INIT',
      trade: null,
      payCalls: 0,
    }),
  );
}

/** One credit order, one deduction, one trade: the same again answers the same, other data is refused. */
function pay(book: AlipayBook, ...[merchant, body]: Parameters<AlipayLedger['pay']>): Outcome {
  const found = findByTheirs(book, merchant, body.out_trade_no);
  if (!found.ok) return found;
  const held = keep(book, { ...found.value, payCalls: found.value.payCalls + 1 });
  const text = JSON.stringify(body);
  if (held.trade !== null) {
    return held.trade.body === text ? ok(held) : fail(businessError(SUB_CODES.otherData));
  }
  if (held.status !== 'INIT') return fail(businessError(SUB_CODES.wrongState));
  const amountMinor = readYuan(body.total_amount);
  const { order_amount } = held.created;
  const capMinor = order_amount === undefined ? merchant.capMinor : readYuan(order_amount);
  if (amountMinor > capMinor) return fail(businessError(SUB_CODES.overCap));
  if (amountMinor === 0) return fail(businessError(SUB_CODES.parameter));
  const trade: AlipayTrade = {
    tradeNo: nextNumber(book, '2026'),
    status: 'WAIT_BUYER_PAY',
    amountMinor,
    subject: body.subject,
    body: text,
    deduction: startDeduction(book.nowMs(), book.timing),
    paidMs: null,
    refunds: [],
  };
  return ok(keep(book, { ...held, trade }));
}

/** Before a deduction it ends the order; while one is under way it closes the trade with it. */
function finish(
  book: AlipayBook,
  ...[merchant, creditOrderId, isFulfilled]: Parameters<AlipayLedger['finish']>
): Outcome {
  const found = findByTheirs(book, merchant, creditOrderId);
  if (!found.ok) return found;
  if (found.value.status !== 'INIT') return fail(businessError(SUB_CODES.wrongState));
  const { trade } = found.value;
  const closed = trade === null ? null : { ...trade, status: 'TRADE_CLOSED' as const, deduction: null };
  const status = isFulfilled ? 'TRADE_FINISHED' : 'TRADE_CLOSED';
  return ok(keep(book, { ...found.value, status, trade: closed }));
}

function refund(
  book: AlipayBook,
  ...[merchant, { tradeNo, requestNo, amountMinor }]: Parameters<AlipayLedger['refund']>
): Outcome {
  const held = [...book.orders.values()].find(
    ({ appId, trade }) => appId === merchant.appId && trade?.tradeNo === tradeNo,
  );
  const trade = held?.trade;
  if (held === undefined || trade?.paidMs == null) {
    return fail(businessError(SUB_CODES.tradeUnknown));
  }
  const before = trade.refunds.find((made) => made.requestNo === requestNo);
  if (before !== undefined) {
    return before.amountMinor === amountMinor ? ok(held) : fail(businessError(SUB_CODES.otherData));
  }
  const refunded = trade.refunds.reduce((sum, made) => sum + made.amountMinor, 0);
  if (refunded + amountMinor > trade.amountMinor) return fail(businessError(SUB_CODES.refundTooMuch));
  const refunds = [...trade.refunds, { requestNo, amountMinor, atMs: book.nowMs() }];
  const isWhole = refunded + amountMinor === trade.amountMinor;
  // Wholly given back, both are closed; the day of payment still tells that it had been paid.
  if (isWhole) {
    return ok(
      keep(book, { ...held, status: 'TRADE_CLOSED', trade: { ...trade, status: 'TRADE_CLOSED', refunds } }),
    );
  }
  return ok(keep(book, { ...held, trade: { ...trade, refunds } }));
}

function payInWallet(book: AlipayBook, orderNumber: string): boolean {
  const held = [...book.orders.values()].find(({ created }) => created.out_order_no === orderNumber);
  if (held?.trade?.deduction == null) return false;
  settlePaid(book, held, held.trade, book.nowMs());
  return true;
}
