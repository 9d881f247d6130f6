import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { describe, expect, it } from 'vitest';
import { openIndexedDbStorage } from '../../../ground/phone/storage/indexed-db-storage.ts';
import { createMemoryStorage } from '../../../ground/phone/storage/memory-storage.ts';
import type { KeptCopy, KeptFlight } from '../../../ground/phone/storage/phone-storage.ts';
import { createScriptedGround } from './support/scripted-ground.ts';
import { NOW_MS } from './support/phone-scene.ts';

const FLIGHT: KeptFlight = {
  id: 'one',
  token: 'a token of a phone',
  begunMs: 1,
  walletAddress: 'http://wallet.invalid/',
  open: createScriptedGround(NOW_MS).open,
  seat: '12C',
  wallet: 1,
  holder: null,
  signUp: null,
  state: { kind: 'waiting-for-wallet' },
  order: null,
  choice: [],
  answered: [],
  clockAheadMs: null,
  flyModeTestedMs: null,
};
const COPY: KeptCopy = {
  flightId: 'one',
  dev: 'T-0001',
  ep: 1,
  seq: 7,
  line: 'a.b.c',
  takenMs: 5,
  sent: 'not-yet',
};

describe.each([
  ['memory', () => Promise.resolve(createMemoryStorage())],
  ['IndexedDB', () => openIndexedDbStorage(new IDBFactory())],
])('what a phone keeps in %s', (_name, open) => {
  it('are flights, the newest first, changed one at a time', async () => {
    const storage = await open();
    await storage.addFlight(FLIGHT);
    await storage.addFlight({ ...FLIGHT, id: 'two', begunMs: 2 });
    expect((await storage.flights()).map(({ id }) => id)).toEqual(['two', 'one']);
    await Promise.all([
      storage.changeFlight('one', (kept) => ({ ...kept, choice: [...kept.choice, { sku: 'A-1', q: 1 }] })),
      storage.changeFlight('one', (kept) => ({ ...kept, choice: [...kept.choice, { sku: 'B-2', q: 1 }] })),
    ]);
    expect((await storage.flight('one'))?.choice).toHaveLength(2);
    await storage.changeFlight('gone', (kept) => kept);
    expect(await storage.flight('gone')).toBeNull();
  });

  it('are copies, never overwritten, gone with their flight', async () => {
    const storage = await open();
    await storage.addFlight(FLIGHT);
    await storage.addFlight({ ...FLIGHT, id: 'one-more' });
    expect(await storage.addCopy(COPY)).toBe(true);
    expect(await storage.addCopy({ ...COPY, line: 'another' })).toBe(false);
    expect(await storage.addCopy({ ...COPY, flightId: 'one-more' })).toBe(true);
    await storage.markSent(COPY, 'kept');
    expect(await storage.copies('one')).toEqual([{ ...COPY, sent: 'kept' }]);
    await storage.forgetFlight('one');
    expect(await storage.flight('one')).toBeNull();
    expect(await storage.copies('one')).toEqual([]);
    expect(await storage.copies('one-more')).toHaveLength(1);
  });
});
