import { computed, type ComputedRef } from 'vue';
import { useRoute } from 'vue-router';
import { readLegId, flightNumber } from '../../../domain/flight.ts';
import { formatLocalMinute, formatLocalTime } from '../../../domain/instant.ts';
import type { OpenFlight } from '../../web/phone-api.ts';
import type { KeptFlight } from '../storage/phone-storage.ts';
import { usePhone, type Enrolled } from '../stores/phone-store.ts';
import { usePreferences } from '../stores/preferences.ts';

/** The flight a page is about, by its address; null once it has been forgotten. */
export function useFlight(): {
  readonly id: string;
  readonly flight: ComputedRef<KeptFlight | null>;
  readonly enrolled: ComputedRef<Enrolled | null>;
} {
  const { id: param } = useRoute().params;
  const id = typeof param === 'string' ? param : '';
  const store = usePhone();
  const flight = computed(() => store.flight(id));
  const enrolled = computed(() => {
    const state = flight.value?.state;
    return state?.kind === 'enrolled' ? state : null;
  });
  return { id, flight, enrolled };
}

type FlightDetails = Pick<OpenFlight, 'leg' | 'cities' | 'utcOffsetMinutes'>;

/** How flights and times are written, at the airport's offset. */
export function useFlightText(): {
  readonly number: (flight: Pick<OpenFlight, 'leg'>) => string;
  readonly route: (flight: FlightDetails) => string;
  readonly minute: (ms: number, flight: FlightDetails) => string;
  readonly time: (ms: number, flight: FlightDetails) => string;
} {
  const preferences = usePreferences();
  const city = (code: string, { cities }: FlightDetails): string => {
    const names = cities[code];
    return names === undefined ? code : preferences.pick(names);
  };
  return {
    number: ({ leg }) => {
      const read = readLegId(leg);
      return read === null ? leg : flightNumber(read);
    },
    route: (flight) => {
      const read = readLegId(flight.leg);
      return read === null ? '' : `${city(read.origin, flight)} → ${city(read.destination, flight)}`;
    },
    minute: (ms, flight) => formatLocalMinute(ms, flight.utcOffsetMinutes).slice(5),
    time: (ms, flight) => formatLocalTime(ms, flight.utcOffsetMinutes),
  };
}
