// One passenger's sales on a leg, merged over all terminals and epochs, whatever brought them (settlement.md 6.4 step 7).
import {
  findCorrectionFault,
  findSaleFault,
  type KnownSale,
} from '../../domain/settlement/find-sale-fault.ts';
import { isWalletMoney } from '../../domain/settlement/totals.ts';
import { composeWalletOrder, orderSalesOf, type WalletOrder } from '../../domain/settlement/wallet-order.ts';
import { findWalletRuleFaults } from '../../domain/settlement/wallet-rules.ts';
import type { EventBody, JournalEvent } from '../../domain/journal/event.ts';
import { billIdOf } from '../ingest/event-row.ts';
import type { Counted } from './order.ts';

export type PassengerCount = Counted & { readonly order: WalletOrder };

/** Bills, or single lines by the same kind of name, that a person has to decide on or has dropped: neither is charged. */
export type SetAside = {
  readonly undecided: ReadonlySet<string>;
  readonly dropped: ReadonlySet<string>;
};

type Money = JournalEvent<'SALE' | 'VOID' | 'REFUND' | 'DISCOUNT'>;

/**
 * `events` of one passenger and leg, in any order, each once. A correction whose sale ground does not hold takes
 * nothing back: of a lost terminal's lines some may be missing.
 */
export function countPassenger(
  orderNumber: string,
  events: readonly JournalEvent[],
  setAside: SetAside,
): PassengerCount {
  const money = events.filter(isWalletMoney);
  const isIn = (names: ReadonlySet<string>, event: Money): boolean =>
    names.has(event.b.bill) || names.has(billIdOf(event));
  const waiting = money.filter((event) => isIn(setAside.undecided, event));
  const counted = money.filter((event) => !isIn(setAside.undecided, event) && !isIn(setAside.dropped, event));
  const journals = byJournal(counted);
  const sales = journals.flatMap(orderSalesOf);
  const order = composeWalletOrder(orderNumber, sales);
  return {
    order,
    netMinor: order.totalMinor,
    hasSales: money.some(({ ty }) => ty === 'SALE'),
    fault: findFault(journals, order),
    undecided: new Set(waiting.map(({ b }) => b.bill)).size,
  };
}

/** A terminal's epochs each count from 1: references between lines hold within one of them only. */
function byJournal(events: readonly Money[]): readonly (readonly Money[])[] {
  const journals = new Map<string, Money[]>();
  for (const event of events) {
    const name = `${event.dev} ${event.ep.toString().padStart(8, '0')}`;
    const known = journals.get(name);
    if (known === undefined) journals.set(name, [event]);
    else known.push(event);
  }
  // The same lines make the same order, whichever came first.
  return [...journals]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, lines]) => lines.sort((a, b) => a.seq - b.seq));
}

function findFault(journals: readonly (readonly Money[])[], order: WalletOrder): string | null {
  for (const lines of journals) {
    const fault = findArithmeticFault(lines);
    if (fault !== null) return fault;
  }
  const currencies = new Set(journals.flat().map(({ b }) => b.ccy));
  if (currencies.size > 1) return `sales in ${[...currencies].join(' and ')}`;
  // An order of nothing is cancelled, not sent.
  if (order.totalMinor === 0) return null;
  const [broken] = findWalletRuleFaults(order);
  return broken === undefined ? null : `wallet rule: ${broken.why}`;
}

/** Terminals are checked when their batch comes; lines from phones are checked nowhere else. */
function findArithmeticFault(lines: readonly Money[]): string | null {
  const sales = new Map<number, KnownSale>();
  for (const event of lines) {
    const fault = event.ty === 'SALE' ? keepSale(sales, event.seq, event.b) : correctSale(sales, event);
    if (fault !== null) return `${billIdOf(event)}: ${fault}`;
  }
  return null;
}

function keepSale(sales: Map<number, KnownSale>, seq: number, body: EventBody<'SALE'>): string | null {
  sales.set(seq, { body, takenBackMinor: 0, quantityTakenBack: body.lines.map(() => 0) });
  return findSaleFault(body);
}

function correctSale(
  sales: Map<number, KnownSale>,
  { ty, b }: JournalEvent<'VOID' | 'REFUND' | 'DISCOUNT'>,
): string | null {
  const sale = sales.get(b.ref);
  return sale === undefined ? null : findCorrectionFault(ty, b, sale);
}
