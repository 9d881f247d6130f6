import { findItem } from '../../domain/catalogue/catalogue.ts';
import { walletName } from '../../domain/wallet.ts';
import type { Language } from '../messages/messages.ts';
import { useSessionStore } from '../stores/session-store.ts';
import { useSettingsStore } from '../stores/settings-store.ts';

type FlightNames = {
  readonly item: (sku: string, language?: Language) => string;
  readonly wallet: (wallet: number) => string;
  readonly city: (iata: string) => string;
  readonly discount: (id: string, fallback: string) => string;
  /** The member deal of a tier, or null for a passenger without one. */
  readonly member: (tier: number) => string | null;
};

/** What the flight's items, cities and deals are called in the language in use. */
export function useFlightNames(): FlightNames {
  const session = useSessionStore();
  const settings = useSettingsStore();
  const inUse = (): Language => settings.settings.language;
  return {
    item: (sku, language = inUse()) => findItem(session.flight.catalogue, sku)?.[language] ?? sku,
    wallet: (wallet) => walletName(wallet)[inUse()],
    city: (iata) => session.flight.cities[iata]?.[inUse()] ?? iata,
    discount: (id, fallback) =>
      session.flight.promotions.find((promotion) => promotion.id === id)?.[inUse()] ?? fallback,
    member: (tier) => {
      if (tier === 0) return null;
      const deal = session.flight.promotions.find((promotion) => promotion.tiers.includes(tier));
      return deal?.[inUse()] ?? settings.words.passenger.member;
    },
  };
}
