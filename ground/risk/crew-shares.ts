// Crew members by how many of their sales rest on their word alone (threats.md 53).
import type { SaleMode } from './sale-facts.ts';

export type CrewShare = {
  readonly crew: string;
  readonly sales: number;
  readonly withoutPhone: number;
  /** 0 to 1. */
  readonly share: number;
  /** Far above what is usual among the others: somebody should ask. */
  readonly isUnusual: boolean;
};

/** Fewer sales say nothing about anybody. */
const FEWEST_SALES = 10;
const TIMES_USUAL = 3;
/** Where hardly anybody sells without a phone, one such sale is not yet a pattern. */
const LEAST_SHARE = 0.2;

/** Largest share first. */
export function crewShares(
  sales: readonly { readonly crew: string; readonly mode: SaleMode }[],
): readonly CrewShare[] {
  const byCrew = new Map<string, { sales: number; withoutPhone: number }>();
  for (const { crew, mode } of sales) {
    const row = byCrew.get(crew) ?? { sales: 0, withoutPhone: 0 };
    row.sales += 1;
    row.withoutPhone += mode === 'without-phone' ? 1 : 0;
    byCrew.set(crew, row);
  }
  const all = [...byCrew.values()];
  const total = sum(all.map((row) => row.sales));
  const totalWithout = sum(all.map((row) => row.withoutPhone));
  return [...byCrew]
    .map(([crew, row]) => {
      const share = row.withoutPhone / row.sales;
      // Compared with everybody else: one person's own sales do not make themselves usual.
      const others = total - row.sales;
      const usual = others === 0 ? 0 : (totalWithout - row.withoutPhone) / others;
      const isFar = share >= LEAST_SHARE && share > TIMES_USUAL * usual;
      return { crew, ...row, share, isUnusual: others > 0 && row.sales >= FEWEST_SALES && isFar };
    })
    .sort((a, b) => b.share - a.share || (a.crew < b.crew ? -1 : 1));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
