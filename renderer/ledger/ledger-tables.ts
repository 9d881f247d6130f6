// The tables of the ledger: the renderer's copy of the journal's lines, and what the screens read.
import { Dexie, type Table } from 'dexie';
import type { BasketItem } from '../../domain/basket/price-basket.ts';
import type { Bill } from '../../domain/bill/bill.ts';
import type { PassengerCard } from '../../domain/bill/passenger-card.ts';

/** One journal line, verbatim: main takes it back when the journal itself was lost (journal.md 5.4). */
export type EventRow = {
  readonly seq: number;
  readonly line: string;
  readonly ty: string;
  /** Absent for events of the terminal. */
  readonly bill?: string;
};

/** A basket nobody has confirmed yet; it exists here only and survives a restart. */
export type BasketDraft = {
  readonly id: string;
  readonly leg: string;
  /** Null while no passenger has been scanned for it. */
  readonly card: PassengerCard | null;
  readonly items: readonly BasketItem[];
  readonly changedAtMs: number;
};

export type MetaRow = { readonly key: 'head'; readonly seq: number };

export type LedgerTables = Dexie & {
  readonly events: Table<EventRow, number>;
  readonly bills: Table<Bill, string>;
  readonly baskets: Table<BasketDraft, string>;
  readonly meta: Table<MetaRow, string>;
};

/** Numbered 1, 2, 3; each step adds its own `version()` below and never changes an earlier one. */
export const LEDGER_VERSION = 1;

/**
 * Strict durability: a transaction has reached the disk when it reports success. Chromium's default has not
 * (journal.md 5.4), and a power cut would take the last sales off the screen.
 */
export function defineLedger(name: string): LedgerTables {
  const tables = new Dexie(name, { chromeTransactionDurability: 'strict' }) as LedgerTables;
  tables.version(1).stores({
    events: 'seq, ty, bill',
    bills: 'bill, leg, openedSeq',
    baskets: 'id, changedAtMs',
    meta: 'key',
  });
  return tables;
}
