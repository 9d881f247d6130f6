// What the journals' sums do to an order: before it is sent they make it, afterwards they can only lower it.
import type { OrderState } from '../database/tables.ts';
import { reason, type Reason } from '../web/reasons.ts';
import { OWN_REASONS, type Order, type OrderEffect, type OrderEvent, type Transition } from './order.ts';

type CountedEvent = Extract<OrderEvent, { kind: 'counted' }>;

export function decideCounted(order: Order, event: CountedEvent): Transition | null {
  switch (order.state) {
    case 'ENROLLED':
    case 'OPEN':
    case 'AGGREGATING':
    case 'READY':
      return decideUnsent(order, event);
    case 'MANUAL':
      // Only a reason of ours goes away by counting again; what a wallet refused takes a person.
      return order.sentBody === null && isOwnReason(order.code)
        ? decideUnsent(order, event)
        : noteNet(order, event);
    case 'CANCELLED':
      return event.netMinor > order.netMinor && event.fault === null ? becomeExcess(order, event, 0) : null;
    case 'COMPLETE_SENT':
    case 'USER_PAYING':
    case 'LOWERED':
    case 'UNPAID_RETRY':
    case 'PAID':
    case 'LATE_EXCESS':
      return decideSent(order, event);
    case 'WRITTEN_OFF':
      return noteNet(order, event);
  }
}

function decideUnsent(order: Order, event: CountedEvent): Transition | null {
  const { netMinor, fault, isReady, undecided } = event;
  if (fault !== null)
    return waitForPerson(order, event, 'order-rule', reason('rule-broken', { detail: fault }));
  if (isReady && netMinor === 0 && undecided > 0) {
    return waitForPerson(order, event, 'set-aside', reason('all-undecided'));
  }
  const to = isReady || order.state === 'READY' ? 'READY' : stateBeforeReady(order.state, event);
  if (to === order.state && netMinor === order.netMinor) return null;
  const wasWaiting = order.state === 'MANUAL';
  const effects: OrderEffect[] = wasWaiting
    ? [{ kind: 'resolve', followUps: ['set-aside', 'wallet-refused'], resolution: reason('counted-again') }]
    : [];
  return {
    to,
    cause: to === order.state ? reason('counted-again') : CAUSES[to],
    change: { netMinor, ...(wasWaiting ? { code: null } : {}) },
    effects,
  };
}

type BeforeReady = 'ENROLLED' | 'OPEN' | 'AGGREGATING';

const CAUSES: Readonly<Record<BeforeReady | 'READY', Reason>> = {
  ENROLLED: reason('sale-gone'),
  OPEN: reason('first-sale'),
  AGGREGATING: reason('others-missing'),
  READY: reason('all-in'),
};

function stateBeforeReady(state: OrderState, { hasSales, isClosing }: CountedEvent): BeforeReady {
  if (!hasSales) return state === 'OPEN' || state === 'AGGREGATING' ? state : 'ENROLLED';
  return isClosing || state === 'AGGREGATING' ? 'AGGREGATING' : 'OPEN';
}

function waitForPerson(
  order: Order,
  { netMinor }: CountedEvent,
  code: (typeof OWN_REASONS)[number],
  why: Reason,
): Transition | null {
  if (order.state === 'MANUAL' && order.code === code) return null;
  return {
    to: 'MANUAL',
    cause: why,
    change: { netMinor, code },
    effects: [{ kind: 'follow-up', followUp: code === 'set-aside' ? 'set-aside' : 'wallet-refused', why }],
  };
}

/** After the sending: more is a receivable for a person, less is lowered, or given back once it is paid. */
function decideSent(order: Order, event: CountedEvent): Transition | null {
  const { netMinor, fault } = event;
  const totalMinor = order.totalMinor ?? 0;
  if (fault !== null) return noteLate(order, reason('late-fault', { detail: fault }));
  if (netMinor === order.netMinor) return null;
  // What a person has yet to decide takes nothing back.
  if (netMinor < order.netMinor && event.undecided > 0) return null;
  if (netMinor > order.netMinor && netMinor > totalMinor) return becomeExcess(order, event, totalMinor);
  const isExcessGone = order.state === 'LATE_EXCESS' && netMinor <= totalMinor;
  const to = isExcessGone ? stateWithoutExcess(order) : order.state;
  const effects: OrderEffect[] = isExcessGone
    ? [{ kind: 'resolve', followUps: ['late-events'], resolution: reason('taken-back') }]
    : [];
  if (netMinor < totalMinor) effects.push(...giveBack(order, totalMinor - netMinor));
  const cause = reason(netMinor < totalMinor ? 'late-less' : 'counted-again');
  return { to, cause, change: { netMinor }, effects };
}

/** Where an order stands once nothing more is claimed than it was sent with; a query tells whether it had arrived. */
export function stateWithoutExcess(order: Order): OrderState {
  if (order.paidMinor !== null) return 'PAID';
  return order.totalMinor === null ? 'CANCELLED' : 'COMPLETE_SENT';
}

/** What is not paid yet is lowered by the next step. */
function giveBack(order: Order, lessMinor: number): OrderEffect[] {
  if (order.paidMinor === null) return [];
  const why = reason('refund-late', { paidMinor: order.paidMinor, lessMinor });
  return [{ kind: 'follow-up', followUp: 'late-events', why }];
}

function becomeExcess(order: Order, { netMinor }: CountedEvent, totalMinor: number): Transition {
  const moreMinor = netMinor - Math.max(order.netMinor, totalMinor);
  const why = reason('more-than-sent', { moreMinor, totalMinor });
  return {
    to: 'LATE_EXCESS',
    cause: reason('late-more'),
    change: { netMinor },
    effects: [{ kind: 'follow-up', followUp: 'late-events', why }],
  };
}

function noteNet(order: Order, { netMinor, fault }: CountedEvent): Transition | null {
  if (fault !== null || netMinor === order.netMinor) return null;
  const why = reason('other-net', { netMinor, beforeMinor: order.netMinor });
  const effects: OrderEffect[] = [{ kind: 'follow-up', followUp: 'late-events', why }];
  return { to: order.state, cause: reason('counted-again'), change: { netMinor }, effects };
}

function noteLate(order: Order, why: Reason): Transition {
  const effects: OrderEffect[] = [{ kind: 'follow-up', followUp: 'late-events', why }];
  return { to: order.state, cause: reason('counted-again'), change: {}, effects };
}

function isOwnReason(code: string | null): boolean {
  return OWN_REASONS.some((reason) => reason === code);
}
