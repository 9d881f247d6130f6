// The body of a completion: composed once, kept, and sent byte for byte by every try.
import * as v from 'valibot';
import { formatWalletMoment } from '../wallet-moment.ts';
import { findWalletRuleFaults } from '../../../domain/settlement/wallet-rules.ts';
import type { SettleRequest, WalletProblem } from '../wallet.ts';
import type { WechatConfig } from './wechat-settings.ts';

/** What completion and modification share. */
export function composeLines({
  payments,
  discounts,
  totalMinor,
}: SettleRequest): Readonly<Record<string, unknown>> {
  return {
    post_payments: payments.map(({ name, description, count, amountMinor }) => ({
      name,
      amount: amountMinor,
      description,
      count,
    })),
    post_discounts: discounts.map(({ name, description, count, amountMinor }) => ({
      name,
      description,
      amount: amountMinor,
      count,
    })),
    total_amount: totalMinor,
  };
}

/** The end stays the safety margin before now, so that no difference of clocks puts it into the wallet's future. */
export function composeCompletion(config: WechatConfig, request: SettleRequest, nowMs: number): string {
  const endMs = Math.min(request.endMs, nowMs - config.endMarginSeconds * 1000);
  return JSON.stringify({
    appid: config.appid,
    service_id: config.serviceId,
    ...composeLines(request),
    time_range: { end_time: formatWalletMoment(endMs) },
  });
}

const minor = v.pipe(v.number(), v.integer());
const entrySchema = v.object({ name: v.string(), description: v.string(), count: minor, amount: minor });
const completionSchema = v.object({
  post_payments: v.pipe(v.array(entrySchema), v.minLength(1)),
  post_discounts: v.array(entrySchema),
  total_amount: minor,
});

/** Every rule of the wallet, checked once more before anything is sent; null when it may go. */
export function findBodyFault(
  config: WechatConfig,
  orderNumber: string,
  body: unknown,
): WalletProblem | null {
  const read = v.safeParse(completionSchema, body);
  if (!read.success) return { kind: 'rejected', code: 'rule body' };
  const entries = (list: readonly v.InferOutput<typeof entrySchema>[]) =>
    list.map(({ amount, ...entry }) => ({ ...entry, amountMinor: amount }));
  const totalMinor = read.output.total_amount;
  const fault = findWalletRuleFaults({
    orderNumber,
    payments: entries(read.output.post_payments),
    discounts: entries(read.output.post_discounts),
    totalMinor,
  })[0];
  if (fault !== undefined) return { kind: 'rejected', code: `rule ${fault.rule}` };
  return totalMinor > config.capMinor ? { kind: 'over-cap', code: 'rule cap' } : null;
}
