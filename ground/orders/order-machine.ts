// The life of an order (settlement.md 6.5): state and event in, transition or problem out. Nothing here knows a database
// or a wallet; what a transition asks for besides stands in its effects.
import { fail, ok, type Result } from '../../domain/result.ts';
import { reason } from '../web/reasons.ts';
import { decideCounted } from './decide-counted.ts';
import { decidePersonsAct } from './decide-persons-act.ts';
import { decideRefusal } from './decide-refusal.ts';
import { decideWalletSaid } from './decide-wallet-said.ts';
import { RELEASED, type Order, type OrderEvent, type OrderProblem, type Transition } from './order.ts';

/** What the event does to the order; null: nothing. */
export function decide(order: Order, event: OrderEvent): Result<Transition | null, OrderProblem> {
  switch (event.kind) {
    case 'counted':
      return ok(decideCounted(order, event));
    case 'frozen':
      return freeze(order, event);
    case 'reduced-to-cap':
      return reduceToCap(order, event);
    case 'wallet-said':
      return ok(decideWalletSaid(order, event));
    case 'wallet-refused':
      return ok(decideRefusal(order, event));
    case 'written-off':
    case 'sent-on':
    case 'no-show':
      return decidePersonsAct(order, event);
  }
}

/** The order after a transition. */
export function evolve(order: Order, { to, change }: Pick<Transition, 'to' | 'change'>): Order {
  return { ...order, ...change, state: to };
}

/** What the order needs from the wallet next; null: nothing by itself. */
export type WalletStep =
  | 'complete'
  /** It may have been sent: query, and send the same body where the wallet still has it open. */
  | 'resume-complete'
  | 'cancel'
  | 'lower'
  | 'watch'
  /** Written off: what is still open at the wallet is released. */
  | 'give-up';

export function nextStep(order: Order): WalletStep | null {
  const { state, netMinor, totalMinor, paidMinor, code } = order;
  switch (state) {
    case 'READY':
      return netMinor === 0 ? 'cancel' : 'complete';
    case 'COMPLETE_SENT':
      return 'resume-complete';
    case 'USER_PAYING':
    case 'LOWERED':
    case 'UNPAID_RETRY':
      return totalMinor !== null && netMinor < totalMinor ? 'lower' : 'watch';
    case 'LATE_EXCESS':
      return totalMinor !== null && paidMinor === null ? 'resume-complete' : null;
    case 'WRITTEN_OFF':
      return code === RELEASED || paidMinor !== null ? null : 'give-up';
    case 'ENROLLED':
    case 'OPEN':
    case 'AGGREGATING':
    case 'PAID':
    case 'CANCELLED':
    case 'MANUAL':
      return null;
  }
}

function freeze(
  order: Order,
  { body, totalMinor, netMinor, limitMinor }: Extract<OrderEvent, { kind: 'frozen' }>,
): Result<Transition, OrderProblem> {
  const isFirst = order.state === 'READY' && order.sentBody === null && order.totalMinor === null;
  if (!isFirst || totalMinor <= 0) return fail({ kind: 'not-possible', state: order.state });
  const overMinor = netMinor - limitMinor;
  const why = reason('over-limit', { netMinor, limitMinor });
  return ok({
    to: 'COMPLETE_SENT',
    cause: reason('all-in'),
    change: { sentBody: body, totalMinor, netMinor, code: null },
    effects: overMinor > 0 ? [{ kind: 'follow-up', followUp: 'over-limit', why }] : [],
  });
}

function reduceToCap(
  order: Order,
  { body, totalMinor }: Extract<OrderEvent, { kind: 'reduced-to-cap' }>,
): Result<Transition, OrderProblem> {
  const isSmaller = order.totalMinor !== null && totalMinor > 0 && totalMinor < order.totalMinor;
  if (order.state !== 'COMPLETE_SENT' || !isSmaller)
    return fail({ kind: 'not-possible', state: order.state });
  const lostMinor = order.netMinor - totalMinor;
  const why = reason('cap-loss', { totalMinor, lostMinor });
  return ok({
    to: 'COMPLETE_SENT',
    cause: reason('reduced-to-cap'),
    change: { sentBody: body, totalMinor },
    effects: [{ kind: 'follow-up', followUp: 'over-limit', why }],
  });
}
