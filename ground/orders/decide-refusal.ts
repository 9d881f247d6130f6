// What a wallet's refusal, or its silence, does to an order (wallets.md: query before repeating, back off).
import { reason, type Reason } from '../web/reasons.ts';
import { DEDUCTION_WAIT_MS, MOST_TRIES, retryAfterMs } from './order-timing.ts';
import type { Order, OrderEffect, OrderEvent, Transition } from './order.ts';

type Refused = Extract<OrderEvent, { kind: 'wallet-refused' }>;

export function decideRefusal(order: Order, { step, problem }: Refused): Transition | null {
  switch (problem.kind) {
    case 'no-answer':
    case 'too-fast':
    case 'bad-signature':
      return tryAgain(order, reason(problem.kind, { step }), retryAfterMs(order.tries));
    case 'deduction-running':
      return tryAgain(order, reason('deducting-now', { step }), DEDUCTION_WAIT_MS);
    case 'wrong-state':
      // The query that comes before every repeat tells where the order stands; where it says nothing new, a person.
      return order.tries < MOST_TRIES
        ? tryAgain(order, reason('not-in-this-state', { step }), retryAfterMs(order.tries))
        : refuse(order, step, problem.code);
    case 'unknown-order':
      return order.state === 'READY' && order.netMinor === 0
        ? { to: 'CANCELLED', cause: reason('order-unknown-there'), change: { tries: 0 }, effects: [] }
        : refuse(order, step, problem.code);
    case 'over-cap':
    case 'not-accepted':
    case 'overdue-orders':
    case 'too-many-open-orders':
    case 'youth-mode':
    case 'not-permitted':
    case 'repeated-with-other-data':
    case 'rejected':
      return refuse(order, step, problem.code);
  }
}

function tryAgain(order: Order, cause: Reason, afterMs: number): Transition {
  const effects: OrderEffect[] = [{ kind: 'wait', afterMs }];
  if (order.tries === MOST_TRIES) {
    effects.push({
      kind: 'follow-up',
      followUp: 'wallet-refused',
      why: reason('tried-often', { cause: cause.text, n: MOST_TRIES }),
    });
  }
  return { to: order.state, cause, change: { tries: order.tries + 1 }, effects };
}

function refuse(order: Order, step: Refused['step'], code: string): Transition | null {
  const why = reason('refused', { step, code });
  const effects: OrderEffect[] = [{ kind: 'follow-up', followUp: 'wallet-refused', why }];
  switch (order.state) {
    case 'READY':
    case 'COMPLETE_SENT':
      return { to: 'MANUAL', cause: why, change: { code: code.slice(0, 40), tries: 0 }, effects };
    case 'USER_PAYING':
    case 'LOWERED':
    case 'UNPAID_RETRY':
    case 'LATE_EXCESS':
    case 'WRITTEN_OFF':
      // It is being collected whatever we hear about our question: look again, less and less often.
      return {
        to: order.state,
        cause: why,
        change: { tries: order.tries + 1 },
        effects: [...effects, { kind: 'wait', afterMs: retryAfterMs(order.tries + MOST_TRIES) }],
      };
    case 'ENROLLED':
    case 'OPEN':
    case 'AGGREGATING':
    case 'PAID':
    case 'CANCELLED':
    case 'MANUAL':
      return null;
  }
}
