import type { PackManifest } from '../../domain/flight-pack/manifest.ts';
import { DEFAULT_FLIGHT_LIMITS, type ModeLimits } from '../../domain/limits.ts';

/** What a passenger may spend, minor units. `staticMinor`: when the code is shown without its phone's proof. */
export type HolderLimits = ModeLimits & { readonly holderClass: 0 | 1; readonly staticMinor: number };

/**
 * A browser keeps its key in software (h = 1); without one the code is a picture (h = 0) and the static limits are all
 * (cabin-code.md 2.5). A phone with a key may confirm an amount, so its credential carries those limits; a code without
 * such a confirmation is held to the lower ones by the flight pack.
 */
export function limitsFor(hasHolderKey: boolean, limits: PackManifest['limits']): HolderLimits {
  const still = limits.static ?? DEFAULT_FLIGHT_LIMITS.static;
  const own = hasHolderKey ? highestOf(limits) : still;
  return {
    holderClass: hasHolderKey ? 1 : 0,
    cumMinor: own.cumMinor,
    perSaleMinor: own.perSaleMinor,
    maxSales: own.maxSales,
    staticMinor: Math.min(own.cumMinor, still.cumMinor),
  };
}

function highestOf(limits: PackManifest['limits']): ModeLimits {
  const software = limits.softwareKey ?? DEFAULT_FLIGHT_LIMITS.softwareKey;
  const confirmed = limits.confirmed ?? DEFAULT_FLIGHT_LIMITS.confirmed;
  return {
    cumMinor: Math.max(software.cumMinor, confirmed.cumMinor),
    perSaleMinor: Math.max(software.perSaleMinor, confirmed.perSaleMinor),
    maxSales: Math.max(software.maxSales, confirmed.maxSales),
  };
}
