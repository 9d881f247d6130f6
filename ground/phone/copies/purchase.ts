// What a kept journal line means to the passenger.
import { readLine } from '../../../domain/journal/line.ts';
import type { JournalEvent } from '../../../domain/journal/event.ts';

export type PurchaseKind = 'sale' | 'void' | 'refund' | 'discount';

export type Purchase = {
  readonly kind: PurchaseKind;
  readonly terminal: string;
  readonly ep: number;
  readonly seq: number;
  /** The till's clock, epoch ms. */
  readonly atMs: number;
  /** Minor units; negative for what was taken back. */
  readonly totalMinor: number;
  readonly currency: string;
  /** False for cash and the like: it never reaches the wallet. */
  readonly isByWallet: boolean;
  /** Of a sale: number at the catalogue, quantity, name at the wallet, amount in minor units. */
  readonly lines: readonly {
    readonly sku: string;
    readonly q: number;
    readonly name: string;
    readonly amountMinor: number;
  }[];
  readonly discounts: readonly { readonly name: string; readonly amountMinor: number }[];
  /** The sale that was taken back, by its number. */
  readonly ofSeq: number | null;
};

const KINDS = { SALE: 'sale', VOID: 'void', REFUND: 'refund', DISCOUNT: 'discount' } as const;
type PurchaseEvent = Extract<JournalEvent, { ty: keyof typeof KINDS }>;

export function isPurchase(event: JournalEvent): event is PurchaseEvent {
  return Object.hasOwn(KINDS, event.ty);
}

export function purchaseOf(event: PurchaseEvent): Purchase {
  const { b } = event;
  const isSale = event.ty === 'SALE';
  return {
    kind: KINDS[event.ty],
    terminal: event.dev,
    ep: event.ep,
    seq: event.seq,
    atMs: event.t,
    totalMinor: b.tot,
    currency: b.ccy,
    isByWallet: b.tender === 'wallet',
    lines: isSale ? event.b.lines.map(({ sku, q, p, n }) => ({ sku, q, name: n, amountMinor: q * p })) : [],
    discounts: isSale ? event.b.disc.map(({ n, amt }) => ({ name: n, amountMinor: amt })) : [],
    ofSeq: isSale ? null : event.b.ref,
  };
}

/** The purchase of a line that was checked before it was kept. */
export function purchaseOfLine(line: string): Purchase | null {
  const event = readLine(line);
  return event !== null && isPurchase(event) ? purchaseOf(event) : null;
}

/** What will reach the wallet according to these copies, minor units. */
export function walletTotalMinor(purchases: readonly Purchase[]): number {
  return purchases.reduce((sum, one) => (one.isByWallet ? sum + one.totalMinor : sum), 0);
}
