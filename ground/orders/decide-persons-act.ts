// What a person may decide about an order that does not get on by itself.
import { fail, ok, type Result } from '../../domain/result.ts';
import { reason } from '../web/reasons.ts';
import { stateWithoutExcess } from './decide-counted.ts';
import type { Order, OrderEffect, OrderEvent, OrderProblem, Transition } from './order.ts';

type PersonsAct = Extract<OrderEvent, { kind: 'written-off' | 'sent-on' | 'no-show' }>;

export function decidePersonsAct(order: Order, act: PersonsAct): Result<Transition, OrderProblem> {
  switch (act.kind) {
    case 'written-off':
      return writeOff(order, act.why);
    case 'sent-on':
      return sendOn(order, act.why);
    case 'no-show':
      if (order.state !== 'ENROLLED' || order.netMinor !== 0) return notPossible(order);
      return ok({ to: 'READY', cause: reason('no-show', { why: act.why }), change: {}, effects: [] });
  }
}

function writeOff(order: Order, why: string): Result<Transition, OrderProblem> {
  const cause = reason('written-off', { why });
  const resolve: OrderEffect = {
    kind: 'resolve',
    followUps: ['late-events', 'passenger-must-act', 'wallet-refused', 'set-aside'],
    resolution: cause,
  };
  switch (order.state) {
    case 'UNPAID_RETRY':
    case 'USER_PAYING':
    case 'LOWERED':
    case 'MANUAL':
      return ok({ to: 'WRITTEN_OFF', cause, change: { tries: 0 }, effects: [resolve] });
    case 'LATE_EXCESS': {
      // Only what came late is given up; the order itself is paid or goes on.
      const to = stateWithoutExcess(order);
      return ok({ to, cause, change: {}, effects: [resolve] });
    }
    case 'ENROLLED':
    case 'OPEN':
    case 'AGGREGATING':
    case 'READY':
    case 'COMPLETE_SENT':
    case 'PAID':
    case 'WRITTEN_OFF':
    case 'CANCELLED':
      return notPossible(order);
  }
}

/** What was sent before is sent again byte for byte, after a query; what was not is made now. */
function sendOn(order: Order, why: string): Result<Transition, OrderProblem> {
  if (order.state !== 'MANUAL') return notPossible(order);
  const to = order.sentBody === null ? 'READY' : 'COMPLETE_SENT';
  const cause = reason('sent-on', { why });
  const resolve: OrderEffect = { kind: 'resolve', followUps: ['wallet-refused'], resolution: cause };
  return ok({
    to,
    cause,
    change: { code: null, tries: 0 },
    effects: [resolve],
  });
}

function notPossible({ state }: Order): Result<never, OrderProblem> {
  return fail({ kind: 'not-possible', state });
}
