// The one writer of events and bills.
import { billOf, evolveBill } from '../../domain/bill/bill.ts';
import { readEnvelope, readEvent } from '../../domain/journal/line.ts';
import type { LedgerLine } from '../../bridge/contract.ts';
import type { LedgerTables } from './ledger-tables.ts';
import type { Ledger } from './open-ledger.ts';

/**
 * `gap`: lines from `from` are missing; everything before was applied. `conflict`: the ledger holds another line at
 * this number, or the line is none: the two copies disagree and nobody may guess.
 */
export type ApplyOutcome =
  | { readonly kind: 'applied'; readonly head: number }
  | { readonly kind: 'gap'; readonly from: number }
  | { readonly kind: 'conflict'; readonly seq: number };

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
      let head = (await tables.meta.get('head'))?.seq ?? 0;
      for (const { seq, line } of inOrder) {
        if (seq > head + 1) return { kind: 'gap', from: head + 1 };
        if (seq <= head) {
          const known = await tables.events.get(seq);
          if (known?.line !== line) return { kind: 'conflict', seq };
          continue;
        }
        if (!(await applyLine(tables, seq, line))) return { kind: 'conflict', seq };
        head = seq;
        await tables.meta.put({ key: 'head', seq });
      }
      return { kind: 'applied', head };
    },
  );
}

/** False when the text is no journal line of this number. An event of an unknown type is kept and changes no bill. */
async function applyLine(tables: LedgerTables, seq: number, line: string): Promise<boolean> {
  const raw = readEnvelope(line);
  if (raw?.seq !== seq) return false;
  const event = readEvent(raw);
  const bill = event === null ? null : billOf(event);
  await tables.events.put({ seq, line, ty: raw.ty, ...(bill === null ? {} : { bill }) });
  if (event === null || bill === null) return true;
  const evolved = evolveBill((await tables.bills.get(bill)) ?? null, event);
  if (evolved !== null) await tables.bills.put(evolved);
  // Also after a kill between journal and ledger: the draft the sale was made of ends together with its arrival here.
  if (event.ty === 'SALE') await tables.baskets.delete(event.b.basket);
  return true;
}
