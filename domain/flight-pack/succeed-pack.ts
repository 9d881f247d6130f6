import type { FlightPack } from './flight-pack.ts';

/** Why a pack, genuine or not, does not follow the one in use. */
export type SuccessionFault = 'other-flight' | 'not-newer' | 'older-trust-list' | 'older-deny-list';

/**
 * Whether `next` may take the place of `present` on the same flight: its number is higher and no list in it goes back
 * (threats.md 16). The lists are compared too because an older one would block the next start.
 */
export function findSuccessionFault(present: FlightPack, next: FlightPack): SuccessionFault | null {
  if (next.manifest.leg !== present.manifest.leg) return 'other-flight';
  if (next.manifest.n <= present.manifest.n) return 'not-newer';
  if (next.trust.version < present.trust.version) return 'older-trust-list';
  return next.deny.version < present.deny.version ? 'older-deny-list' : null;
}
