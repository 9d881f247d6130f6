import { computed, type ComputedRef } from 'vue';
import type { Bill } from '../../domain/bill/bill.ts';
import type { ToldStanding } from '../messages/settlement-words.ts';
import { useSettlementStore } from '../stores/settlement-store.ts';
import { useWords } from './use-words.ts';

export type TellStanding = {
  readonly standing: ToldStanding;
  readonly text: string;
  /** What that means, and what can be done. */
  readonly how: string;
  /** What the wallet is charged where it is another amount than the bill's, or null. */
  readonly chargedMinor: number | null;
  /** The wallet's own code, where the passenger must act. */
  readonly code: string;
};

/** Where a bill without an amount is over: it never comes further. */
const ENDS: ReadonlySet<ToldStanding> = new Set(['acknowledged', 'collecting', 'paid', 'lowered']);

/** Tells where a bill stands, in the language in use; null while it is simply a bill. */
export function useStanding(): ComputedRef<(bill: Bill) => TellStanding | null> {
  const words = useWords();
  const settlement = useSettlementStore();
  return computed(() => {
    const { settlement: told } = words.value;
    const { bills } = settlement.state;
    return (bill) => {
      const known = bills[bill.bill];
      if (known === undefined || known.status === 'open') return null;
      const { status: standing, amountMinor, code } = known;
      const isFree = amountMinor === 0 && ENDS.has(standing);
      return {
        standing,
        text: isFree ? told.nothingToPay : told.standing[standing],
        how: isFree
          ? told.nothingToPayHow
          : standing === 'must-act'
            ? told.mustActHow(bill.wallet, code)
            : told.standingHow[standing],
        chargedMinor: amountMinor === bill.spentMinor ? null : amountMinor,
        code: standing === 'must-act' ? code : '',
      };
    };
  });
}
