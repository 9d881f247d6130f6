import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { Bill, BillSale } from '../../domain/bill/bill.ts';
import { listBills } from '../ledger/read-bills.ts';
import { useLiveQuery } from '../ledger/use-live-query.ts';
import { useSessionStore } from './session-store.ts';

export type SaleOfBill = { readonly bill: Bill; readonly sale: BillSale };

/** What the flight's bills add up to, in minor units. */
export type FlightTotals = {
  readonly bills: number;
  readonly sales: number;
  readonly salesMinor: number;
  readonly voids: number;
  readonly voidsMinor: number;
  readonly netMinor: number;
};

export const useBillsStore = defineStore('bills', () => {
  const session = useSessionStore();
  const { ledger } = session.till;
  const leg = session.flight.legId;
  /** Bills of this flight, the one opened last first. */
  const bills = useLiveQuery(() => listBills(ledger, leg), []);
  /** What the bills screen shows in full: a bill, or the bill of a sale that may still be on its way here. */
  const wanted = shallowRef<{ readonly bill: string } | { readonly sale: number } | null>(null);

  const sales = computed<readonly SaleOfBill[]>(() =>
    bills.value
      .flatMap((bill) => bill.sales.map((sale) => ({ bill, sale })))
      .sort((a, b) => b.sale.seq - a.sale.seq),
  );

  const totals = computed<FlightTotals>(() => {
    const all = sales.value.map(({ sale }) => sale);
    const salesMinor = all.reduce((sum, sale) => sum + sale.totalMinor, 0);
    const voidsMinor = all.reduce((sum, sale) => sum + sale.voidedMinor, 0);
    return {
      bills: bills.value.length,
      sales: all.length,
      salesMinor,
      voids: all.reduce((sum, sale) => sum + sale.corrections.length, 0),
      voidsMinor,
      netMinor: salesMinor - voidsMinor,
    };
  });

  /** The sale a slip's number belongs to: the sale itself, or one it corrects. */
  function saleOf(seq: number): SaleOfBill | null {
    return sales.value.find(({ sale }) => sale.seq === seq || sale.corrections.includes(seq)) ?? null;
  }

  const openBill = computed<Bill | null>(() => {
    const want = wanted.value;
    if (want === null) return null;
    if ('sale' in want) return saleOf(want.sale)?.bill ?? null;
    return bills.value.find((bill) => bill.bill === want.bill) ?? null;
  });

  return {
    bills,
    sales,
    totals,
    openBill,
    saleOf,
    showBill: (bill: string) => {
      wanted.value = { bill };
    },
    showBillOfSale: (sale: number) => {
      wanted.value = { sale };
    },
  };
});
