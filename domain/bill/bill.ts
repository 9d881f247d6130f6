// One passenger's sales on one flight at one terminal, as the sum of its journal events.
import type { EventBody, JournalEvent } from '../journal/event.ts';
import type { WalletNumber } from '../wallet.ts';

export type BillSale = {
  readonly seq: number;
  /** Epoch ms of the sale. */
  readonly t: number;
  readonly lines: EventBody<'SALE'>['lines'];
  readonly disc: EventBody<'SALE'>['disc'];
  readonly totalMinor: number;
  /** Positive: what voids and refunds have taken back. */
  readonly voidedMinor: number;
  /** Seqs of the corrections, oldest first. */
  readonly corrections: readonly number[];
  readonly isDelivered: boolean;
  readonly tender: EventBody<'SALE'>['tender'];
  /** Seqs (of this sale and its corrections) of which a slip or a copy came out, and how many slips were copies. */
  readonly printed: readonly number[];
  readonly copies: number;
};

export type Bill = {
  readonly bill: string;
  readonly leg: string;
  readonly cti: string;
  readonly seat: string;
  readonly name: string;
  readonly wallet: WalletNumber;
  readonly tier: number;
  /** Number of the one order at the wallet; it stands on every slip. */
  readonly order: string;
  readonly currency: string;
  readonly isOpen: boolean;
  readonly openedSeq: number;
  /** Sum of sales less corrections charged to the wallet. */
  readonly spentMinor: number;
  readonly sales: readonly BillSale[];
};

/** The bill an event belongs to, or null for events of the terminal. */
export function billOf(event: JournalEvent): string | null {
  switch (event.ty) {
    case 'BILL_OPEN':
      return `${event.dev}.${event.ep.toString()}.${event.seq.toString()}`;
    case 'SALE':
    case 'VOID':
    case 'REFUND':
    case 'DISCOUNT':
    case 'DELIVERED':
    case 'BILL_CLOSE':
    case 'RECEIPT':
      return event.b.bill;
    default:
      return null;
  }
}

/**
 * The bill after one of its events; `bill` is null before BILL_OPEN. Practice events change nothing. Applying events
 * in seq order is the caller's part.
 */
export function evolveBill(bill: Bill | null, event: JournalEvent): Bill | null {
  if (event.tr === true) return bill;
  if (event.ty === 'BILL_OPEN') return openBill(event);
  if (bill === null || billOf(event) !== bill.bill) return bill;
  switch (event.ty) {
    case 'SALE':
      return withSales(bill, [...bill.sales, newSale(event)]);
    case 'VOID':
    case 'REFUND':
    case 'DISCOUNT':
      return changeSale(bill, event.b.ref, (sale) => ({
        ...sale,
        voidedMinor: sale.voidedMinor - event.b.tot,
        corrections: [...sale.corrections, event.seq],
      }));
    case 'DELIVERED':
      return changeSale(bill, event.b.ref, (sale) => ({ ...sale, isDelivered: true }));
    case 'RECEIPT':
      return recordSlip(bill, event.b.seq, event.b.copy);
    case 'BILL_CLOSE':
      return { ...bill, isOpen: false };
    default:
      return bill;
  }
}

function openBill(event: JournalEvent<'BILL_OPEN'>): Bill {
  const { cti, seat, name, wallet, tier, order, ccy } = event.b;
  return {
    bill: `${event.dev}.${event.ep.toString()}.${event.seq.toString()}`,
    leg: event.leg,
    cti,
    seat,
    name,
    wallet,
    tier,
    order,
    currency: ccy,
    isOpen: true,
    openedSeq: event.seq,
    spentMinor: 0,
    sales: [],
  };
}

function newSale(event: JournalEvent<'SALE'>): BillSale {
  const { lines, disc, tot, tender } = event.b;
  return {
    seq: event.seq,
    t: event.t,
    lines,
    disc,
    totalMinor: tot,
    voidedMinor: 0,
    corrections: [],
    isDelivered: false,
    tender,
    printed: [],
    copies: 0,
  };
}

function changeSale(bill: Bill, seq: number, change: (sale: BillSale) => BillSale): Bill {
  return withSales(
    bill,
    bill.sales.map((sale) => (sale.seq === seq ? change(sale) : sale)),
  );
}

function withSales(bill: Bill, sales: readonly BillSale[]): Bill {
  const spentMinor = sales
    .filter((sale) => sale.tender === 'wallet')
    .reduce((sum, sale) => sum + sale.totalMinor - sale.voidedMinor, 0);
  return { ...bill, sales, spentMinor };
}

function recordSlip(bill: Bill, seq: number, isCopy: boolean): Bill {
  const sale = bill.sales.find((candidate) => candidate.seq === seq || candidate.corrections.includes(seq));
  if (sale === undefined) return bill;
  return changeSale(bill, sale.seq, (known) => ({
    ...known,
    printed: known.printed.includes(seq) ? known.printed : [...known.printed, seq],
    copies: known.copies + (isCopy ? 1 : 0),
  }));
}

/**
 * A text that is equal exactly when two sets of bills show the same; its SHA-256 is the digest by which a ledger
 * edited or damaged behind the till's back is noticed at start.
 */
export function describeBills(bills: Iterable<Bill>): string {
  const rows = [...bills]
    .sort((a, b) => a.openedSeq - b.openedSeq)
    .map((bill) => [
      bill.bill,
      bill.cti,
      bill.seat,
      bill.order,
      bill.isOpen,
      bill.spentMinor,
      bill.sales.map((sale) => [
        sale.seq,
        sale.lines.map((line) => [line.sku, line.q, line.p]),
        sale.totalMinor,
        sale.voidedMinor,
        sale.isDelivered,
        sale.printed,
        sale.copies,
      ]),
    ]);
  return JSON.stringify(rows);
}
