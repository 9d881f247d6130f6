// Every rule a wallet's API checks on an order, checked before the sale is recorded and again before sealing and
// sending (product.md; wallets.md), so that the crew can still put it right.
import type { Bill } from '../bill/bill.ts';
import type { EventBody } from '../journal/event.ts';
import type { WalletRule } from '../problem.ts';
import { composeWalletOrder, orderSalesOfBill, PAYMENT_NAME, type WalletOrder } from './wallet-order.ts';

export type WalletRuleFault = {
  readonly rule: WalletRule;
  /** What is wrong, in words for a person. */
  readonly why: string;
};

const MOST_PAYMENTS = 100;
const MOST_DISCOUNTS = 30;
const MOST_COUNT = 100;
const MOST_NAME_CHARS = 20;
const MOST_DESCRIPTION_CHARS = 30;
const MOST_ATTACH_CHARS = 256;
const ORDER_NUMBER = /^[0-9A-Za-z_\-|*]{1,32}$/;

/** All rules the order breaks; empty when the wallet will take it. */
export function findWalletRuleFaults(order: WalletOrder): readonly WalletRuleFault[] {
  const { orderNumber, payments, discounts } = order;
  const faults: WalletRuleFault[] = [];
  const add = (rule: WalletRule, why: string): void => void faults.push({ rule, why });
  if (!ORDER_NUMBER.test(orderNumber)) add('order-number', `order number '${orderNumber}'`);
  if (payments.length > MOST_PAYMENTS) add('too-many-payments', `${payments.length.toString()} payments`);
  if (discounts.length > MOST_DISCOUNTS)
    add('too-many-discounts', `${discounts.length.toString()} discounts`);
  return [
    ...faults,
    ...findPaymentFaults(payments),
    ...findDiscountFaults(discounts),
    ...findTotalFaults(order),
    ...findCallFaults(order),
  ];
}

/** The first wallet rule the bill's order would break with one more sale, or null. */
export function findSaleRuleFault(bill: Bill, sale: EventBody<'SALE'>): WalletRule | null {
  if (sale.tender !== 'wallet') return null;
  const added = { lines: sale.lines, disc: sale.disc, totalMinor: sale.tot, takenBack: [] };
  const order = composeWalletOrder(bill.order, [...orderSalesOfBill(bill), added]);
  return findWalletRuleFaults(order)[0]?.rule ?? null;
}

function findPaymentFaults(payments: WalletOrder['payments']): WalletRuleFault[] {
  const faults: WalletRuleFault[] = [];
  const names = payments.map((payment) => payment.name).filter((name) => name !== PAYMENT_NAME);
  if (new Set(names).size !== names.length)
    faults.push({ rule: 'payment-name', why: 'a payment name stands twice' });
  for (const { name, description, count, amountMinor } of payments) {
    const label = `payment '${description}'`;
    if (!isWithin(name, MOST_NAME_CHARS)) faults.push({ rule: 'payment-name', why: `${label}: its name` });
    if (!isWithin(description, MOST_DESCRIPTION_CHARS)) {
      faults.push({ rule: 'payment-description', why: `${label}: more than 30 characters or empty` });
    }
    if (!Number.isSafeInteger(count) || count < 1 || count > MOST_COUNT) {
      faults.push({ rule: 'payment-count', why: `${label}: count ${count.toString()}` });
    }
    if (!isAmount(amountMinor)) {
      faults.push({ rule: 'payment-amount', why: `${label}: amount ${amountMinor.toString()}` });
    }
  }
  return faults;
}

function findDiscountFaults(discounts: WalletOrder['discounts']): WalletRuleFault[] {
  const faults: WalletRuleFault[] = [];
  const names = discounts.map((discount) => discount.name);
  if (new Set(names).size !== names.length)
    faults.push({ rule: 'discount-name', why: 'a discount name stands twice' });
  for (const { name, description } of discounts) {
    const label = `discount '${name}'`;
    if (!isWithin(name, MOST_NAME_CHARS)) {
      faults.push({ rule: 'discount-name', why: `${label}: more than 20 characters or empty` });
    }
    if (!isWithin(description, MOST_DESCRIPTION_CHARS)) {
      faults.push({
        rule: 'discount-description',
        why: `${label}: description of more than 30 characters or none`,
      });
    }
  }
  return faults;
}

function findTotalFaults({ payments, discounts, totalMinor }: WalletOrder): WalletRuleFault[] {
  const paymentsMinor = payments.reduce((sum, payment) => sum + payment.amountMinor, 0);
  const discountsMinor = discounts.reduce((sum, discount) => sum + discount.amountMinor, 0);
  const isExact =
    isAmount(totalMinor) &&
    totalMinor === paymentsMinor - discountsMinor &&
    discounts.every(
      ({ amountMinor, count }) => isAmount(amountMinor) && Number.isSafeInteger(count) && count >= 1,
    );
  if (isExact) return [];
  const sums = `payments ${paymentsMinor.toString()} less discounts ${discountsMinor.toString()}`;
  return [{ rule: 'total', why: `${sums} is not the total ${totalMinor.toString()}` }];
}

function findCallFaults({ attach, time }: WalletOrder): WalletRuleFault[] {
  const faults: WalletRuleFault[] = [];
  if (attach !== undefined && urlEncodedLength(attach) > MOST_ATTACH_CHARS) {
    faults.push({ rule: 'attach', why: 'attach is longer than 256 characters once encoded' });
  }
  if (time !== undefined && !(time.startMs < time.endMs && time.endMs <= time.callMs)) {
    faults.push({ rule: 'time-range', why: 'end is not after start, or lies after the call' });
  }
  return faults;
}

function isAmount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

/** Wallets count characters, not UTF-16 units. */
function isWithin(text: string, mostChars: number): boolean {
  return text !== '' && [...text].length <= mostChars;
}

function urlEncodedLength(text: string): number {
  try {
    return encodeURIComponent(text).length;
  } catch {
    // A lone surrogate cannot be encoded at all.
    return Number.POSITIVE_INFINITY;
  }
}
