// The wallet's ledger of credit orders and the trades that collect them.
import { fail, ok, type Result } from '../../../domain/result.ts';
import { runDeduction, startDeduction, type Deduction } from '../deductions.ts';
import { findRefusal, type People, type Person } from '../people.ts';
import type { BookedOrder, SimulatorTiming } from '../simulator.ts';
import { businessError, SUB_CODES, type AlipayError } from './alipay-errors.ts';
import type { AlipayMerchant } from './alipay-merchant.ts';
import { readYuan, type OrderBody, type PayBody } from './alipay-schemas.ts';

export type AlipayTrade = {
  readonly tradeNo: string;
  readonly status: 'WAIT_BUYER_PAY' | 'TRADE_SUCCESS' | 'TRADE_CLOSED';
  readonly amountMinor: number;
  readonly subject: string;
  readonly body: string;
  readonly deduction: Deduction | null;
  readonly paidMs: number | null;
  readonly refunds: readonly {
    readonly requestNo: string;
    readonly amountMinor: number;
    readonly atMs: number;
  }[];
};

export type AlipayOrder = {
  readonly appId: string;
  readonly creditOrderId: string;
  readonly created: OrderBody;
  readonly createdText: string;
  readonly createdMs: number;
  readonly noticeUrl: string | null;
  readonly status: 'INIT' | 'TRADE_FINISHED' | 'TRADE_CLOSED';
  readonly trade: AlipayTrade | null;
  readonly payCalls: number;
};

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

export function createAlipayLedger(context: {
  readonly people: People;
  readonly timing: SimulatorTiming;
  readonly nowMs: () => number;
  readonly onNotice: (order: AlipayOrder) => void;
}): AlipayLedger {
  const { people, timing, nowMs, onNotice } = context;
  const orders = new Map<string, AlipayOrder>();
  const theirs = new Map<string, string>();
  const byAccount = new Map<string, Set<string>>();
  const waiting = new Set<string>();
  let lastNumber = 0;

  const keyOf = (appId: string, orderNumber: string): string => `${appId} ${orderNumber}`;
  const keep = (order: AlipayOrder): AlipayOrder => {
    const key = keyOf(order.appId, order.created.out_order_no);
    orders.set(key, order);
    if (order.trade?.deduction == null) waiting.delete(key);
    else waiting.add(key);
    return order;
  };
  const nextNumber = (prefix: string): string => {
    lastNumber += 1;
    const day = new Date(nowMs() + 8 * 3_600_000).toISOString().slice(0, 10).replaceAll('-', '');
    return `${prefix}${day}${lastNumber.toString().padStart(14, '0')}`;
  };

  function advance(order: AlipayOrder): AlipayOrder {
    const { trade } = order;
    const person = people.find(order.created.credit_agreement_id);
    if (trade?.deduction == null || person === null) return order;
    const ran = runDeduction(trade.deduction, person, nowMs(), timing);
    if ('paidMs' in ran) return settlePaid(order, trade, ran.paidMs);
    if (ran.failed === trade.deduction.failed) return order;
    return keep({ ...order, trade: { ...trade, deduction: ran } });
  }

  function settlePaid(order: AlipayOrder, trade: AlipayTrade, paidMs: number): AlipayOrder {
    const paid = { ...trade, status: 'TRADE_SUCCESS' as const, deduction: null, paidMs };
    const done = keep({ ...order, status: 'TRADE_FINISHED', trade: paid });
    onNotice(done);
    return done;
  }

  const find = (key: string | undefined): Outcome => {
    const order = key === undefined ? undefined : orders.get(key);
    return order === undefined ? fail(businessError(SUB_CODES.orderUnknown)) : ok(advance(order));
  };
  const findByTheirs = (merchant: AlipayMerchant, creditOrderId: string): Outcome =>
    find(theirs.get(keyOf(merchant.appId, creditOrderId)));

  function refusalOf(person: Person): AlipayError | null {
    const own = [...(byAccount.get(person.account) ?? [])]
      .flatMap((key) => orders.get(key) ?? [])
      .map(advance);
    const open = own.filter(({ status }) => status === 'INIT').length;
    const hasUnpaid = own.some(
      ({ trade }) => trade?.deduction != null && nowMs() - trade.deduction.since > timing.overdueAfterMs,
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

  const order: AlipayLedger['order'] = (merchant, body, noticeUrl) => {
    const key = keyOf(merchant.appId, body.out_order_no);
    const before = orders.get(key);
    const createdText = JSON.stringify(body);
    if (before !== undefined) {
      const isSame = before.createdText === createdText;
      return isSame ? ok(advance(before)) : fail(businessError(SUB_CODES.orderOtherData));
    }
    const person = people.find(body.credit_agreement_id);
    if (person?.hasPermitted !== true) return fail(businessError(SUB_CODES.agreement));
    const capMinor = body.order_amount === undefined ? merchant.capMinor : readYuan(body.order_amount);
    if (capMinor > merchant.capMinor) return fail(businessError(SUB_CODES.overCap));
    const refusal = refusalOf(person);
    if (refusal !== null) return fail(refusal);
    const creditOrderId = nextNumber('ZMCB99');
    theirs.set(keyOf(merchant.appId, creditOrderId), key);
    byAccount.set(person.account, (byAccount.get(person.account) ?? new Set()).add(key));
    return ok(
      keep({
        appId: merchant.appId,
        creditOrderId,
        created: body,
        createdText,
        createdMs: nowMs(),
        noticeUrl,
        status: 'INIT',
        trade: null,
        payCalls: 0,
      }),
    );
  };

  /** One credit order, one deduction, one trade: the same again answers the same, other data is refused. */
  const pay: AlipayLedger['pay'] = (merchant, body) => {
    const found = findByTheirs(merchant, body.out_trade_no);
    if (!found.ok) return found;
    const held = keep({ ...found.value, payCalls: found.value.payCalls + 1 });
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
      tradeNo: nextNumber('2026'),
      status: 'WAIT_BUYER_PAY',
      amountMinor,
      subject: body.subject,
      body: text,
      deduction: startDeduction(nowMs(), timing),
      paidMs: null,
      refunds: [],
    };
    return ok(keep({ ...held, trade }));
  };

  /** Before a deduction it ends the order; while one is under way it closes the trade with it. */
  const finish: AlipayLedger['finish'] = (merchant, creditOrderId, isFulfilled) => {
    const found = findByTheirs(merchant, creditOrderId);
    if (!found.ok) return found;
    if (found.value.status !== 'INIT') return fail(businessError(SUB_CODES.wrongState));
    const { trade } = found.value;
    const closed = trade === null ? null : { ...trade, status: 'TRADE_CLOSED' as const, deduction: null };
    const status = isFulfilled ? 'TRADE_FINISHED' : 'TRADE_CLOSED';
    return ok(keep({ ...found.value, status, trade: closed }));
  };

  const refund: AlipayLedger['refund'] = (merchant, { tradeNo, requestNo, amountMinor }) => {
    const held = [...orders.values()].find(
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
    const refunds = [...trade.refunds, { requestNo, amountMinor, atMs: nowMs() }];
    const isWhole = refunded + amountMinor === trade.amountMinor;
    // Wholly given back, both are closed; the day of payment still tells that it had been paid.
    if (isWhole) {
      return ok(
        keep({ ...held, status: 'TRADE_CLOSED', trade: { ...trade, status: 'TRADE_CLOSED', refunds } }),
      );
    }
    return ok(keep({ ...held, trade: { ...trade, refunds } }));
  };

  return {
    order,
    findByOurs: (merchant, orderNumber) => find(keyOf(merchant.appId, orderNumber)),
    findByTheirs,
    pay,
    finish,
    refund,
    payInWallet: (orderNumber) => {
      const held = [...orders.values()].find(({ created }) => created.out_order_no === orderNumber);
      if (held?.trade?.deduction == null) return false;
      settlePaid(held, held.trade, nowMs());
      return true;
    },
    // Nothing waits for a confirmation here.
    confirm: () => false,
    runDue: () => {
      for (const key of [...waiting]) {
        const held = orders.get(key);
        if (held !== undefined) advance(held);
      }
    },
    orders: () => [...orders.values()],
  };
}

export function bookOrder({ appId, created, status, trade, payCalls }: AlipayOrder): BookedOrder {
  const isCharged = trade?.paidMs != null;
  return {
    orderNumber: created.out_order_no,
    merchant: appId,
    account: created.credit_agreement_id,
    state: trade === null ? status : `${status}/${trade.status}`,
    capMinor: readYuan(created.order_amount ?? '0.00'),
    totalMinor: trade?.amountMinor ?? null,
    chargedMinor: isCharged ? trade.amountMinor : 0,
    refundedMinor: (trade?.refunds ?? []).reduce((sum, made) => sum + made.amountMinor, 0),
    transactionId: isCharged ? trade.tradeNo : null,
    completes: trade === null ? 0 : 1,
    completeCalls: payCalls,
  };
}
