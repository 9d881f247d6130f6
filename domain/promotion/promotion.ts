// `promotions.json` of a flight pack: deals that apply by themselves.
import * as v from 'valibot';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { findTextFault } from '../text/clean-text.ts';

const name = (most: number) =>
  v.pipe(
    v.string(),
    v.check(
      (value) => findTextFault(value, most) === null,
      'text is empty, too long or has forbidden characters',
    ),
  );

/** A percentage off for members of certain tiers, over all items outside the excluded categories. */
const memberPercentSchema = v.object({
  id: v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]{0,29}$/)),
  kind: v.literal('member-percent'),
  /** At most 20 characters: it is the discount's name at the wallet (wallets.md). */
  zh: name(20),
  en: name(40),
  tiers: v.pipe(v.array(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(15))), v.minLength(1)),
  /** Hundredths of a percent taken off: 500 is 5 %. */
  offBasisPoints: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000)),
  excludedCategories: v.array(v.string()),
});

export const promotionsSchema = v.object({
  v: v.literal(1),
  promotions: v.pipe(v.array(memberPercentSchema), v.maxLength(30)),
});

export type Promotion = v.InferOutput<typeof memberPercentSchema>;

export type AppliedDiscount = {
  readonly id: string;
  readonly n: string;
  /** Positive, minor units, taken off. */
  readonly amt: number;
  /** What the percentage was taken of. */
  readonly baseMinor: number;
};

type PricedQuantity = { readonly sku: string; readonly q: number; readonly p: number };

/**
 * The discounts a member's tier brings to these lines. The best single member deal applies, never two; a half fen
 * rounds in the passenger's favour.
 */
export function applyPromotions(
  lines: readonly PricedQuantity[],
  tier: number,
  promotions: readonly Promotion[],
  catalogue: Catalogue,
): readonly AppliedDiscount[] {
  const discounts = promotions
    .filter((promotion) => promotion.tiers.includes(tier))
    .map((promotion) => applyMemberPercent(lines, promotion, catalogue))
    .filter((discount) => discount.amt > 0)
    .sort((a, b) => b.amt - a.amt || a.id.localeCompare(b.id));
  return discounts.slice(0, 1);
}

function applyMemberPercent(
  lines: readonly PricedQuantity[],
  promotion: Promotion,
  catalogue: Catalogue,
): AppliedDiscount {
  const categoryOf = new Map(catalogue.items.map((item) => [item.sku, item.category]));
  const baseMinor = lines
    .filter((line) => !promotion.excludedCategories.includes(categoryOf.get(line.sku) ?? ''))
    .reduce((sum, line) => sum + line.q * line.p, 0);
  const amt = Math.floor((baseMinor * promotion.offBasisPoints + 5000) / 10_000);
  return { id: promotion.id, n: promotion.zh, amt, baseMinor };
}
