// `catalog.json` of a flight pack (trust.md 3.3): what may be sold and for how much.
import * as v from 'valibot';
import { findTextFault } from '../text/clean-text.ts';

const safeText = (most: number) =>
  v.pipe(
    v.string(),
    v.check(
      (value) => findTextFault(value, most) === null,
      `text is empty, too long or has forbidden characters`,
    ),
  );
const id = v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]{0,29}$/));
const priceMinor = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(10_000_000));

export const categorySchema = v.object({
  id,
  zh: safeText(20),
  en: safeText(30),
  /** A colour index of the till's own palette, 0 to 11; never a colour from outside. */
  tint: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(11)),
});

export const itemSchema = v.object({
  sku: v.pipe(v.string(), v.regex(/^[A-Z0-9-]{2,20}$/)),
  zh: safeText(30),
  en: safeText(40),
  /** What the wallet shows for the line; at most 30 characters (wallets.md). */
  walletText: safeText(30),
  /** Search key: pinyin initials or whole pinyin, lower case. */
  pinyin: v.optional(v.pipe(v.string(), v.regex(/^[a-z0-9 ]{1,60}$/))),
  priceMinor,
  /** VAT in hundredths of a percent, included in the price. */
  tax: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(10_000)),
  category: id,
  ean: v.optional(v.pipe(v.string(), v.regex(/^\d{8}(\d{5})?$/))),
  minAge: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(99))),
  allergens: v.optional(v.array(safeText(20))),
});

export const catalogueSchema = v.pipe(
  v.object({
    v: v.literal(1),
    currency: v.pipe(v.string(), v.regex(/^[A-Z]{3}$/)),
    categories: v.pipe(v.array(categorySchema), v.minLength(1), v.maxLength(24)),
    items: v.pipe(v.array(itemSchema), v.minLength(1), v.maxLength(2000)),
  }),
  v.check(
    (c) => new Set(c.items.map((item) => item.sku)).size === c.items.length,
    'an item number stands twice',
  ),
  v.check(
    (c) => c.items.every((item) => c.categories.some((category) => category.id === item.category)),
    'an item names a category that does not exist',
  ),
);

export type Catalogue = v.InferOutput<typeof catalogueSchema>;
export type Item = Catalogue['items'][number];

export function findItem(catalogue: Catalogue, sku: string): Item | null {
  return catalogue.items.find((item) => item.sku === sku) ?? null;
}
