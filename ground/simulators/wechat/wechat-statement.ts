// The statement of a day: columns, back-ticks and the summary as the wallet writes them.
import type { WechatOrder } from './wechat-order.ts';

const HEADER =
  '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注';
const SUMMARY_HEADER =
  '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额';
const UTC8_MS = 8 * 3_600_000;

type Row = {
  readonly atMs: number;
  readonly order: WechatOrder;
  readonly chargedMinor: number;
  readonly refund: {
    readonly refundId: string;
    readonly refundNumber: string;
    readonly minor: number;
  } | null;
};

/** `day` is `yyyy-MM-dd` at UTC+8; a day without a payment has the headers alone. */
export function writeStatement(orders: readonly WechatOrder[], day: string): string {
  const rows = orders
    .flatMap(rowsOf)
    .filter(({ atMs }) => localTime(atMs).startsWith(day))
    .sort((a, b) => a.atMs - b.atMs);
  const charged = rows.reduce((sum, row) => sum + (row.refund === null ? row.chargedMinor : 0), 0);
  const refunded = rows.reduce((sum, row) => sum + (row.refund?.minor ?? 0), 0);
  const summary = [
    rows.length.toString(),
    yuan(charged),
    yuan(refunded),
    '0.00',
    '0.00000',
    yuan(charged),
    yuan(refunded),
  ];
  return `\uFEFF${[HEADER, ...rows.map(writeRow), SUMMARY_HEADER, ticked(summary)].join('\r\n')}\r\n`;
}

function rowsOf(order: WechatOrder): readonly Row[] {
  if (order.paid?.by !== 'NEWTON') return [];
  const chargedMinor = order.lines?.total_amount ?? 0;
  const refunds = order.refunds.map(({ atMs, refundId, refundNumber, amountMinor }) => ({
    atMs,
    order,
    chargedMinor,
    refund: { refundId, refundNumber, minor: amountMinor },
  }));
  return [{ atMs: order.paid.atMs, order, chargedMinor, refund: null }, ...refunds];
}

function writeRow({ atMs, order, chargedMinor, refund }: Row): string {
  const { created, mchid, paid } = order;
  return ticked([
    localTime(atMs),
    created.appid,
    mchid,
    '0',
    '',
    paid?.transactionId ?? '',
    // The wallet's own number stands here; ours only in the data field.
    order.orderId,
    order.openid,
    'AUTH',
    refund === null ? 'SUCCESS' : 'REFUND',
    'OTHERS',
    'CNY',
    refund === null ? yuan(chargedMinor) : '0.00',
    '0.00',
    refund?.refundId ?? '0',
    refund?.refundNumber ?? '0',
    yuan(refund?.minor ?? 0),
    '0.00',
    refund === null ? '' : 'ORIGINAL',
    refund === null ? '' : 'SUCCESS',
    created.service_introduction.replaceAll(',', ' '),
    `wxzff|serviceOrder|${created.out_order_no}`,
    '0.00000',
    '0.60%',
    refund === null ? yuan(chargedMinor) : '0.00',
    yuan(refund?.minor ?? 0),
    '',
  ]);
}

function ticked(cells: readonly string[]): string {
  return cells.map((cell) => `\`${cell}`).join(',');
}

function yuan(minor: number): string {
  return (minor / 100).toFixed(2);
}

function localTime(epochMs: number): string {
  return new Date(epochMs + UTC8_MS).toISOString().slice(0, 19).replace('T', ' ');
}
