import type { Bill } from '../../domain/bill/bill.ts';
import type { Ledger } from './open-ledger.ts';

/** Bills of one flight leg, the one opened last first. */
export async function listBills({ tables }: Ledger, leg: string): Promise<readonly Bill[]> {
  const bills = await tables.bills.where('leg').equals(leg).sortBy('openedSeq');
  return bills.reverse();
}
