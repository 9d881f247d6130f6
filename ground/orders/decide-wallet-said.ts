// What a wallet's word about an order's standing does to it, whether it came as an answer, to a query or as a notice.
// Notices arrive late, twice and out of order: what is behind what we know changes nothing.
import type { OrderState } from '../database/tables.ts';
import type { WalletOrderStatus } from '../wallets/wallet.ts';
import { RELEASED, type Order, type OrderEffect, type OrderEvent, type Transition } from './order.ts';

type Said = Extract<OrderEvent, { kind: 'wallet-said' }>;

const MUST_ACT = 'the wallet cannot take the money; the passenger can pay in the wallet';

export function decideWalletSaid(order: Order, { status, via }: Said): Transition | null {
  switch (status.state) {
    case 'open':
      return forgetTries(order);
    case 'unconfirmed':
      return contradict(order, 'the wallet never confirmed the order');
    case 'collecting':
      return decideCollecting(order, status);
    case 'paid':
      return decidePaid(order, status, via);
    case 'released':
      return decideReleased(order);
    case 'expired':
      return contradict(order, 'the order expired at the wallet: a new one needs the passenger');
  }
}

function decideCollecting(order: Order, status: WalletOrderStatus): Transition | null {
  const { state } = order;
  if (order.sentBody === null) return contradict(order, 'the wallet collects an order that was never sent');
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
      cause: MUST_ACT,
      change: { ...change, code: status.mustActCode },
      effects: [
        { kind: 'follow-up', followUp: 'passenger-must-act', why: `${MUST_ACT} (${status.mustActCode})` },
        { kind: 'deny' },
      ],
    };
  }
  const to = stateCollecting(state, isLowered);
  if (to === state && !isLowered) return forgetTries(order);
  const cause = isLowered ? 'the wallet lowered it' : 'the wallet collects';
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
  if (order.sentBody === null) return contradict(order, 'the wallet calls an order paid that was never sent');
  if (order.paidMinor !== null) return null;
  const askedMinor = status.totalMinor ?? order.totalMinor ?? 0;
  const paidMinor = status.paidMinor ?? askedMinor;
  const totalMinor = Math.min(askedMinor, order.totalMinor ?? askedMinor);
  const effects: OrderEffect[] = [
    { kind: 'resolve', followUps: ['passenger-must-act', 'wallet-refused'], resolution: 'paid' },
    { kind: 'clear-denial' },
  ];
  if (paidMinor !== totalMinor) {
    const why = `the wallet took ${paidMinor.toString()} for an order of ${totalMinor.toString()}`;
    effects.push({ kind: 'follow-up', followUp: 'wallet-refused', why });
  }
  if (order.netMinor < totalMinor && order.state !== 'WRITTEN_OFF') {
    const back = (totalMinor - order.netMinor).toString();
    const why = `paid ${paidMinor.toString()}, of which late lines take back ${back}: refund it`;
    effects.push({ kind: 'follow-up', followUp: 'late-events', why });
  }
  return {
    to: order.state === 'LATE_EXCESS' ? 'LATE_EXCESS' : 'PAID',
    cause: via === 'notice' ? 'the wallet reports it paid' : 'the wallet calls it paid',
    change: { paidMinor, totalMinor, transactionId: status.transactionId, code: null, tries: 0 },
    effects,
  };
}

function decideReleased(order: Order): Transition | null {
  switch (order.state) {
    case 'READY':
      return order.netMinor === 0
        ? { to: 'CANCELLED', cause: 'nothing was bought', change: { tries: 0, code: null }, effects: [] }
        : excessAfterRelease(order);
    case 'WRITTEN_OFF':
      if (order.code === RELEASED) return null;
      return { to: order.state, cause: 'released at the wallet', change: { code: RELEASED }, effects: [] };
    case 'CANCELLED':
    case 'PAID':
      return null;
    case 'LATE_EXCESS':
      return order.totalMinor === null ? null : contradict(order, 'the order was released at the wallet');
    case 'ENROLLED':
    case 'OPEN':
    case 'AGGREGATING':
    case 'COMPLETE_SENT':
    case 'USER_PAYING':
    case 'LOWERED':
    case 'UNPAID_RETRY':
    case 'MANUAL':
      return contradict(order, 'the order was released at the wallet, not by us');
  }
}

function excessAfterRelease(order: Order): Transition {
  const why = `${order.netMinor.toString()} came in after the order had been released at the wallet`;
  const effects: OrderEffect[] = [{ kind: 'follow-up', followUp: 'late-events', why }];
  return { to: 'LATE_EXCESS', cause: 'released before its lines came', change: { tries: 0 }, effects };
}

/** The wallet's word does not fit what we did: nothing is undone by itself, a person looks. */
function contradict(order: Order, why: string): Transition | null {
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
  return { to: order.state, cause: 'the wallet answers again', change: { tries: 0 }, effects: [] };
}
