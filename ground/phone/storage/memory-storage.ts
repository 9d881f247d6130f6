import { byTaking, copyKey, type KeptCopy, type KeptFlight, type PhoneStorage } from './phone-storage.ts';

/** A phone that forgets everything with its process: for phones without a page. */
export function createMemoryStorage(): PhoneStorage {
  const flights = new Map<string, KeptFlight>();
  const copies = new Map<string, KeptCopy>();
  const done = Promise.resolve();

  return {
    flights: () => Promise.resolve([...flights.values()].sort((a, b) => b.begunMs - a.begunMs)),
    flight: (id) => Promise.resolve(flights.get(id) ?? null),
    addFlight: (flight) => {
      flights.set(flight.id, flight);
      return done;
    },
    changeFlight: (id, change) => {
      const flight = flights.get(id);
      if (flight !== undefined) flights.set(id, change(flight));
      return done;
    },
    forgetFlight: (id) => {
      flights.delete(id);
      for (const [key, copy] of copies) if (copy.flightId === id) copies.delete(key);
      return done;
    },
    copies: (flightId) =>
      Promise.resolve([...copies.values()].filter((copy) => copy.flightId === flightId).sort(byTaking)),
    addCopy: (copy) => {
      const key = copyKey(copy);
      const isNew = !copies.has(key);
      if (isNew) copies.set(key, copy);
      return Promise.resolve(isNew);
    },
    markSent: (copy, sent) => {
      copies.set(copyKey(copy), { ...copy, sent });
      return done;
    },
  };
}
