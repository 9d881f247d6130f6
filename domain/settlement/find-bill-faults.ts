// Which bills of a verified batch a person must look at before the wallet is charged (settlement.md 6.2, PARTIAL).
// Everything here is signed by the terminal; the question is whether it may be believed as a sale.
import { orderNumber } from '../bill/order-number.ts';
import type { Crypto } from '../crypto/crypto.ts';
import { readLegId } from '../flight.ts';
import type { EventBody, JournalEvent } from '../journal/event.ts';
import type { TrustList } from '../trust/trust-list.ts';
import { findCorrectionFault, findSaleFault, type KnownSale } from './find-sale-fault.ts';
import { findEvidenceFault } from './find-evidence-fault.ts';
import { composeWalletOrder, orderSalesOf } from './wallet-order.ts';
import { findWalletRuleFaults } from './wallet-rules.ts';

export type SetAsideBill = {
  /** Bill id, or null for an event that names none. */
  readonly bill: string | null;
  readonly cti: string | null;
  readonly seq: number;
  readonly why: string;
};

export type BillFindings = {
  readonly setAside: readonly SetAsideBill[];
  /** What rests on lines before the batch that are not at hand, in words. */
  readonly unchecked: readonly string[];
};

export type BillContext = {
  /** First seq being judged; events before it are only referred to. */
  readonly from: number;
  /** Whether every event before `from` is among the events. */
  readonly isWhole: boolean;
  readonly trust: TrustList;
  readonly crypto: Crypto;
};

type KnownBill = Pick<EventBody<'BILL_OPEN'>, 'cti' | 'order' | 'ccy'> & {
  readonly leg: string;
  isClosed: boolean;
  /** What the wallet is to be charged so far. */
  netMinor: number;
};
/** What a sale may rest on, or why it may not. */
type Authority = {
  readonly cti: string;
  readonly leg: string;
  readonly isStatic: boolean;
  readonly fault: string | null;
};

type Walk = {
  readonly context: BillContext;
  readonly bills: Map<string, KnownBill>;
  readonly sales: Map<number, KnownSale>;
  readonly authorities: Map<number, Authority>;
  readonly seatChecked: Set<string>;
  readonly lastProofAt: Map<string, number>;
  readonly closedLegs: Set<string>;
  readonly setAside: SetAsideBill[];
  readonly unchecked: Set<string>;
};

/** Judges events in seq order; practice is passed over. */
export function findBillFaults(events: readonly JournalEvent[], context: BillContext): BillFindings {
  const walk: Walk = {
    context,
    bills: new Map(),
    sales: new Map(),
    authorities: new Map(),
    seatChecked: new Set(),
    lastProofAt: new Map(),
    closedLegs: new Set(),
    setAside: [],
    unchecked: new Set(),
  };
  for (const event of events) if (event.tr !== true) visit(walk, event);
  judgeOrders(walk, events);
  const setAside = walk.setAside.filter((fault) => fault.seq >= context.from);
  return { setAside, unchecked: [...walk.unchecked] };
}

function visit(walk: Walk, event: JournalEvent): void {
  switch (event.ty) {
    case 'CRED_SEEN':
      seeCredential(walk, event);
      break;
    case 'LOOKUP': {
      const { cti, how } = event.b;
      if (how === 'static-check') walk.seatChecked.add(`${event.leg} ${cti}`);
      walk.authorities.set(event.seq, { cti, leg: event.leg, isStatic: false, fault: null });
      break;
    }
    case 'BILL_OPEN':
      openBill(walk, event);
      break;
    case 'SALE':
      sell(walk, event);
      break;
    case 'VOID':
    case 'REFUND':
    case 'DISCOUNT':
      correct(walk, event);
      break;
    case 'BILL_CLOSE':
      closeBill(walk, event);
      break;
    case 'FLIGHT_CLOSE':
      walk.closedLegs.add(event.leg);
      break;
    default:
      break;
  }
}

function seeCredential(walk: Walk, event: JournalEvent<'CRED_SEEN'>): void {
  const seen = event.b;
  if (!('qr' in seen) || seen.code !== undefined) return;
  const { trust, crypto } = walk.context;
  const lastProofAt = walk.lastProofAt.get(seen.cti) ?? null;
  walk.authorities.set(event.seq, {
    cti: seen.cti,
    leg: event.leg,
    isStatic: seen.mode === 'static',
    fault: findEvidenceFault(event, { trust, lastProofAt, crypto }),
  });
  if (seen.ts !== undefined) walk.lastProofAt.set(seen.cti, seen.ts);
}

function openBill(walk: Walk, event: JournalEvent<'BILL_OPEN'>): void {
  const { cti, order, ccy, auth } = event.b;
  const bill = `${event.dev}.${event.ep.toString()}.${event.seq.toString()}`;
  const leg = readLegId(event.leg);
  walk.bills.set(bill, { cti, order, ccy, leg: event.leg, isClosed: false, netMinor: 0 });
  const add = (why: string | null): void => {
    setAside(walk, event, { bill, cti }, why);
  };
  add(walk.closedLegs.has(event.leg) ? 'opened after FLIGHT_CLOSE' : null);
  add(leg === null ? `'${event.leg}' is no flight` : null);
  add(
    leg !== null && order !== orderNumber(leg, cti) ? `order number ${order} is not this passenger's` : null,
  );
  add(findAuthorityFault(walk, event, auth, cti));
}

function sell(walk: Walk, event: JournalEvent<'SALE'>): void {
  const { b } = event;
  walk.sales.set(event.seq, { body: b, takenBackMinor: 0, quantityTakenBack: b.lines.map(() => 0) });
  const bill = findBill(walk, event, b);
  const add = (why: string | null): void => {
    setAside(walk, event, b, why);
  };
  add(bill === 'missing' ? 'sale on a bill that was never opened' : null);
  if (typeof bill !== 'string') {
    if (b.tender === 'wallet') bill.netMinor += b.tot;
    add(bill.cti === b.cti ? null : 'sale for another passenger than the bill’s');
    add(bill.ccy === b.ccy ? null : `sale in ${b.ccy} on a bill in ${bill.ccy}`);
    add(bill.leg === event.leg ? null : 'sale on a bill of another flight');
    add(bill.isClosed ? 'sale after BILL_CLOSE' : null);
  }
  add(walk.closedLegs.has(event.leg) ? 'sale after FLIGHT_CLOSE' : null);
  add(findAuthorityFault(walk, event, b.auth, b.cti));
  add(findSaleFault(b));
}

function correct(walk: Walk, event: JournalEvent<'VOID' | 'REFUND' | 'DISCOUNT'>): void {
  const { b } = event;
  const add = (why: string | null): void => {
    setAside(walk, event, b, why);
  };
  const bill = findBill(walk, event, b);
  add(bill === 'missing' ? `${event.ty} on a bill that was never opened` : null);
  if (typeof bill !== 'string') {
    if (b.tender === 'wallet') bill.netMinor += b.tot;
    add(bill.isClosed && event.ty === 'VOID' ? 'VOID after BILL_CLOSE' : null);
  }
  const sale = walk.sales.get(b.ref);
  if (sale !== undefined) add(findCorrectionFault(event.ty, b, sale));
  else if (isBefore(walk, b.ref)) {
    walk.unchecked.add(
      `seq ${event.seq.toString()} takes back the sale ${b.ref.toString()} of an earlier batch`,
    );
  } else add(`${event.ty} of seq ${b.ref.toString()}, which is no sale`);
}

function closeBill(walk: Walk, event: JournalEvent<'BILL_CLOSE'>): void {
  const bill = findBill(walk, event, event.b);
  if (typeof bill === 'string') {
    const why = bill === 'missing' ? 'BILL_CLOSE of a bill that was never opened' : null;
    setAside(walk, event, { bill: event.b.bill, cti: null }, why);
    return;
  }
  bill.isClosed = true;
  const why = `BILL_CLOSE says ${event.b.tot.toString()}, the bill comes to ${bill.netMinor.toString()}`;
  setAside(walk, event, { bill: event.b.bill, cti: bill.cti }, event.b.tot === bill.netMinor ? null : why);
}

/** The bill, `missing`, or `earlier` when it was opened before the batch and those lines are not at hand. */
function findBill(
  walk: Walk,
  { dev, ep, seq }: JournalEvent,
  { bill }: { readonly bill: string },
): KnownBill | 'missing' | 'earlier' {
  const known = walk.bills.get(bill);
  if (known !== undefined) return known;
  const prefix = `${dev}.${ep.toString()}.`;
  const openedSeq = bill.startsWith(prefix) ? Number(bill.slice(prefix.length)) : Number.POSITIVE_INFINITY;
  if (!isBefore(walk, openedSeq)) return 'missing';
  walk.unchecked.add(`seq ${seq.toString()} belongs to the bill ${bill} of an earlier batch`);
  return 'earlier';
}

function findAuthorityFault(walk: Walk, event: JournalEvent, auth: number, cti: string): string | null {
  const authority = walk.authorities.get(auth);
  const name = `auth ${auth.toString()}`;
  if (authority === undefined) {
    if (!isBefore(walk, auth)) return `${name} is no accepted CRED_SEEN or LOOKUP before it`;
    walk.unchecked.add(`seq ${event.seq.toString()} rests on seq ${auth.toString()} of an earlier batch`);
    return null;
  }
  if (authority.fault !== null) return `${name}: ${authority.fault}`;
  if (authority.cti !== cti) return `${name} is of another passenger`;
  if (authority.leg !== event.leg) return `${name} is of another flight`;
  const isSeatCheckMissing =
    event.ty === 'SALE' && authority.isStatic && !walk.seatChecked.has(`${event.leg} ${cti}`);
  return isSeatCheckMissing ? `${name} is a static code and nobody compared the boarding pass` : null;
}

function isBefore({ context }: Walk, seq: number): boolean {
  return !context.isWhole && seq >= 1 && seq < context.from;
}

function setAside(
  walk: Walk,
  { seq }: JournalEvent,
  { bill, cti }: { readonly bill: string; readonly cti: string | null },
  why: string | null,
): void {
  if (why !== null) walk.setAside.push({ bill, cti, seq, why });
}

/** The wallet's own rules, over each passenger's whole order at this terminal. */
function judgeOrders(walk: Walk, events: readonly JournalEvent[]): void {
  const billsOfOrder = new Map<string, string[]>();
  for (const [id, bill] of walk.bills) {
    const name = `${bill.leg} ${bill.cti}`;
    billsOfOrder.set(name, [...(billsOfOrder.get(name) ?? []), id]);
  }
  const moneyOfBill = new Map<string, JournalEvent[]>();
  for (const event of events) {
    if (event.ty !== 'SALE' && event.ty !== 'VOID' && event.ty !== 'REFUND' && event.ty !== 'DISCOUNT')
      continue;
    const known = moneyOfBill.get(event.b.bill);
    if (known === undefined) moneyOfBill.set(event.b.bill, [event]);
    else known.push(event);
  }
  for (const ids of billsOfOrder.values()) {
    const money = ids.flatMap((id) => moneyOfBill.get(id) ?? []);
    const last = money.at(-1);
    const bill = walk.bills.get(ids[0] ?? '');
    if (last === undefined || bill === undefined) continue;
    for (const { why } of findWalletRuleFaults(composeWalletOrder(bill.order, orderSalesOf(money)))) {
      for (const id of ids) setAside(walk, last, { bill: id, cti: bill.cti }, `wallet rule: ${why}`);
    }
  }
}
