import type { JournalEvent } from '../../domain/journal/event.ts';
import type { SetAsideBill } from '../../domain/settlement/find-bill-faults.ts';
import { reason } from '../web/reasons.ts';

/** `line`: copies bear out the rest of the bill, which is charged; only this line of it waits. */
export type SetAside = SetAsideBill & { readonly scope?: 'bill' | 'line' };

type Money = JournalEvent<'SALE' | 'VOID' | 'REFUND' | 'DISCOUNT'>;

/**
 * Money of a lost terminal's batch that no passenger's copy bears out: one entry a bill where none of it was copied, one
 * a line where some was. `copies` are the numbers of the lines that came from phones, paper or other terminals. Practice
 * counts nowhere.
 */
export function findUncopied(
  events: readonly JournalEvent[],
  copies: ReadonlySet<number>,
): readonly SetAside[] {
  const money = events.filter(isMoney);
  const copied = new Set(money.filter(({ seq }) => copies.has(seq)).map(({ b }) => b.bill));
  const found = new Map<string, SetAside>();
  for (const { ty, seq, b } of money) {
    if (copies.has(seq)) continue;
    const { bill, cti } = b;
    const scope = copied.has(bill) ? 'line' : 'bill';
    const name = scope === 'line' ? `${bill} ${seq.toString()}` : bill;
    const why = reason('uncopied-line', { line: ty }).text;
    if (!found.has(name)) found.set(name, { bill, cti, seq, why, scope });
  }
  return [...found.values()];
}

function isMoney(event: JournalEvent): event is Money {
  if (event.tr === true) return false;
  return event.ty === 'SALE' || event.ty === 'VOID' || event.ty === 'REFUND' || event.ty === 'DISCOUNT';
}
