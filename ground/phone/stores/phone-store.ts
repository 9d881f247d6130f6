// The phone object and what of it the screens look at.
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { AmountBinding } from '../../../domain/cabin-code/cabin-code.ts';
import type { EnrolmentState } from '../../web/phone-api.ts';
import type { CopyOnPhone, Phone } from '../phone.ts';
import type { KeptFlight } from '../storage/phone-storage.ts';

export type Enrolled = Extract<EnrolmentState, { kind: 'enrolled' }>;

/** How long after arrival a flight still comes up first. */
const CURRENT_AFTER_ARRIVAL_MS = 24 * 3_600_000;

export const usePhone = defineStore('phone', () => {
  const opened = shallowRef<Phone | null>(null);
  const flights = shallowRef<readonly KeptFlight[]>([]);
  const copies = shallowRef<ReadonlyMap<string, readonly CopyOnPhone[]>>(new Map());
  const isOnline = ref(navigator.onLine);
  /** The amount a till has asked about, between its scan and the passenger's answer. */
  const challenge = shallowRef<AmountBinding | null>(null);
  const takeOver = shallowRef<(() => void) | null>(null);

  /** Throws before the phone is open: no screen is shown before that. */
  function phone(): Phone {
    if (opened.value === null) throw new Error('the phone is not open');
    return opened.value;
  }

  async function reload(): Promise<void> {
    const kept = await phone().flights();
    const lists = await Promise.all(kept.map(async ({ id }) => [id, await phone().copies(id)] as const));
    flights.value = kept;
    copies.value = new Map(lists);
  }

  /** Asks ground about every flight and hands in what it has not got. Without a network nothing changes. */
  async function catchUp(): Promise<void> {
    for (const flight of flights.value) {
      if (flight.state.kind === 'refused') continue;
      const state = await phone().refresh(flight.id);
      if (!state.ok && state.error.kind === 'no-network') break;
      if (state.ok && state.value.kind === 'enrolled') {
        await phone().uploadCopies(flight.id);
        await phone().refreshOrder(flight.id);
      }
    }
    await reload();
  }

  async function begin(withPhone: Phone): Promise<void> {
    opened.value = withPhone;
    await reload();
    addEventListener('online', () => {
      isOnline.value = true;
      void catchUp();
    });
    addEventListener('offline', () => {
      isOnline.value = false;
    });
  }

  return {
    phone,
    flights,
    isOnline,
    challenge,
    takeOver,
    begin,
    reload,
    catchUp,
    isOpen: computed(() => opened.value !== null),
    flight: (id: string) => flights.value.find((flight) => flight.id === id) ?? null,
    copiesOf: (id: string) => copies.value.get(id) ?? [],
    /** The flight to show when the page opens: one that is not long over, the next departure first. */
    current: computed(() => {
      const now = Date.now();
      return (
        flights.value
          .filter(
            (flight) => flight.open.staMs + CURRENT_AFTER_ARRIVAL_MS > now && flight.state.kind !== 'refused',
          )
          .sort((a, b) => a.open.stdMs - b.open.stdMs)[0] ?? null
      );
    }),
  };
});
