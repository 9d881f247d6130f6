import type { Bill } from '../bill/bill.ts';
import { orderNumber } from '../bill/order-number.ts';
import type { PassengerCard } from '../bill/passenger-card.ts';
import type { AmountBinding, Credential } from '../cabin-code/cabin-code.ts';
import { currencyOfNumeric } from '../currency.ts';
import type { Crypto } from '../crypto/crypto.ts';
import { decodeHex } from '../encoding/hex.ts';
import type { FlightPack } from '../flight-pack/flight-pack.ts';
import { CLOCK } from '../limits.ts';
import { allowanceOf, type Allowance, type RiskContext, type Spent } from '../risk/allowance.ts';
import type { Presence, TillState } from './till-state.ts';

/** What every decision is made in: the verified pack, who is at the till, and what time it is. */
export type TillContext = {
  readonly dev: string;
  readonly epoch: number;
  readonly crew: string;
  readonly pack: FlightPack;
  /** Passengers ground has denied since the pack was made (cti), by its result files. */
  readonly deniedSince: ReadonlySet<string>;
  readonly nowMs: number;
  readonly crypto: Crypto;
};

/** The amount the till is asking a passenger to confirm, and of whom. */
export type OpenChallenge = { readonly cti: string; readonly binding: AmountBinding };

function isInList(list: FlightPack['allow'], cti: string): boolean {
  const id = decodeHex(cti);
  return id !== null && list.has(id);
}

export function isDenied(context: TillContext, cti: string): boolean {
  return context.deniedSince.has(cti) || isInList(context.pack.deny, cti);
}

/** Before the floor or after the ceiling of trust.md 3.4 the clock cannot be believed. */
export function isClockBad({ pack, nowMs }: TillContext, state: TillState): boolean {
  const floorMs = Math.max(pack.trust.issuedAt * 1000, pack.manifest.issuedAt * 1000, state.lastEventMs);
  const ceilingMs = (pack.manifest.sta + CLOCK.ceilingAfterArrivalSeconds) * 1000;
  return nowMs < floorMs - CLOCK.floorSlackSeconds * 1000 || nowMs > ceilingMs;
}

export function riskContext(context: TillContext, state: TillState, cti: string): RiskContext {
  return {
    dev: context.dev,
    roster: context.pack.manifest.devices,
    limits: context.pack.limits,
    isListed: isInList(context.pack.allow, cti),
    packAgeMs: Math.max(0, context.nowMs - context.pack.manifest.issuedAt * 1000),
    isClockBad: isClockBad(context, state),
  };
}

/** What counts against the limits of one passenger and of this terminal on the present flight. */
export function spentOf(state: TillState, context: TillContext, cti: string): Spent {
  let terminalMinor = 0;
  let unlistedMinor = 0;
  for (const id of state.billOfPassenger.values()) {
    const bill = state.bills.get(id);
    if (bill === undefined) continue;
    terminalMinor += bill.spentMinor;
    if (!isInList(context.pack.allow, bill.cti)) unlistedMinor += bill.spentMinor;
  }
  const bill = billOfPassenger(state, cti);
  const sales =
    bill?.sales.filter((sale) => sale.voidedMinor < sale.totalMinor || sale.totalMinor === 0).length ?? 0;
  return { creditMinor: bill?.spentMinor ?? 0, sales, terminalMinor, unlistedMinor };
}

export function billOfPassenger(state: TillState, cti: string): Bill | null {
  return state.bills.get(state.billOfPassenger.get(cti) ?? '') ?? null;
}

export function presenceAllowance(presence: Presence, state: TillState, context: TillContext): Allowance {
  const { cti } = presence.credential;
  const spent = spentOf(state, context, cti);
  return allowanceOf(presence.credential, presence.mode, spent, riskContext(context, state, cti));
}

/** Seat and name from the passenger list where listed: a seat changed after sign-up is newer there. */
export function passengerDetails(
  context: TillContext,
  credential: Credential,
): { readonly seat: string; readonly name: string; readonly sequence: number } {
  const listed = context.pack.passengers.find((passenger) => passenger.cti === credential.cti);
  return {
    seat: listed?.seat ?? credential.seat,
    name: listed?.name ?? credential.maskedName ?? '',
    sequence: listed?.seq ?? credential.sequence,
  };
}

export function composeCard(
  bill: Bill,
  presence: Presence,
  state: TillState,
  context: TillContext,
): PassengerCard {
  const allowance = presenceAllowance(presence, state, context);
  const { sequence } = passengerDetails(context, presence.credential);
  return {
    bill: bill.bill,
    cti: bill.cti,
    seat: bill.seat,
    name: bill.name,
    wallet: bill.wallet,
    tier: presence.credential.tier,
    mode: presence.mode,
    currency: bill.currency,
    allowanceLeftMinor: allowance.leftMinor,
    perSaleMinor: allowance.perSaleMinor,
    salesLeft: allowance.salesLeft,
    spentMinor: bill.spentMinor,
    seatCheck: presence.mode !== 'static' ? 'not-needed' : presence.isSeatChecked ? 'done' : 'needed',
    sequence,
  };
}

export function composeBillOpening(
  context: TillContext,
  credential: Credential,
  auth: number,
): {
  cti: string;
  wallet: number;
  seat: string;
  name: string;
  tier: number;
  auth: number;
  order: string;
  ccy: string;
} {
  const { seat, name } = passengerDetails(context, credential);
  return {
    cti: credential.cti,
    wallet: credential.wallet,
    seat,
    name: name.slice(0, 20),
    tier: credential.tier,
    auth,
    order: orderNumber(context.pack.leg, credential.cti),
    ccy: currencyOfNumeric(credential.limits.currencyNumeric) ?? context.pack.catalogue.currency,
  };
}
