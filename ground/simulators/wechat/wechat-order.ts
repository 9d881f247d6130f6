// A service order in the simulator: its record, and what answers and notices show of it.
import type { Deduction } from '../deductions.ts';
import type { BookedOrder } from '../simulator.ts';
import { CODES } from './wechat-errors.ts';
import { writeRfc3339, type CreateBody, type LinesBody } from './wechat-schemas.ts';

export type Refund = {
  readonly refundNumber: string;
  readonly refundId: string;
  readonly amountMinor: number;
  readonly atMs: number;
};

export type WechatOrder = {
  readonly mchid: string;
  readonly orderId: string;
  readonly openid: string;
  readonly created: CreateBody;
  /** For the comparison of a repeated creation. */
  readonly createdText: string;
  readonly createdMs: number;
  readonly state: 'CREATED' | 'DOING' | 'DONE' | 'REVOKED' | 'EXPIRED';
  readonly stateDescription: 'USER_CONFIRM' | 'MCH_COMPLETE' | null;
  readonly lines: LinesBody | null;
  readonly endTime: string | null;
  readonly deduction: Deduction | null;
  readonly paid: {
    readonly atMs: number;
    /** By the wallet's deduction, or elsewhere as the merchant said. */
    readonly by: 'NEWTON' | 'MCH';
    readonly transactionId: string | null;
  } | null;
  readonly refunds: readonly Refund[];
  readonly completes: number;
  readonly completeCalls: number;
  readonly lastCallMs: number;
};

type Json = Readonly<Record<string, unknown>>;

/** The body of create, query, complete and modify, and of a notice once decrypted. */
export function viewOrder(order: WechatOrder): Json {
  const { created, lines } = order;
  return {
    appid: created.appid,
    mchid: order.mchid,
    service_id: created.service_id,
    out_order_no: created.out_order_no,
    order_id: order.orderId,
    openid: order.openid,
    service_introduction: created.service_introduction,
    state: order.state,
    ...(order.stateDescription === null ? {} : { state_description: order.stateDescription }),
    risk_fund: created.risk_fund,
    time_range: {
      start_time: created.time_range.start_time,
      ...(order.endTime === null ? {} : { end_time: order.endTime }),
    },
    ...(created.attach === undefined ? {} : { attach: created.attach }),
    notify_url: created.notify_url,
    ...(lines === null ? {} : viewLines(lines)),
    ...viewCollection(order),
  };
}

function viewLines(lines: LinesBody): Json {
  return {
    post_payments: lines.post_payments,
    post_discounts: lines.post_discounts,
    total_amount: lines.total_amount,
    need_collection: lines.total_amount > 0,
  };
}

function viewCollection({ lines, paid, deduction }: WechatOrder): Json {
  if (lines === null || lines.total_amount === 0) return {};
  const isPaid = paid !== null;
  return {
    collection: {
      state: isPaid ? 'USER_PAID' : 'USER_PAYING',
      total_amount: lines.total_amount,
      paying_amount: isPaid ? 0 : lines.total_amount,
      paid_amount: isPaid ? lines.total_amount : 0,
      ...(isPaid ? { details: [viewPayment(paid, lines.total_amount)] } : {}),
      // No public document names a field for this: to be confirmed with the wallet (docs/wallets.md).
      ...(!isPaid && (deduction?.failed ?? 0) > 0 ? { fail_code: CODES.deductionFailed } : {}),
    },
  };
}

function viewPayment(paid: NonNullable<WechatOrder['paid']>, amount: number): Json {
  return {
    seq: 1,
    amount,
    paid_type: paid.by,
    paid_time: writeRfc3339(paid.atMs),
    ...(paid.transactionId === null ? {} : { transaction_id: paid.transactionId }),
  };
}

/** Cancel answers no state. */
export function viewCancelled({ created, mchid, orderId }: WechatOrder): Json {
  const { appid, service_id, out_order_no } = created;
  return { appid, mchid, out_order_no, service_id, order_id: orderId };
}

export function bookOrder(order: WechatOrder): BookedOrder {
  const isCharged = order.paid?.by === 'NEWTON';
  return {
    orderNumber: order.created.out_order_no,
    merchant: order.mchid,
    account: order.openid,
    state: [order.state, order.stateDescription].filter((word) => word !== null).join('/'),
    capMinor: order.created.risk_fund.amount,
    totalMinor: order.lines?.total_amount ?? null,
    chargedMinor: isCharged ? (order.lines?.total_amount ?? 0) : 0,
    refundedMinor: order.refunds.reduce((sum, refund) => sum + refund.amountMinor, 0),
    transactionId: order.paid?.transactionId ?? null,
    completes: order.completes,
    completeCalls: order.completeCalls,
  };
}
