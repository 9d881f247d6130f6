// A credit order in the simulator, the trade that collects it, and what the books show of them.
import type { Deduction } from '../deductions.ts';
import type { BookedOrder } from '../simulator.ts';
import { readYuan, type OrderBody } from './alipay-schemas.ts';

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
