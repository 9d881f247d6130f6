// The calls one step consists of, each recorded before the next.
import type { Result } from '../../domain/result.ts';
import type { Ground } from '../ground.ts';
import type { WalletAdapter, WalletOrderStatus, WalletProblem } from '../wallets/wallet.ts';
import { advanceOrder, type Advanced } from './advance-order.ts';
import { freezeOrder, lowerRequest, reduceOrder } from './freeze-order.ts';
import type { WalletStep } from './order-machine.ts';
import { renewLease, type OrderLease, type OrderRow } from './order-rows.ts';
import { BETWEEN_CALLS_MS } from './order-timing.ts';
import type { OrderEvent } from './order.ts';

/** An order in a worker's hand; the last three move on with every call. */
export type Hand = {
  readonly ground: Ground;
  readonly adapter: WalletAdapter;
  readonly orderNumber: string;
  lease: OrderLease;
  hasCalled: boolean;
  /** How long the last answer wants us to wait; null: as its state says. */
  waitMs: number | null;
};

/** `again`: nothing came of it, it may be tried once more. `stop`: the order is in other hands or states. */
export type Outcome = 'done' | 'again' | 'stop';

const RECOUNT_MS = 5000;

type Refused = Extract<OrderEvent, { kind: 'wallet-refused' }>['step'];

export async function walk(hand: Hand, step: WalletStep, isRepeat: boolean): Promise<Outcome> {
  switch (step) {
    case 'complete':
      return await completeFirst(hand);
    case 'resume-complete':
      return await afterQuery(hand, (open) => send(hand, open));
    case 'cancel':
      return isRepeat ? await afterQuery(hand, () => cancel(hand)) : await cancel(hand);
    case 'give-up':
      return await afterQuery(hand, () => cancel(hand));
    case 'lower':
      return await afterQuery(hand, (open) => lower(hand, open), 'collecting');
    case 'watch':
      return await afterQuery(hand, () => Promise.resolve('done'), 'collecting');
  }
}

async function completeFirst(hand: Hand): Promise<Outcome> {
  const frozen = await freezeOrder(hand.ground, hand.adapter, hand.orderNumber);
  if (!frozen.ok) return 'stop';
  const { order } = frozen.value;
  return order.state === 'COMPLETE_SENT' ? await send(hand, order) : 'stop';
}

/** Asks where the order stands, and goes on only where it stands so at the wallet. */
async function afterQuery(
  hand: Hand,
  then: (order: OrderRow) => Promise<Outcome>,
  wanted: WalletOrderStatus['state'] = 'open',
): Promise<Outcome> {
  const answer = await call(hand, () => hand.adapter.confirmStatus(hand.orderNumber));
  if (answer === null) return 'stop';
  const advanced = await record(hand, answer, 'query');
  if (advanced === null) return 'stop';
  if (!answer.ok) return mayTryAgain(answer.error) ? 'again' : 'done';
  return answer.value.state === wanted ? await then(advanced.order) : 'done';
}

async function send(hand: Hand, { sentBody, orderNumber }: OrderRow): Promise<Outcome> {
  if (sentBody === null) return 'stop';
  const answer = await call(hand, () => hand.adapter.settleOnce(orderNumber, sentBody));
  if (answer === null) return 'stop';
  if (!answer.ok && answer.error.kind === 'over-cap') {
    const reduced = await reduceOrder(hand.ground, hand.adapter, orderNumber);
    if (reduced.ok) return 'again';
  }
  return await conclude(hand, answer, 'complete');
}

async function cancel(hand: Hand): Promise<Outcome> {
  const answer = await call(hand, () => hand.adapter.cancel(hand.orderNumber, '未消费'));
  return answer === null ? 'stop' : await conclude(hand, answer, 'cancel');
}

async function lower(hand: Hand, order: OrderRow): Promise<Outcome> {
  const { totalMinor, netMinor, paidMinor } = order;
  if (totalMinor === null || paidMinor !== null || netMinor >= totalMinor) return 'done';
  const request = await lowerRequest(hand.ground, order);
  if (request.totalMinor >= totalMinor) {
    // Lines have come meanwhile; they are about to be counted.
    hand.waitMs = RECOUNT_MS;
    return 'done';
  }
  const answer = await call(hand, () => hand.adapter.lower(request));
  return answer === null ? 'stop' : await conclude(hand, answer, 'lower');
}

async function conclude(
  hand: Hand,
  answer: Result<WalletOrderStatus, WalletProblem>,
  step: Refused,
): Promise<Outcome> {
  if ((await record(hand, answer, step)) === null) return 'stop';
  return !answer.ok && mayTryAgain(answer.error) ? 'again' : 'done';
}

async function record(
  hand: Hand,
  answer: Result<WalletOrderStatus, WalletProblem>,
  step: Refused,
): Promise<Advanced | null> {
  const event: OrderEvent = answer.ok
    ? { kind: 'wallet-said', status: answer.value, via: step === 'query' ? 'query' : 'answer' }
    : { kind: 'wallet-refused', step, problem: answer.error };
  const advanced = await advanceOrder(hand.ground, hand.orderNumber, event, { isInHand: true });
  if (!advanced.ok) return null;
  hand.waitMs = advanced.value.waitMs;
  if (!answer.ok) {
    const { kind, code } = answer.error;
    hand.ground.log.warn('wallet-refused', { order: hand.orderNumber, step, kind, code });
  }
  return advanced.value;
}

/** A second after the last call, and only while the order is still in this hand; null: it no longer is. */
async function call<T>(hand: Hand, ask: () => Promise<T>): Promise<T | null> {
  if (hand.hasCalled) {
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_CALLS_MS));
    const renewed = await renewLease(hand.ground, hand.orderNumber, hand.lease);
    if (renewed === null) return null;
    hand.lease = renewed;
  }
  hand.hasCalled = true;
  return await ask();
}

function mayTryAgain({ kind }: WalletProblem): boolean {
  return kind === 'no-answer' || kind === 'too-fast' || kind === 'bad-signature' || kind === 'wrong-state';
}
