// Amount-confirmed mode (cabin-code.md 2.5): the till asks the phone to agree to the amount of a basket. The challenge is
// never recorded: the answer is, as the evidence of the sale that rests on it.
import { priceBasket } from '../basket/price-basket.ts';
import { numericOfCurrency } from '../currency.ts';
import type { Problem } from '../problem.ts';
import { fail, ok, type Result } from '../result.ts';
import { findAbsence, findExcess, type SaleIntent } from './decide-sale.ts';
import type { OpenChallenge, TillContext } from './till-context.ts';
import type { TillState } from './till-state.ts';

/**
 * The challenge for a basket, priced as its sale will be and held against the limits of a confirmed code.
 * @param challenge 4 to 8 random bytes, new for each challenge
 */
export function decideChallenge(
  state: TillState,
  intent: SaleIntent,
  challenge: Uint8Array,
  context: TillContext,
): Result<OpenChallenge, Problem> {
  if (state.saleOfBasket.has(intent.basket)) return fail({ kind: 'basket-changed' });
  const bill = state.bills.get(intent.bill);
  if (bill?.leg !== context.pack.manifest.leg) return fail({ kind: 'bill-unknown' });
  if (!bill.isOpen || state.flightClosedAt.has(bill.leg)) return fail({ kind: 'flight-closed' });
  const presence = state.presenceOf.get(bill.cti);
  if (presence === undefined) return fail({ kind: 'scan-again' });
  const asConfirmed = { ...presence, mode: 'confirmed' as const, isUsedUp: false };
  const absence = findAbsence(asConfirmed, context.nowMs);
  if (absence !== null) return fail(absence);
  const priced = priceBasket(intent.items, presence.credential.tier, context.pack);
  if (!priced.ok) return priced;
  const excess = findExcess(priced.value, asConfirmed, state, context);
  if (excess !== null) return fail(excess);
  const currencyNumeric = numericOfCurrency(priced.value.currency);
  if (currencyNumeric === null) return fail({ kind: 'bad-request' });
  return ok({
    cti: bill.cti,
    binding: { amountMinor: priced.value.totalMinor, currencyNumeric, challenge },
  });
}
