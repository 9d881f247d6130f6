import { Dexie } from 'dexie';
import { fail, ok, type Result } from '../../domain/result.ts';
import { defineLedger, LEDGER_VERSION, type LedgerTables } from './ledger-tables.ts';

export const LEDGER_NAME = 'cabintill';

/** An open ledger; only the functions of this folder look inside. */
export type Ledger = { readonly tables: LedgerTables };

/** `from-the-future`: a newer app wrote it, this one must not touch it. `unavailable`: it cannot be opened. */
export type OpenFault = 'from-the-future' | 'unavailable';

// Dexie writes its own version times ten into IndexedDB.
const DEXIE_VERSION_FACTOR = 10;

/** Opens the ledger, creating it where there is none. The second attempt meets a lock that is just being released. */
export async function openLedger(name: string = LEDGER_NAME): Promise<Result<Ledger, OpenFault>> {
  const first = await tryOpen(name);
  return first.ok || first.error === 'from-the-future' ? first : await tryOpen(name);
}

/** Throws the renderer's copy away; the journal still holds every event, baskets not confirmed are lost. */
export async function deleteLedger(name: string = LEDGER_NAME): Promise<void> {
  await Dexie.delete(name);
}

async function tryOpen(name: string): Promise<Result<Ledger, OpenFault>> {
  const tables = defineLedger(name);
  try {
    // Looked at before opening: Dexie opens a newer database without a word and adds its own tables to it.
    const databases = await indexedDB.databases();
    if (isFromTheFuture(databases.find((database) => database.name === name)?.version ?? 0)) {
      return fail('from-the-future');
    }
    await tables.open();
    // A newer app in another window may have been faster.
    if (!isFromTheFuture(tables.backendDB().version)) return ok({ tables });
    tables.close();
    return fail('from-the-future');
  } catch (error) {
    console.error('the ledger could not be opened', error);
    tables.close();
    return fail('unavailable');
  }
}

function isFromTheFuture(nativeVersion: number): boolean {
  return Math.floor(nativeVersion / DEXIE_VERSION_FACTOR) > LEDGER_VERSION;
}
