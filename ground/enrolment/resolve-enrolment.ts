// Looks after an enrolment whose way back from the wallet broke off: an order at the wallet and an enrolment here exist
// both, or neither.
import type { Ground } from '../ground.ts';
import type { WalletAdapter } from '../wallets/wallet.ts';
import { enrol, refuse } from './enrol.ts';
import type { PassengerRow } from './issue.ts';

export const RESOLVE_JOB = 'resolve-enrolment';
/** Longer than a wallet takes to answer, with its repeats. */
export const RESOLVE_AFTER_MS = 2 * 60_000;

/**
 * The job `resolve-enrolment` (key: the cti). Throws while the wallet gives no clear answer: the queue tries again.
 */
export async function resolveEnrolment(ground: Ground, cti: string): Promise<void> {
  const passenger = await ground.db
    .selectFrom('passenger')
    .selectAll()
    .where('cti', '=', cti)
    .executeTakeFirst();
  if (passenger === undefined || passenger.status === 'enrolled') return;
  const adapter = await ground.wallets(passenger.airline, passenger.wallet);
  if (adapter === null) {
    await refuse(ground, cti, 'wallet-not-offered');
    return;
  }
  const asked = await adapter.confirmStatus(passenger.order_number);
  if (!asked.ok) {
    if (asked.error.kind !== 'unknown-order') throw new Error(`the wallet does not say: ${asked.error.kind}`);
    await refuse(ground, cti, 'wallet-unreachable');
    return;
  }
  switch (asked.value.state) {
    case 'open':
      await useOrRelease(ground, adapter, passenger);
      return;
    case 'unconfirmed':
      await release(ground, adapter, passenger);
      await refuse(ground, cti, 'wallet-not-accepted');
      return;
    case 'released':
    case 'expired':
      await refuse(ground, cti, 'wallet-unreachable');
      return;
    case 'collecting':
    case 'paid':
      ground.log.error('order-charged-without-enrolment', { order: passenger.order_number });
      return;
  }
}

async function useOrRelease(ground: Ground, adapter: WalletAdapter, passenger: PassengerRow): Promise<void> {
  const { cti, account_hash: account } = passenger;
  if (passenger.status === 'waiting' && account !== null) {
    const enrolled = await enrol(ground, cti);
    if (enrolled.ok) return;
    if (enrolled.error === 'not-waiting') {
      await resolveEnrolment(ground, cti);
      return;
    }
    await refuse(ground, cti, enrolled.error);
  }
  await release(ground, adapter, passenger);
  await refuse(ground, cti, 'wallet-unreachable');
}

async function release(
  { log }: Ground,
  adapter: WalletAdapter,
  { order_number: order, wallet }: PassengerRow,
): Promise<void> {
  const cancelled = await adapter.cancel(order, '未登机购物');
  // Already gone is as good as released now; the next try asks again.
  if (!cancelled.ok && cancelled.error.kind !== 'unknown-order') {
    throw new Error(`the order was not released: ${cancelled.error.kind}`);
  }
  log.info('order-released', { wallet });
}
