import 'fake-indexeddb/auto';
import { Dexie } from 'dexie';
import { describe, expect, it, onTestFinished } from 'vitest';
import { deleteLedger, openLedger } from '../../../renderer/ledger/open-ledger.ts';
import { newLedgerName, openTestLedger } from '../support/ledger-scene.ts';

describe('opening the ledger', () => {
  it('asks IndexedDB for strict durability', async () => {
    const { tables } = await openTestLedger();
    const durability = await tables.transaction('rw', tables.events, (transaction) => {
      return Promise.resolve(transaction.idbtrans.durability);
    });
    expect(tables._options.chromeTransactionDurability).toBe('strict');
    // The in-memory IndexedDB has no durability to report; a real one says `strict`.
    expect([undefined, 'strict']).toContain(durability);
  });

  it('comes back with what was in it', async () => {
    const name = newLedgerName();
    const first = await openTestLedger(name);
    await first.tables.meta.put({ key: 'head', seq: 7 });
    first.tables.close();
    const again = await openTestLedger(name);
    expect((await again.tables.meta.get('head'))?.seq).toBe(7);
  });

  it('refuses data a newer app has written, and leaves it as it is', async () => {
    const name = newLedgerName();
    onTestFinished(() => deleteLedger(name));
    const newer = new Dexie(name);
    newer.version(2).stores({ events: 'seq', seats: 'seat' });
    await newer.open();
    await newer.table('seats').put({ seat: '12C' });
    newer.close();
    expect(await openLedger(name)).toEqual({ ok: false, error: 'from-the-future' });
    await newer.open();
    expect(await newer.table('seats').count()).toBe(1);
    expect([...newer.backendDB().objectStoreNames]).toEqual(['events', 'seats']);
    expect(newer.backendDB().version).toBe(20);
    newer.close();
  });
});
