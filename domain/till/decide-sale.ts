import type { Bill } from '../bill/bill.ts';
import { priceBasket, type BasketItem, type PricedBasket } from '../basket/price-basket.ts';
import { SALE } from '../limits.ts';
import type { Problem } from '../problem.ts';
import { fail, ok } from '../result.ts';
import { findSaleRuleFault } from '../settlement/wallet-rules.ts';
import type { Decision } from './decide-scan.ts';
import { presenceAllowance, type TillContext } from './till-context.ts';
import type { Presence, TillState } from './till-state.ts';

/** What the crew confirms: whose bill, which basket, which items. No amount comes from outside. */
export type SaleIntent = {
  readonly bill: string;
  /** Random id made with the basket; confirming it again records nothing (journal.md 5.1). */
  readonly basket: string;
  readonly items: readonly BasketItem[];
};

export type SaleOutcome = { readonly bill: string; readonly seq: number; readonly again: boolean };

export function decideSale(
  state: TillState,
  intent: SaleIntent,
  context: TillContext,
): Decision<SaleOutcome> {
  const refuse = (problem: Problem): Decision<never> => ({ drafts: [], outcome: fail(problem) });
  const known = state.saleOfBasket.get(intent.basket);
  if (known !== undefined) return repeatSale(state, known, intent);
  const bill = state.bills.get(intent.bill);
  if (bill?.leg !== context.pack.manifest.leg) return refuse({ kind: 'bill-unknown' });
  if (!bill.isOpen || state.flightClosedAt.has(bill.leg)) return refuse({ kind: 'flight-closed' });
  const presence = state.presenceOf.get(bill.cti);
  const absence = findAbsence(presence, context.nowMs);
  if (presence === undefined || absence !== null) return refuse(absence ?? { kind: 'scan-again' });
  const priced = priceBasket(intent.items, presence.credential.tier, context.pack);
  if (!priced.ok) return refuse(priced.error);
  const excess = findExcess(priced.value, presence, state, context);
  if (excess !== null) return refuse(excess);
  const other = findOtherAmount(priced.value, presence);
  if (other !== null) return refuse(other);
  const draft = {
    ty: 'SALE' as const,
    b: {
      bill: bill.bill,
      cti: bill.cti,
      auth: presence.auth,
      basket: intent.basket,
      lines: [...priced.value.lines],
      disc: priced.value.discounts.map(({ id, n, amt }) => ({ id, n, amt })),
      tot: priced.value.totalMinor,
      ccy: priced.value.currency,
      tender: 'wallet' as const,
    },
  };
  const rule = findSaleRuleFault(bill, draft.b);
  if (rule !== null) return refuse({ kind: 'wallet-rule', rule });
  return { drafts: [draft], outcome: ok({ bill: bill.bill, seq: state.headSeq + 1, again: false }) };
}

/** The same basket again, after a restart between journal and ledger or a double tap: answered, not recorded. */
function repeatSale(state: TillState, seq: number, intent: SaleIntent): Decision<SaleOutcome> {
  const bill = state.bills.get(state.billOfSeq.get(seq) ?? '');
  const sale = bill?.sales.find((candidate) => candidate.seq === seq);
  if (
    bill === undefined ||
    sale === undefined ||
    bill.bill !== intent.bill ||
    !isSameItems(sale.lines, intent.items)
  ) {
    return { drafts: [], outcome: fail({ kind: 'basket-changed' }) };
  }
  return { drafts: [], outcome: ok({ bill: bill.bill, seq, again: true }) };
}

function isSameItems(lines: Bill['sales'][number]['lines'], items: readonly BasketItem[]): boolean {
  const quantities = new Map<string, number>();
  for (const { sku, q } of items) quantities.set(sku, (quantities.get(sku) ?? 0) + q);
  return lines.length === quantities.size && lines.every((line) => quantities.get(line.sku) === line.q);
}

export function findAbsence(presence: Presence | undefined, nowMs: number): Problem | null {
  if (presence === undefined || Math.abs(nowMs - presence.atMs) > SALE.presenceMs)
    return { kind: 'scan-again' };
  if (presence.isUsedUp) return { kind: 'scan-again' };
  return presence.mode === 'static' && !presence.isSeatChecked ? { kind: 'seat-check-needed' } : null;
}

/** An amount-confirmed code stands for its amount and for no other. */
function findOtherAmount({ totalMinor, currency }: PricedBasket, presence: Presence): Problem | null {
  const { confirmedMinor } = presence;
  if (confirmedMinor === null || confirmedMinor === totalMinor) return null;
  return { kind: 'amount-not-confirmed', confirmedMinor, currency };
}

export function findExcess(
  priced: PricedBasket,
  presence: Presence,
  state: TillState,
  context: TillContext,
): Problem | null {
  const allowance = presenceAllowance(presence, state, context);
  const { currency, totalMinor } = priced;
  if (allowance.salesLeft < 1) return { kind: 'too-many-sales', most: presence.credential.limits.maxSales };
  if (totalMinor > allowance.terminalLeftMinor) {
    return { kind: 'over-terminal-cap', leftMinor: allowance.terminalLeftMinor, currency };
  }
  if (totalMinor > allowance.unlistedLeftMinor) {
    return { kind: 'over-unlisted-cap', leftMinor: allowance.unlistedLeftMinor, currency };
  }
  if (totalMinor > allowance.leftMinor)
    return { kind: 'over-allowance', leftMinor: allowance.leftMinor, currency };
  if (totalMinor > allowance.perSaleMinor) {
    return { kind: 'over-per-sale', limitMinor: allowance.perSaleMinor, currency };
  }
  return null;
}
