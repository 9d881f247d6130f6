// The one writer of events and bills.
import type { LedgerLine } from '../../bridge/contract.ts';
import { billOf, evolveBill, type Bill } from '../../domain/bill/bill.ts';
import { readEnvelope, readEvent } from '../../domain/journal/line.ts';
import type { EventRow, LedgerTables } from './ledger-tables.ts';
import type { Ledger } from './open-ledger.ts';

/**
 * `gap`: lines from `from` are missing; everything before was applied. `conflict`: the ledger holds another line at
 * this number, or the line is none: the two copies disagree, nobody may guess, and nothing was applied.
 */
export type ApplyOutcome =
  | { readonly kind: 'applied'; readonly head: number }
  | { readonly kind: 'gap'; readonly from: number }
  | { readonly kind: 'conflict'; readonly seq: number };

/** What one call changes; written together or not at all. */
type Changes = {
  readonly events: EventRow[];
  readonly bills: Map<string, Bill>;
  readonly soldBaskets: string[];
  head: number;
};

/**
 * Applies journal lines in the order of their numbers, in one strict transaction: events, bills, the head and the end
 * of the basket a sale was made of. Lines the ledger already has change nothing. Rejects when the disk does.
 */
export async function applyLines({ tables }: Ledger, lines: readonly LedgerLine[]): Promise<ApplyOutcome> {
  const inOrder = [...lines].sort((a, b) => a.seq - b.seq);
  return await tables.transaction(
    'rw',
    [tables.events, tables.bills, tables.baskets, tables.meta],
    async (): Promise<ApplyOutcome> => {
      const head = (await tables.meta.get('head'))?.seq ?? 0;
      const changes: Changes = { events: [], bills: new Map(), soldBaskets: [], head };
      const conflict =
        (await findConflict(
          tables,
          inOrder.filter((line) => line.seq <= head),
        )) ??
        (await collectChanges(
          tables,
          inOrder.filter((line) => line.seq > head),
          changes,
        ));
      if (conflict !== null) return { kind: 'conflict', seq: conflict };
      if (changes.head > head) await writeChanges(tables, changes);
      const last = inOrder.at(-1)?.seq ?? 0;
      return last > changes.head
        ? { kind: 'gap', from: changes.head + 1 }
        : { kind: 'applied', head: changes.head };
    },
  );
}

/** The first number at which the ledger holds another line, or null. */
async function findConflict(tables: LedgerTables, known: readonly LedgerLine[]): Promise<number | null> {
  if (known.length === 0) return null;
  const rows = await tables.events.bulkGet(known.map((line) => line.seq));
  return known.find((line, i) => rows[i]?.line !== line.line)?.seq ?? null;
}

/** Gathers lines up to the first gap; answers the number of a line that is none, or null. */
async function collectChanges(
  tables: LedgerTables,
  fresh: readonly LedgerLine[],
  changes: Changes,
): Promise<number | null> {
  for (const { seq, line } of fresh) {
    if (seq > changes.head + 1) return null;
    const isRepeated = seq === changes.head;
    if (isRepeated && changes.events.at(-1)?.line === line) continue;
    const raw = readEnvelope(line);
    if (isRepeated || raw?.seq !== seq) return seq;
    // An event of an unknown type was written by a newer till: it is kept and changes no bill.
    const event = readEvent(raw);
    const bill = event === null ? null : billOf(event);
    changes.events.push({ seq, line, ty: raw.ty, ...(bill === null ? {} : { bill }) });
    changes.head = seq;
    if (event === null || bill === null) continue;
    const before = changes.bills.get(bill) ?? (await tables.bills.get(bill)) ?? null;
    const after = evolveBill(before, event);
    if (after !== null) changes.bills.set(bill, after);
    // Also after a kill between journal and ledger: the draft the sale was made of ends with its arrival here.
    if (event.ty === 'SALE') changes.soldBaskets.push(event.b.basket);
  }
  return null;
}

async function writeChanges(tables: LedgerTables, changes: Changes): Promise<void> {
  // Side by side: each write is a journey to another process, and they count all or none anyway.
  await Promise.all([
    tables.events.bulkPut(changes.events),
    tables.bills.bulkPut([...changes.bills.values()]),
    tables.baskets.bulkDelete(changes.soldBaskets),
    tables.meta.put({ key: 'head', seq: changes.head }),
  ]);
}
