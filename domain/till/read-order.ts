// A passenger's own choice on the phone (`CO1:`): unsigned, so every item is held against the signed catalogue.
import { findItem, type Catalogue } from '../catalogue/catalogue.ts';
import { readOrderCode, type ChosenItem } from '../handheld/order-code.ts';
import type { Problem } from '../problem.ts';
import { fail, ok, type Result } from '../result.ts';

export type ReadOrder = {
  readonly items: readonly ChosenItem[];
  /** Item numbers this flight does not sell. */
  readonly unknown: readonly string[];
};

export function readOrder(text: string, catalogue: Catalogue): Result<ReadOrder, Problem> {
  const chosen = readOrderCode(text);
  if (!chosen.ok) return fail({ kind: 'order-code-bad' });
  const isSold = ({ sku }: ChosenItem): boolean => findItem(catalogue, sku) !== null;
  return ok({
    items: chosen.value.filter(isSold),
    unknown: chosen.value.filter((item) => !isSold(item)).map(({ sku }) => sku),
  });
}
