// The next version of what an airline sells, and its flights with it: both, or nothing.
import * as v from 'valibot';
import type { PackFault } from '../../domain/flight-pack/flight-pack.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { assortmentFileSchema } from '../airlines/airline-file.ts';
import { inTransaction } from '../database/in-transaction.ts';
import type { Ground } from '../ground.ts';
import { readAssortment, saveAssortment } from './catalogues.ts';
import { putCatalogueOnFlights, type MissingItem } from './put-catalogue-on-flights.ts';

export type CatalogueChange = { readonly version: number; readonly legs: readonly string[] };

export type CatalogueProblem =
  | { readonly kind: 'fault'; readonly fault: PackFault }
  | { readonly kind: 'missing'; readonly item: MissingItem };

/** `text`: JSON as `docs/formats/airline-files.md` has it. `fromDay`, as `2026-11-22`: flights of before keep theirs. */
export async function changeCatalogue(
  ground: Ground,
  airline: string,
  { text, fromDay, by }: { readonly text: string; readonly fromDay: string | null; readonly by: string },
): Promise<Result<CatalogueChange, CatalogueProblem>> {
  const assortment = readText(text);
  if (!assortment.ok) return fail({ kind: 'fault', fault: assortment.error });
  const missing: { item: MissingItem | null } = { item: null };
  try {
    return await inTransaction(ground, async (inside) => {
      const version = await saveAssortment(inside, airline, assortment.value, by);
      const moved = await putCatalogueOnFlights(inside, airline, { version, fromDay });
      if (moved.ok) return ok({ version, legs: moved.value });
      missing.item = moved.error;
      // Only what is thrown takes the version back again.
      throw new Error('a flight counts on an item that is missing');
    });
  } catch (error) {
    if (missing.item === null) throw error;
    return fail({ kind: 'missing', item: missing.item });
  }
}

function readText(text: string): ReturnType<typeof readAssortment> {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return fail({ file: 'whole', why: 'no JSON' });
  }
  const file = v.safeParse(assortmentFileSchema, content);
  if (file.success) return readAssortment(file.output);
  const [issue] = file.issues;
  return fail({ file: 'whole', why: `${v.getDotPath(issue) ?? 'whole'}: ${issue.message}`.slice(0, 160) });
}
