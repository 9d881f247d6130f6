// Versions of what an airline sells and of its deals. A version never changes; flights name the one they use.
import * as v from 'valibot';
import { catalogueSchema, type Catalogue } from '../../domain/catalogue/catalogue.ts';
import type { PackFault } from '../../domain/flight-pack/flight-pack.ts';
import { promotionsSchema, type Promotion } from '../../domain/promotion/promotion.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { writeAudit } from '../airlines/audit.ts';
import { inTransaction } from '../database/in-transaction.ts';
import type { Ground } from '../ground.ts';
import { namePlace } from '../packs/name-place.ts';

export type Assortment = { readonly catalogue: Catalogue; readonly promotions: readonly Promotion[] };

/** The catalogue and deals of an outside file; the first thing wrong refuses both, with its name and place. */
export function readAssortment(file: {
  readonly catalogue: unknown;
  readonly promotions: unknown;
}): Result<Assortment, PackFault> {
  const refuse = (name: string, issues: readonly v.BaseIssue<unknown>[]): Result<never, PackFault> =>
    fail(namePlace({ file: name, why: describeIssue(issues) }, file));
  const catalogue = v.safeParse(catalogueSchema, file.catalogue);
  if (!catalogue.success) return refuse('catalog.json', catalogue.issues);
  const parsed = v.safeParse(promotionsSchema, { v: 1, promotions: file.promotions });
  if (!parsed.success) return refuse('promotions.json', parsed.issues);
  const { promotions } = parsed.output;
  const fault = findDealFault(promotions, catalogue.output);
  return fault === null ? ok({ catalogue: catalogue.output, promotions }) : fail(fault);
}

function describeIssue(issues: readonly v.BaseIssue<unknown>[]): string {
  const [issue] = issues;
  return issue === undefined ? 'shape' : `${v.getDotPath(issue) ?? 'whole'}: ${issue.message}`.slice(0, 160);
}

/** What no schema of a single deal can see. */
function findDealFault(promotions: readonly Promotion[], { categories }: Catalogue): PackFault | null {
  const file = 'promotions.json';
  const known = new Set(categories.map(({ id }) => id));
  for (const [i, { id, excludedCategories }] of promotions.entries()) {
    if (promotions.findIndex((other) => other.id === id) !== i) return { file, why: `${id} stands twice` };
    const unknown = excludedCategories.find((category) => !known.has(category));
    if (unknown !== undefined)
      return { file, why: `${id} excludes a category that does not exist: ${unknown}` };
  }
  return null;
}

/** Keeps a new version and answers its number. */
export async function saveAssortment(
  ground: Ground,
  airline: string,
  { catalogue, promotions }: Assortment,
  by: string,
): Promise<number> {
  return await inTransaction(ground, async (inside) => {
    await inside.db
      .selectFrom('airline')
      .select('airline')
      .where('airline', '=', airline)
      .forNoKeyUpdate()
      .execute();
    const last = await inside.db
      .selectFrom('catalogue')
      .select((eb) => eb.fn.max('version').as('version'))
      .where('airline', '=', airline)
      .executeTakeFirst();
    const version = (last?.version ?? 0) + 1;
    await inside.db
      .insertInto('catalogue')
      .values({
        airline,
        version,
        catalogue: JSON.stringify(catalogue),
        promotions: JSON.stringify({ v: 1, promotions }),
        saved_at_ms: inside.nowMs(),
        saved_by: by,
      })
      .execute();
    await writeAudit(inside, { who: by, airline, what: 'catalogue-saved', detail: { version } });
    return version;
  });
}

/** A version on record; null when there is none of that number. */
export async function findAssortment(
  { db }: Pick<Ground, 'db'>,
  airline: string,
  version: number,
): Promise<Assortment | null> {
  const row = await db
    .selectFrom('catalogue')
    .select(['catalogue', 'promotions'])
    .where('airline', '=', airline)
    .where('version', '=', version)
    .executeTakeFirst();
  if (row === undefined) return null;
  // Checked before it was kept; parsing again gives it its type.
  const catalogue = v.parse(catalogueSchema, row.catalogue);
  return { catalogue, promotions: v.parse(promotionsSchema, row.promotions).promotions };
}

export async function newestCatalogueVersion(
  { db }: Pick<Ground, 'db'>,
  airline: string,
): Promise<number | null> {
  const row = await db
    .selectFrom('catalogue')
    .select((eb) => eb.fn.max('version').as('version'))
    .where('airline', '=', airline)
    .executeTakeFirst();
  return row?.version ?? null;
}
