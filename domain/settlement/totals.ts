// Sums over journal events: what a batch's manifest states and ground recomputes (settlement.md 6.1, journal.md 5.1).
import type { JournalEvent, LegTotals } from '../journal/event.ts';

type Sum = { n: number; amt: number };
type OpenTotals = {
  readonly leg: string;
  readonly ccy: string;
  readonly sales: Sum;
  readonly voids: Sum;
  readonly refunds: Sum;
  readonly discounts: Sum;
  readonly ctis: Set<string>;
};

/** One passenger's events at one terminal, added up; amounts in minor units of `currency`. */
export type PassengerTotals = {
  readonly leg: string;
  readonly cti: string;
  readonly currency: string;
  /** Seat, wallet and order number as of BILL_OPEN; null when the bill was opened before these events. */
  readonly seat: string | null;
  readonly wallet: number | null;
  readonly order: string | null;
  readonly bills: readonly string[];
  /** How many wallet sales, and how many wallet voids and refunds. */
  readonly sales: number;
  readonly voids: number;
  /** What the wallet is to be charged. */
  readonly netMinor: number;
};

const SUM_OF = { SALE: 'sales', VOID: 'voids', REFUND: 'refunds', DISCOUNT: 'discounts' } as const;
type MoneyEvent = JournalEvent<keyof typeof SUM_OF>;

/** Whether an event moves money of the wallet order: practice and other tenders never do. */
export function isWalletMoney(event: JournalEvent): event is MoneyEvent {
  if (event.tr === true || !Object.hasOwn(SUM_OF, event.ty)) return false;
  return (event as MoneyEvent).b.tender === 'wallet';
}

/**
 * Totals per leg and currency, in order of first appearance. Practice (`tr`) and tenders other than the wallet count
 * nowhere. `credentials` is the number of distinct cti with a BILL_OPEN among `events`: a passenger scanned who never
 * opened a bill has no order to settle and is not counted. A leg without any bill has no totals.
 */
export function legTotals(events: readonly JournalEvent[]): LegTotals[] {
  const byLeg = new Map<string, OpenTotals>();
  for (const event of events) {
    if (event.tr === true) continue;
    if (event.ty === 'BILL_OPEN') totalsOf(byLeg, event.leg, event.b.ccy).ctis.add(event.b.cti);
    else if (isWalletMoney(event)) {
      const sum = totalsOf(byLeg, event.leg, event.b.ccy)[SUM_OF[event.ty]];
      sum.n += 1;
      sum.amt += event.b.tot;
    }
  }
  return [...byLeg.values()].map(closeTotals);
}

function totalsOf(byLeg: Map<string, OpenTotals>, leg: string, ccy: string): OpenTotals {
  const name = `${leg} ${ccy}`;
  const known = byLeg.get(name);
  if (known !== undefined) return known;
  const zero = (): Sum => ({ n: 0, amt: 0 });
  const fresh: OpenTotals = {
    leg,
    ccy,
    sales: zero(),
    voids: zero(),
    refunds: zero(),
    discounts: zero(),
    ctis: new Set(),
  };
  byLeg.set(name, fresh);
  return fresh;
}

function closeTotals({ leg, ccy, sales, voids, refunds, discounts, ctis }: OpenTotals): LegTotals {
  const net = sales.amt + voids.amt + refunds.amt + discounts.amt;
  return { leg, ccy, sales, voids, refunds, discounts, net, credentials: ctis.size };
}

/** Per leg, passenger and currency, in order of first appearance; the same events count as in `legTotals`. */
export function passengerTotals(events: readonly JournalEvent[]): PassengerTotals[] {
  const rows = new Map<string, PassengerTotals>();
  const change = (
    event: JournalEvent,
    { cti, ccy }: { cti: string; ccy: string },
    apply: (row: PassengerTotals) => PassengerTotals,
  ): void => {
    const name = `${event.leg} ${cti} ${ccy}`;
    rows.set(name, apply(rows.get(name) ?? emptyRow(event.leg, cti, ccy)));
  };
  for (const event of events) {
    if (event.tr === true) continue;
    if (event.ty === 'BILL_OPEN') change(event, event.b, (row) => openBill(row, event));
    else if (isWalletMoney(event)) change(event, event.b, (row) => addMoney(row, event));
  }
  return [...rows.values()];
}

function emptyRow(leg: string, cti: string, currency: string): PassengerTotals {
  return {
    leg,
    cti,
    currency,
    seat: null,
    wallet: null,
    order: null,
    bills: [],
    sales: 0,
    voids: 0,
    netMinor: 0,
  };
}

function openBill(row: PassengerTotals, event: JournalEvent<'BILL_OPEN'>): PassengerTotals {
  const { seat, wallet, order } = event.b;
  const bill = `${event.dev}.${event.ep.toString()}.${event.seq.toString()}`;
  return { ...row, seat, wallet, order, bills: withBill(row.bills, bill) };
}

function addMoney(row: PassengerTotals, event: MoneyEvent): PassengerTotals {
  const isTakenBack = event.ty === 'VOID' || event.ty === 'REFUND';
  return {
    ...row,
    bills: withBill(row.bills, event.b.bill),
    sales: row.sales + (event.ty === 'SALE' ? 1 : 0),
    voids: row.voids + (isTakenBack ? 1 : 0),
    netMinor: row.netMinor + event.b.tot,
  };
}

function withBill(bills: readonly string[], bill: string): readonly string[] {
  return bills.includes(bill) ? bills : [...bills, bill];
}
