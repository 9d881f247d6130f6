import { readLegId } from '../../domain/flight.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import type { Ground } from '../ground.ts';
import { findAssortment } from './catalogues.ts';
import { askForPacks, comingFlights, type ComingFlight } from './coming-flights.ts';
import { preorderedSkus } from './preorders.ts';

/** Something a flight already counts on and the catalogue does not have. */
export type MissingItem = {
  readonly leg: string;
  readonly sku: string;
  readonly why: 'loaded' | 'pre-ordered';
};

/**
 * Moves flights that have not departed to a version of the catalogue, and asks for their packs; prices never change in
 * the air. `fromDay`, as `2026-11-22`: only those whose date at the origin is that day or later.
 */
export async function putCatalogueOnFlights(
  ground: Ground,
  airline: string,
  { version, fromDay }: { readonly version: number; readonly fromDay: string | null },
): Promise<Result<readonly string[], MissingItem>> {
  const assortment = await findAssortment(ground, airline, version);
  const skus = new Set(assortment?.catalogue.items.map(({ sku }) => sku));
  const nowSeconds = Math.floor(ground.nowMs() / 1000);
  const firstDay = fromDay === null ? 0 : Date.parse(fromDay) / 86_400_000;
  const flights = (await comingFlights(ground, airline)).filter(
    ({ leg, std_s }) => std_s > nowSeconds && (readLegId(leg)?.departureDay ?? 0) >= firstDay,
  );
  for (const flight of flights) {
    const { leg } = flight;
    const loaded = loadedSkus(flight).find((sku) => !skus.has(sku));
    if (loaded !== undefined) return fail({ leg, sku: loaded, why: 'loaded' });
    const ordered = (await preorderedSkus(ground, leg)).find((sku) => !skus.has(sku));
    if (ordered !== undefined) return fail({ leg, sku: ordered, why: 'pre-ordered' });
  }
  const legs = flights.map(({ leg }) => leg);
  if (legs.length === 0) return ok(legs);
  await ground.db
    .updateTable('flight')
    .set({ catalogue_version: version })
    .where('leg', 'in', legs)
    .execute();
  await askForPacks(ground, legs);
  return ok(legs);
}

function loadedSkus({ loading }: ComingFlight): readonly string[] {
  // Checked as `loadingSchema` before it was kept.
  const { trolleys } = loading as {
    readonly trolleys: readonly {
      readonly drawers: readonly { readonly items: readonly { readonly sku: string }[] }[];
    }[];
  };
  return trolleys.flatMap(({ drawers }) => drawers.flatMap(({ items }) => items.map(({ sku }) => sku)));
}
