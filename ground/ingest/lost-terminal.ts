import type { JournalEvent } from '../../domain/journal/event.ts';
import type { SetAsideBill } from '../../domain/settlement/find-bill-faults.ts';

/**
 * Bills of a lost terminal's batch with money that no passenger's copy bears out, one entry each; `copies` are the
 * numbers of the lines that came from phones, paper or other terminals. Practice counts nowhere.
 */
export function findUncopied(
  events: readonly JournalEvent[],
  copies: ReadonlySet<number>,
): readonly SetAsideBill[] {
  const found = new Map<string, SetAsideBill>();
  for (const event of events) {
    if (event.tr === true || copies.has(event.seq)) continue;
    if (event.ty !== 'SALE' && event.ty !== 'VOID' && event.ty !== 'REFUND' && event.ty !== 'DISCOUNT') {
      continue;
    }
    const { bill, cti } = event.b;
    const why = `${event.ty} of a lost terminal that no copy bears out`;
    if (!found.has(bill)) found.set(bill, { bill, cti, seq: event.seq, why });
  }
  return [...found.values()];
}
