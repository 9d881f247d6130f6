import type { RouteLocationRaw } from 'vue-router';
import type { KeptFlight } from '../storage/phone-storage.ts';

/** Where a flight of this phone continues. */
export function screenOf({ id, state }: KeptFlight): RouteLocationRaw {
  switch (state.kind) {
    case 'waiting-for-wallet':
      return { name: 'waiting', params: { id } };
    case 'refused':
      return { name: 'refused', params: { id } };
    case 'enrolled':
      return { name: 'code', params: { id } };
  }
}
