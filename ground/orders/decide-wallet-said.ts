// What a wallet's word about an order's standing does to it, whether it came as an answer, to a query or as a notice.
// Notices arrive late, twice and out of order: what is behind what we know changes nothing.
import type { OrderState } from '../database/tables.ts';
import type { WalletOrderStatus } from '../wallets/wallet.ts';
import { reason, type Reason } from '../web/reasons.ts';
import { RELEASED, type Order, type OrderEffect, type OrderEvent, type Transition } from './order.ts';

type Said = Extract<OrderEvent, { kind: 'wallet-said' }>;

export function decideWalletSaid(order: Order, { status, via }: Said): Transition | null {
  switch (status.state) {
    case 'open':
      return forgetTries(order);
    case 'unconfirmed':
      return contradict(order, reason('never-confirmed'));
    case 'collecting':
      return decideCollecting(order, status);
    case 'paid':
      return decidePaid(order, status, via);
    case 'released':
      return decideReleased(order);
    case 'expired':
      return contradict(order, reason('expired'));
  }
}

function decideCollecting(order: Order, status: WalletOrderStatus): Transition | null {
  const { state } = order;
  if (order.sentBody === null) return contradict(order, reason('collects-unsent'));
  if (state === 'PAID' || state === 'CANCELLED') return null;
  const isLowered =
    status.totalMinor !== null && order.totalMinor !== null && status.totalMinor < order.totalMinor;
  const change = {
    tries: 0,
    ...(isLowered ? { totalMinor: status.totalMinor } : {}),
  };
  if (status.mustActCode !== null && canOwe(state)) {
    if (state === 'UNPAID_RETRY' && !isLowered) return order.tries === 0 ? null : forgetTries(order);
    return {
      to: 'UNPAID_RETRY',
      cause: reason('must-act'),
      change: { ...change, code: status.mustActCode },
      effects: [
        {
          kind: 'follow-up',
          followUp: 'passenger-must-act',
          why: reason('must-act-code', { code: status.mustActCode }),
        },
        { kind: 'deny' },
      ],
    };
  }
  const to = stateCollecting(state, isLowered);
  if (to === state && !isLowered) return forgetTries(order);
  const cause = reason(isLowered ? 'wallet-lowered' : 'wallet-collects');
  return { to, cause, change: { ...change, code: null }, effects: [] };
}

function canOwe(state: OrderState): boolean {
  return state !== 'LATE_EXCESS' && state !== 'WRITTEN_OFF';
}

function stateCollecting(state: OrderState, isLowered: boolean): OrderState {
  if (state === 'LATE_EXCESS' || state === 'WRITTEN_OFF' || state === 'UNPAID_RETRY') return state;
  if (isLowered || state === 'LOWERED') return 'LOWERED';
  return 'USER_PAYING';
}

function decidePaid(order: Order, status: WalletOrderStatus, via: Said['via']): Transition | null {
  if (order.sentBody === null) return contradict(order, reason('paid-unsent'));
  if (order.paidMinor !== null) return null;
  const askedMinor = status.totalMinor ?? order.totalMinor ?? 0;
  const paidMinor = status.paidMinor ?? askedMinor;
  const totalMinor = Math.min(askedMinor, order.totalMinor ?? askedMinor);
  const effects: OrderEffect[] = [
    { kind: 'resolve', followUps: ['passenger-must-act', 'wallet-refused'], resolution: reason('paid') },
    { kind: 'clear-denial' },
  ];
  if (paidMinor !== totalMinor) {
    const why = reason('other-paid', { paidMinor, totalMinor });
    effects.push({ kind: 'follow-up', followUp: 'wallet-refused', why });
  }
  if (order.netMinor < totalMinor && order.state !== 'WRITTEN_OFF') {
    const why = reason('refund-late', { paidMinor, lessMinor: totalMinor - order.netMinor });
    effects.push({ kind: 'follow-up', followUp: 'late-events', why });
  }
  return {
    to: order.state === 'LATE_EXCESS' ? 'LATE_EXCESS' : 'PAID',
    cause: reason(via === 'notice' ? 'wallet-reports-paid' : 'wallet-paid'),
    change: { paidMinor, totalMinor, transactionId: status.transactionId, code: null, tries: 0 },
    effects,
  };
}

function decideReleased(order: Order): Transition | null {
  switch (order.state) {
    case 'READY':
      return order.netMinor === 0
        ? { to: 'CANCELLED', cause: reason('nothing-bought'), change: { tries: 0, code: null }, effects: [] }
        : excessAfterRelease(order);
    case 'WRITTEN_OFF':
      if (order.code === RELEASED) return null;
      return {
        to: order.state,
        cause: reason('released-at-wallet'),
        change: { code: RELEASED },
        effects: [],
      };
    case 'CANCELLED':
    case 'PAID':
      return null;
    case 'LATE_EXCESS':
      return order.totalMinor === null ? null : contradict(order, reason('was-released'));
    case 'ENROLLED':
    case 'OPEN':
    case 'AGGREGATING':
    case 'COMPLETE_SENT':
    case 'USER_PAYING':
    case 'LOWERED':
    case 'UNPAID_RETRY':
    case 'MANUAL':
      return contradict(order, reason('not-released-by-us'));
  }
}

function excessAfterRelease(order: Order): Transition {
  const why = reason('after-release', { netMinor: order.netMinor });
  const effects: OrderEffect[] = [{ kind: 'follow-up', followUp: 'late-events', why }];
  return { to: 'LATE_EXCESS', cause: reason('released-before-lines'), change: { tries: 0 }, effects };
}

/** The wallet's word does not fit what we did: nothing is undone by itself, a person looks. */
function contradict(order: Order, why: Reason): Transition | null {
  const effects: OrderEffect[] = [{ kind: 'follow-up', followUp: 'wallet-refused', why }];
  if (order.state === 'MANUAL' && order.code === 'wallet-state') return null;
  const isSettled =
    order.state === 'PAID' ||
    order.state === 'WRITTEN_OFF' ||
    order.state === 'LATE_EXCESS' ||
    order.state === 'CANCELLED';
  if (isSettled) return { to: order.state, cause: why, change: {}, effects };
  return { to: 'MANUAL', cause: why, change: { code: 'wallet-state', tries: 0 }, effects };
}

/** The wallet answered: whatever went wrong before is over. */
function forgetTries(order: Order): Transition | null {
  if (order.tries === 0) return null;
  return { to: order.state, cause: reason('wallet-answers'), change: { tries: 0 }, effects: [] };
}
