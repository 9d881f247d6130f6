// The one place where an order changes: locked, decided, written with its cause, and what follows asked for, all in one
// transaction. Nobody talks to a wallet inside it.
import { fail, ok, type Result } from '../../domain/result.ts';
import { inTransaction } from '../database/in-transaction.ts';
import type { Ground } from '../ground.ts';
import { enqueue } from '../jobs/jobs.ts';
import { clearPerson, denyPerson } from './denials.ts';
import { addFollowUp, resolveOfOrder } from './follow-ups.ts';
import { decide, evolve, nextStep, type WalletStep } from './order-machine.ts';
import { changeOrder, lockOrder, type OrderRow } from './order-rows.ts';
import { settleFinishedLegs } from './settle-legs.ts';
import { watchAfterMs, WATCHED_MS } from './order-timing.ts';
import { isFinal, type OrderEffect, type OrderEvent, type OrderProblem, type Transition } from './order.ts';

export type AdvanceProblem = OrderProblem | { readonly kind: 'unknown-order' };

export type Advanced = {
  readonly order: OrderRow;
  readonly transition: Transition | null;
  readonly waitMs: number | null;
};

export type AdvanceOptions = {
  /** Who caused it; stands with what it resolves. */
  readonly who?: string;
  /** The worker that has the order in hand plans its next step itself. */
  readonly isInHand?: boolean;
};

/** `event` may be made from the locked order, inside the transaction. */
export async function advanceOrder(
  ground: Ground,
  orderNumber: string,
  event: OrderEvent | ((inside: Ground, order: OrderRow) => Promise<OrderEvent>),
  { who = 'worker', isInHand = false }: AdvanceOptions = {},
): Promise<Result<Advanced, AdvanceProblem>> {
  return await inTransaction(ground, async (inside) => {
    const order = await lockOrder(inside.db, orderNumber);
    if (order === null) return fail({ kind: 'unknown-order' });
    const decided = decide(order, typeof event === 'function' ? await event(inside, order) : event);
    if (!decided.ok) return decided;
    const transition = decided.value;
    if (transition === null) return ok({ order, transition, waitMs: null });
    const changed = await writeTransition(inside, order, transition);
    for (const effect of transition.effects) await carryOut(inside, changed, effect, who);
    const wait = transition.effects.find((effect) => effect.kind === 'wait');
    const waitMs = wait?.afterMs ?? null;
    if (!isInHand) await planStep(inside, changed, waitMs);
    await askForResults(inside, changed);
    return ok({ order: changed, transition, waitMs });
  });
}

async function writeTransition(
  { db, nowMs }: Ground,
  order: OrderRow,
  transition: Transition,
): Promise<OrderRow> {
  const { to, cause, change } = transition;
  const atMs = nowMs();
  const since = to === order.state ? {} : { stateSinceMs: atMs };
  await changeOrder(db, order.orderNumber, { ...change, ...since, state: to });
  const { sentBody, ...noted } = change;
  await db
    .insertInto('order_transition')
    .values({
      order_number: order.orderNumber,
      at_ms: atMs,
      from_state: order.state,
      to_state: to,
      cause: cause.text,
      detail: JSON.stringify(sentBody === undefined ? noted : { ...noted, isBodyFrozen: true }),
    })
    .execute();
  return { ...order, ...since, ...evolve(order, transition) };
}

async function carryOut(ground: Ground, order: OrderRow, effect: OrderEffect, who: string): Promise<void> {
  const { airline, leg, orderNumber } = order;
  switch (effect.kind) {
    case 'follow-up':
      await addFollowUp(ground, { airline, kind: effect.followUp, leg, orderNumber }, effect.why.text);
      break;
    case 'resolve':
      await resolveOfOrder(ground, orderNumber, effect.followUps, {
        by: who,
        resolution: effect.resolution.text,
      });
      break;
    case 'deny':
      await denyPerson(ground, order);
      break;
    case 'clear-denial':
      await clearPerson(ground, order);
      break;
    case 'wait':
      break;
  }
}

const JOB_OF: Readonly<Record<WalletStep, OrderJobKind>> = {
  complete: 'settle-order',
  'resume-complete': 'settle-order',
  cancel: 'cancel-order',
  'give-up': 'cancel-order',
  lower: 'watch-order',
  watch: 'watch-order',
};

export type OrderJobKind = 'settle-order' | 'cancel-order' | 'watch-order';

/** Which job carries out the order's next step; null: nothing is to be done by itself. */
export function jobOf(order: OrderRow): OrderJobKind | null {
  const step = nextStep(order);
  return step === null ? null : JOB_OF[step];
}

/** Whether its next step is only a look, which is taken less and less often. */
function isWatched(order: OrderRow): boolean {
  return nextStep(order) === 'watch' || order.state === 'LATE_EXCESS' || order.state === 'WRITTEN_OFF';
}

/** Asks for the order's next step, `waitMs` from now or when its kind of step is due. */
export async function planStep(
  { db, nowMs }: Pick<Ground, 'db' | 'nowMs'>,
  order: OrderRow,
  waitMs: number | null,
): Promise<void> {
  const kind = jobOf(order);
  if (kind === null) return;
  const atMs = nowMs();
  const ageMs = atMs - order.stateSinceMs;
  if (ageMs > WATCHED_MS) return;
  const afterMs = waitMs ?? (isWatched(order) ? watchAfterMs(ageMs) : 0);
  await enqueue(db, { kind, key: order.orderNumber, payload: {}, runAtMs: atMs + afterMs });
}

/** Result files are made once for what changes together. */
const TOGETHER_MS = 500;

async function askForResults({ db, nowMs }: Ground, order: OrderRow): Promise<void> {
  const job = { key: order.leg, payload: {}, runAtMs: nowMs() + TOGETHER_MS };
  await enqueue(db, { kind: 'publish-results', ...job });
  if (isFinal(order)) await settleFinishedLegs(db, order.leg);
}
