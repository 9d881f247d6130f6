// What enrolled passengers ordered before the flight; it travels on the passenger list of the flight's packs.
import type { Preorder } from '../../domain/flight-pack/manifest.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { writeAudit } from '../airlines/audit.ts';
import { inTransaction } from '../database/in-transaction.ts';
import type { Ground } from '../ground.ts';
import { findAssortment } from './catalogues.ts';
import { askForPacks } from './coming-flights.ts';

export type PassengersPreorder = {
  /** The order number the passenger's phone shows. */
  readonly order: string;
  readonly items: readonly Preorder[];
};

export type PreorderFault = {
  readonly kind: 'flight-unknown' | 'flight-over' | 'order-unknown' | 'order-stands-twice' | 'item-unknown';
  /** `CP… (preorders.3.items.0.sku): AL-001`; null where it is the flight. */
  readonly place: string | null;
};

/** Takes the place of what these passengers had ordered, all of it or nothing; no lines take it back. */
export async function savePreorders(
  ground: Ground,
  leg: string,
  preorders: readonly PassengersPreorder[],
  by: string,
): Promise<Result<null, PreorderFault>> {
  return await inTransaction(ground, async (inside) => {
    const flight = await inside.db
      .selectFrom('flight')
      .select(['airline', 'status', 'sta_s', 'catalogue_version'])
      .where('leg', '=', leg)
      .forNoKeyUpdate()
      .executeTakeFirst();
    if (flight === undefined) return fail({ kind: 'flight-unknown', place: null });
    const isOver = flight.status !== 'planned' || flight.sta_s * 1000 <= inside.nowMs();
    if (isOver) return fail({ kind: 'flight-over', place: null });
    const { airline } = flight;
    const assortment = await findAssortment(inside, airline, flight.catalogue_version);
    const skus = new Set(assortment?.catalogue.items.map(({ sku }) => sku));
    const ctis = await ctisByOrder(inside, leg);
    const fault = findFault(preorders, ctis, skus);
    if (fault !== null) return fail(fault);
    for (const { order, items } of preorders) {
      await replaceLines(inside, { airline, leg, cti: ctis.get(order) ?? '' }, items);
    }
    const detail = { leg, passengers: preorders.length };
    await writeAudit(inside, { who: by, airline, what: 'preorders-saved', detail });
    await askForPacks(inside, [leg]);
    return ok(null);
  });
}

function findFault(
  preorders: readonly PassengersPreorder[],
  ctis: ReadonlyMap<string, string>,
  skus: ReadonlySet<string>,
): PreorderFault | null {
  const seen = new Set<string>();
  for (const [i, { order, items }] of preorders.entries()) {
    const place = `${order} (preorders.${i.toString()}`;
    if (!ctis.has(order)) return { kind: 'order-unknown', place: `${place}.order)` };
    if (seen.has(order)) return { kind: 'order-stands-twice', place: `${place}.order)` };
    seen.add(order);
    const unknown = items.findIndex(({ sku }) => !skus.has(sku));
    if (unknown >= 0) {
      const name = items[unknown]?.sku ?? '';
      return { kind: 'item-unknown', place: `${place}.items.${unknown.toString()}.sku) ${name}` };
    }
  }
  return null;
}

async function ctisByOrder({ db }: Ground, leg: string): Promise<ReadonlyMap<string, string>> {
  const rows = await db
    .selectFrom('passenger')
    .select(['cti', 'order_number'])
    .where('leg', '=', leg)
    .where('status', '=', 'enrolled')
    .execute();
  return new Map(rows.map(({ cti, order_number }) => [order_number, cti]));
}

async function replaceLines(
  { db, nowMs }: Ground,
  owner: { readonly airline: string; readonly leg: string; readonly cti: string },
  items: readonly Preorder[],
): Promise<void> {
  await db.deleteFrom('preorder').where('cti', '=', owner.cti).execute();
  if (items.length === 0) return;
  await db
    .insertInto('preorder')
    .values(items.map(({ sku, q }) => ({ ...owner, sku, quantity: q, added_at_ms: nowMs() })))
    .execute();
}

/** By cti, each passenger's lines in the order of their item numbers. */
export async function preordersOf(
  { db }: Pick<Ground, 'db'>,
  leg: string,
): Promise<ReadonlyMap<string, readonly Preorder[]>> {
  const rows = await db
    .selectFrom('preorder')
    .select(['cti', 'sku', 'quantity'])
    .where('leg', '=', leg)
    .orderBy('cti')
    .orderBy('sku')
    .execute();
  const byCti = new Map<string, Preorder[]>();
  for (const { cti, sku, quantity: q } of rows) byCti.set(cti, [...(byCti.get(cti) ?? []), { sku, q }]);
  return byCti;
}

/** Item numbers somebody has ordered for this flight. */
export async function preorderedSkus({ db }: Pick<Ground, 'db'>, leg: string): Promise<readonly string[]> {
  const rows = await db.selectFrom('preorder').select('sku').distinct().where('leg', '=', leg).execute();
  return rows.map(({ sku }) => sku);
}
