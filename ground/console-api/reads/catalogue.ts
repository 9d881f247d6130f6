import type { Kysely } from 'kysely';
import type { Tables } from '../../database/tables.ts';
import { findAssortment } from '../../flights/catalogues.ts';
import type { CatalogueView } from '../../web/console-rows.ts';

/** The newest version; null before the first one. */
export async function readCatalogue(db: Kysely<Tables>, airline: string): Promise<CatalogueView | null> {
  const row = await db
    .selectFrom('catalogue')
    .select(['version', 'saved_at_ms', 'saved_by'])
    .where('airline', '=', airline)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  const assortment = row === undefined ? null : await findAssortment({ db }, airline, row.version);
  if (row === undefined || assortment === null) return null;
  const { catalogue, promotions } = assortment;
  const categories = new Map(catalogue.categories.map((category) => [category.id, category]));
  return {
    version: row.version,
    savedAtMs: row.saved_at_ms,
    savedBy: row.saved_by,
    currency: catalogue.currency,
    items: catalogue.items.map(({ sku, zh, en, category, priceMinor }) => {
      const group = categories.get(category);
      return { sku, zh, en, priceMinor, category: { zh: group?.zh ?? category, en: group?.en ?? category } };
    }),
    deals: promotions.map(({ id, zh, en, tiers, offBasisPoints }) => ({ id, zh, en, tiers, offBasisPoints })),
  };
}
