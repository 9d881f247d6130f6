// The field rules of the service order calls, as the wallet states them (wallets.md).
import * as v from 'valibot';

/** The wallet counts characters, not UTF-16 units. */
function chars(most: number): v.GenericSchema<string> {
  return v.pipe(
    v.string(),
    v.minLength(1),
    v.check((value) => [...value].length <= most),
  );
}

export const ORDER_NUMBER = v.pipe(v.string(), v.regex(/^[0-9A-Za-z_\-|*]{1,32}$/));
const amount = v.pipe(v.number(), v.integer(), v.minValue(0));
const REPEATABLE_NAME = '商品信息';

const payments = v.pipe(
  v.array(
    v.object({
      name: chars(20),
      amount,
      description: v.optional(chars(30)),
      count: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)), 1),
    }),
  ),
  v.minLength(1),
  v.maxLength(100),
  v.check((lines) => {
    const names = lines.map((line) => line.name).filter((name) => name !== REPEATABLE_NAME);
    return new Set(names).size === names.length;
  }),
);

const discounts = v.pipe(
  v.array(
    v.object({
      name: chars(20),
      description: chars(30),
      amount,
      count: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 1),
    }),
  ),
  v.maxLength(30),
  v.check((deals) => new Set(deals.map((deal) => deal.name)).size === deals.length),
);

const moment = v.pipe(v.string(), v.regex(/^[0-9]{14}$/));
const common = { appid: chars(32), service_id: chars(32) };

export const createSchema = v.object({
  ...common,
  out_order_no: ORDER_NUMBER,
  service_introduction: chars(20),
  time_range: v.object({
    start_time: v.union([moment, v.literal('OnAccept')]),
    end_time: v.optional(moment),
  }),
  risk_fund: v.object({ name: v.literal('ESTIMATE_ORDER_COST'), amount }),
  attach: v.optional(
    v.pipe(
      v.string(),
      v.check((value) => encodeURIComponent(value).length <= 256),
    ),
  ),
  notify_url: v.pipe(v.string(), v.url(), v.maxLength(255)),
  openid: v.optional(chars(128)),
  need_user_confirm: v.boolean(),
});
export type CreateBody = v.InferOutput<typeof createSchema>;

export const completeSchema = v.object({
  ...common,
  post_payments: payments,
  post_discounts: v.optional(discounts, []),
  total_amount: amount,
  time_range: v.optional(v.object({ start_time: v.optional(moment), end_time: v.optional(moment) }), {}),
});

export const modifySchema = v.object({
  ...common,
  post_payments: payments,
  post_discounts: v.optional(discounts, []),
  total_amount: amount,
  reason: chars(50),
});
export type LinesBody = Pick<
  v.InferOutput<typeof modifySchema>,
  'post_payments' | 'post_discounts' | 'total_amount'
>;

export const cancelSchema = v.object({ ...common, reason: chars(50) });

export const syncSchema = v.object({
  ...common,
  type: v.literal('Order_Paid'),
  detail: v.object({ paid_time: v.pipe(v.string(), v.regex(/^[0-9]{8}([0-9]{6})?$/)) }),
});

export const refundSchema = v.object({
  transaction_id: chars(32),
  out_refund_no: v.pipe(v.string(), v.regex(/^[0-9A-Za-z_\-|*@]{1,64}$/)),
  reason: v.optional(chars(80)),
  amount: v.object({
    refund: v.pipe(v.number(), v.integer(), v.minValue(1)),
    total: amount,
    currency: v.literal('CNY'),
  }),
});

export const permissionSchema = v.object({
  ...common,
  authorization_code: ORDER_NUMBER,
  notify_url: v.optional(v.pipe(v.string(), v.url(), v.maxLength(255))),
});

/** Payments less discounts is the total, to the fen. */
export function isTotalExact(body: LinesBody): boolean {
  const sum = (lines: readonly { readonly amount: number }[]): number =>
    lines.reduce((total, line) => total + line.amount, 0);
  return body.total_amount === sum(body.post_payments) - sum(body.post_discounts);
}

const UTC8_MS = 8 * 3_600_000;

/** `yyyyMMddHHmmss` at UTC+8 as epoch ms. */
export function readMoment(value: string): number {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/.exec(value.padEnd(14, '0')) ?? [];
  const utc = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  return utc - UTC8_MS;
}

/** `2026-11-23T14:05:06+08:00` */
export function writeRfc3339(epochMs: number): string {
  return `${new Date(epochMs + UTC8_MS).toISOString().slice(0, 19)}+08:00`;
}
