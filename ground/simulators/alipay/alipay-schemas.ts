// The field rules of the pay-after-use calls the simulator checks.
import * as v from 'valibot';

function chars(most: number): v.GenericSchema<string> {
  return v.pipe(
    v.string(),
    v.minLength(1),
    v.check((value) => [...value].length <= most),
  );
}

/** Yuan with two decimals. */
const yuan = v.pipe(v.string(), v.regex(/^[0-9]{1,9}\.[0-9]{2}$/));
/** The wallet forbids these in titles. */
const title = v.pipe(
  chars(256),
  v.check((value) => !/[/=&]/.test(value)),
);
const outOrderNo = v.pipe(v.string(), v.regex(/^[0-9A-Za-z_-]{8,64}$/));
const creditOrder = v.pipe(v.string(), v.regex(/^ZMCB[0-9]{20,30}$/));

export const signSchema = v.object({
  out_agreement_no: v.pipe(v.string(), v.regex(/^[0-9A-Za-z_-]{1,64}$/)),
  zm_service_id: chars(32),
  product_code: v.literal('CREDIT_PAY_AFTER_USE'),
  return_back_link: v.pipe(v.string(), v.url()),
  cancel_back_link: v.pipe(v.string(), v.url()),
});

export const agreementSchema = v.object({ out_agreement_no: chars(64) });

export const orderSchema = v.object({
  credit_agreement_id: chars(64),
  out_order_no: outOrderNo,
  product_code: v.literal('CREDIT_PAY_AFTER_USE'),
  subject: title,
  body: v.optional(v.pipe(v.string(), v.maxLength(512))),
  order_amount: v.optional(yuan),
});
export type OrderBody = v.InferOutput<typeof orderSchema>;

export const orderQuerySchema = v.object({ out_order_no: outOrderNo });

export const paySchema = v.object({
  out_trade_no: creditOrder,
  auth_code: creditOrder,
  total_amount: yuan,
  subject: title,
  scene: v.literal('ZHIMA_CREDIT_CODE'),
  product_code: v.literal('GENERAL_WITHHOLDING'),
  is_async_pay: v.literal(true),
  extend_params: v.object({ creditTradeScene: v.literal('CREDIT_PAY_UNCERTAIN_FEE') }),
  goods_detail: v.optional(
    v.pipe(
      v.array(
        v.object({
          goods_id: chars(64),
          goods_name: chars(256),
          quantity: v.pipe(v.number(), v.integer(), v.minValue(1)),
          price: yuan,
        }),
      ),
      v.maxLength(130),
    ),
  ),
});
export type PayBody = v.InferOutput<typeof paySchema>;

export const tradeQuerySchema = v.object({ out_trade_no: creditOrder });

export const finishSchema = v.object({
  credit_biz_order_id: creditOrder,
  is_fulfilled: v.picklist(['true', 'false']),
  out_request_no: chars(64),
  remark: v.optional(chars(256)),
  extra_param: v.optional(v.string()),
});

export const refundSchema = v.object({
  trade_no: chars(64),
  refund_amount: yuan,
  out_request_no: chars(64),
  refund_reason: v.optional(chars(256)),
});

export const billSchema = v.object({
  bill_type: v.literal('trade'),
  bill_date: v.pipe(v.string(), v.regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/)),
});

export function readYuan(text: string): number {
  return Number(text.replace('.', ''));
}

export function writeYuan(minor: number): string {
  return (minor / 100).toFixed(2);
}

/** `yyyy-MM-dd HH:mm:ss` at UTC+8 */
export function writeTime(epochMs: number): string {
  return new Date(epochMs + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
}
