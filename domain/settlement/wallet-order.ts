// The one order a passenger's sales become at the wallet (wallets.md, WeChat Pay Score; product.md).
import type { Bill } from '../bill/bill.ts';
import type { EventBody, JournalEvent } from '../journal/event.ts';

export type WalletPayment = {
  readonly name: string;
  readonly description: string;
  readonly count: number;
  /** Line total, minor units. */
  readonly amountMinor: number;
};

/** A deal; `amountMinor` is positive and taken off. */
export type WalletDiscount = {
  readonly name: string;
  readonly description: string;
  readonly count: number;
  readonly amountMinor: number;
};

export type WalletOrder = {
  readonly orderNumber: string;
  readonly payments: readonly WalletPayment[];
  readonly discounts: readonly WalletDiscount[];
  /** What is charged: the sum of the journal's own amounts, not of the entries above. */
  readonly totalMinor: number;
  /** `attach` of the call, where it is known; no names and no scores. */
  readonly attach?: string;
  /** Start and end of the service and the moment of the call, epoch ms, where they are known. */
  readonly time?: { readonly startMs: number; readonly endMs: number; readonly callMs: number };
};

type TakenBack = {
  readonly lines: readonly { readonly i: number; readonly q: number }[];
  readonly amountMinor: number;
};

/** A sale and what later events took back of it; amounts positive. */
export type OrderSale = Pick<EventBody<'SALE'>, 'lines' | 'disc'> & {
  readonly totalMinor: number;
  readonly takenBack: readonly TakenBack[];
};

/** The only payment name that may stand more than once (wallets.md). */
export const PAYMENT_NAME = '商品信息';
/** The deal under which a price reduction after the sale is sent. */
const LATER_DISCOUNT_NAME = '机上优惠';
const MOST_PER_PAYMENT = 100;

type Line = EventBody<'SALE'>['lines'][number];

/**
 * The order of a passenger's wallet sales: equal items in one payment, equal deals in one discount, sales that were
 * wholly taken back left out, partly taken back ones reduced by quantity and discount, so that payments less discounts
 * is the total to the fen wherever each correction gave back no more than its lines cost and no less than they cost
 * after all discounts.
 */
export function composeWalletOrder(orderNumber: string, sales: readonly OrderSale[]): WalletOrder {
  const left = sales.map(leftOfSale);
  return {
    orderNumber,
    payments: mergePayments(left.flatMap((sale) => sale.lines)),
    discounts: mergeDiscounts(left.flatMap((sale) => sale.discounts)),
    totalMinor: left.reduce((sum, sale) => sum + sale.totalMinor, 0),
  };
}

type Deal = { readonly name: string; readonly amountMinor: number };
type LeftOfSale = {
  readonly lines: readonly Line[];
  readonly discounts: readonly Deal[];
  readonly totalMinor: number;
};

function leftOfSale(sale: OrderSale): LeftOfSale {
  const { lines: sold, disc, totalMinor: soldMinor } = sale;
  if (sale.takenBack.length === 0) {
    const discounts = disc
      .map(({ n, amt }) => ({ name: n, amountMinor: amt }))
      .filter((deal) => deal.amountMinor > 0);
    return { lines: sold, discounts, totalMinor: soldMinor };
  }
  const totalMinor = soldMinor - sale.takenBack.reduce((sum, taken) => sum + taken.amountMinor, 0);
  const lines = sold
    .map((line, i) => ({ ...line, q: line.q - quantityTakenBack(sale.takenBack, i) }))
    .filter((line) => line.q > 0);
  if (totalMinor === 0) return { lines: [], discounts: [], totalMinor };
  const grossMinor = lines.reduce((sum, line) => sum + line.q * line.p, 0);
  return { lines, discounts: spreadDiscount(disc, grossMinor - totalMinor), totalMinor };
}

function quantityTakenBack(takenBack: readonly TakenBack[], index: number): number {
  return takenBack
    .flatMap((taken) => taken.lines)
    .filter((line) => line.i === index)
    .reduce((sum, line) => sum + line.q, 0);
}

/** Fills the sale's own deals in their order; what none of them accounts for is a price reduction made later. */
function spreadDiscount(deals: EventBody<'SALE'>['disc'], offMinor: number): readonly Deal[] {
  let restMinor = offMinor;
  const spread: Deal[] = [];
  for (const { n, amt } of deals) {
    const amountMinor = Math.max(0, Math.min(amt, restMinor));
    restMinor -= amountMinor;
    spread.push({ name: n, amountMinor });
  }
  if (restMinor > 0) spread.push({ name: LATER_DISCOUNT_NAME, amountMinor: restMinor });
  return spread.filter((deal) => deal.amountMinor > 0);
}

function mergePayments(lines: readonly Line[]): readonly WalletPayment[] {
  const merged = new Map<string, Line>();
  for (const line of lines) {
    const name = JSON.stringify([line.sku, line.n, line.p]);
    merged.set(name, { ...line, q: line.q + (merged.get(name)?.q ?? 0) });
  }
  return [...merged.values()].flatMap(splitCount).map((line) => ({
    name: PAYMENT_NAME,
    description: line.n,
    count: line.q,
    amountMinor: line.q * line.p,
  }));
}

/** More than a hundred of one item stand in several entries. */
function splitCount(line: Line): readonly Line[] {
  const parts: Line[] = [];
  for (let left = line.q; left > 0; left -= MOST_PER_PAYMENT) {
    parts.push({ ...line, q: Math.min(left, MOST_PER_PAYMENT) });
  }
  return parts;
}

function mergeDiscounts(deals: readonly Deal[]): readonly WalletDiscount[] {
  const merged = new Map<string, number>();
  for (const { name, amountMinor } of deals) merged.set(name, amountMinor + (merged.get(name) ?? 0));
  return [...merged].map(([name, amountMinor]) => ({ name, description: name, count: 1, amountMinor }));
}

/** The wallet sales of one bill or passenger among `events`, with their corrections; practice counts nowhere. */
export function orderSalesOf(events: readonly JournalEvent[]): OrderSale[] {
  const sales = new Map<number, { sale: EventBody<'SALE'>; takenBack: TakenBack[] }>();
  for (const event of events) {
    if (event.tr === true) continue;
    if (event.ty === 'SALE' && event.b.tender === 'wallet') {
      sales.set(event.seq, { sale: event.b, takenBack: [] });
    }
    if (event.ty === 'VOID' || event.ty === 'REFUND' || event.ty === 'DISCOUNT') {
      // A later discount takes money back and leaves the goods.
      const lines = event.ty === 'DISCOUNT' ? [] : event.b.lines;
      sales.get(event.b.ref)?.takenBack.push({ lines, amountMinor: -event.b.tot });
    }
  }
  return [...sales.values()].map(({ sale, takenBack }) => ({
    lines: sale.lines,
    disc: sale.disc,
    totalMinor: sale.tot,
    takenBack,
  }));
}

/**
 * The wallet sales of a bill. A bill keeps amounts taken back but not their quantities: a sale taken back in part
 * stands with all its lines and the difference as a discount.
 */
export function orderSalesOfBill(bill: Bill): OrderSale[] {
  return bill.sales
    .filter((sale) => sale.tender === 'wallet')
    .map(({ lines, disc, totalMinor, voidedMinor, corrections }) => ({
      lines,
      disc,
      totalMinor,
      takenBack: corrections.length === 0 ? [] : [{ lines: [], amountMinor: voidedMinor }],
    }));
}
