// What an order consists of when it goes to the wallet: counted once more, fixed, and kept before it is sent.
import type { Result } from '../../domain/result.ts';
import type { WalletOrder } from '../../domain/settlement/wallet-order.ts';
import type { Ground } from '../ground.ts';
import type { SettleRequest, WalletAdapter } from '../wallets/wallet.ts';
import { advanceOrder, type Advanced, type AdvanceProblem } from './advance-order.ts';
import { countPassenger, type PassengerCount } from './count-passenger.ts';
import type { OrderRow } from './order-rows.ts';
import type { OrderEvent } from './order.ts';
import { readMoney, readSetAside } from './read-leg.ts';

type Frozen = Promise<Result<Advanced, AdvanceProblem>>;
type Composer = Pick<WalletAdapter, 'composeSettlement'>;

/** Recorded before the wallet hears of it. Where nothing can be sent after all, the order goes where it belongs. */
export function freezeOrder(ground: Ground, adapter: Composer, orderNumber: string): Frozen {
  return advanceOrder(
    ground,
    orderNumber,
    async (inside, order): Promise<OrderEvent> => {
      const { order: composed, ...counted } = await countNow(inside, order);
      const { netMinor } = counted;
      if (counted.fault !== null || netMinor === 0) {
        return { kind: 'counted', ...counted, isReady: true, isClosing: true };
      }
      const body = adapter.composeSettlement(await requestOf(inside, order, composed));
      const limitMinor = (await limitOf(inside, order)) ?? netMinor;
      return { kind: 'frozen', body, totalMinor: composed.totalMinor, netMinor, limitMinor };
    },
    { isInHand: true },
  );
}

/** The wallet refused the order as over its cap, so nothing was taken: it takes what was allowed at sign-up. */
export function reduceOrder(ground: Ground, adapter: Composer, orderNumber: string): Frozen {
  return advanceOrder(
    ground,
    orderNumber,
    async (inside, order): Promise<OrderEvent> => {
      const { order: composed } = await countNow(inside, order);
      const limitMinor = (await limitOf(inside, order)) ?? composed.totalMinor;
      const reduced = reduceTo(composed, limitMinor);
      const body = adapter.composeSettlement(await requestOf(inside, order, reduced));
      return { kind: 'reduced-to-cap', body, totalMinor: reduced.totalMinor };
    },
    { isInHand: true },
  );
}

/** The order as the journals stand now, for a wallet that is to take less. */
export async function lowerRequest(ground: Ground, order: OrderRow): Promise<SettleRequest> {
  const { order: composed } = await countNow(ground, order);
  return await requestOf(ground, order, composed);
}

async function countNow(ground: Ground, order: OrderRow): Promise<PassengerCount> {
  const { airline, leg, cti, orderNumber } = order;
  const money = await readMoney(ground, { airline, leg, cti });
  return countPassenger(orderNumber, money.get(cti) ?? [], await readSetAside(ground, leg));
}

async function requestOf(
  { db, nowMs }: Ground,
  { leg, orderNumber }: OrderRow,
  { payments, discounts, totalMinor }: WalletOrder,
): Promise<SettleRequest> {
  const flight = await db
    .selectFrom('flight')
    .select('sta_s')
    .where('leg', '=', leg)
    .executeTakeFirstOrThrow();
  // The service ends with the flight, and never in the future (wallets.md).
  const endMs = Math.min(nowMs(), flight.sta_s * 1000);
  return { orderNumber, payments, discounts, totalMinor, endMs };
}

/** What the passenger was allowed to spend, which is what the wallet was asked to promise; minor units. */
async function limitOf({ db }: Ground, { cti }: OrderRow): Promise<number | null> {
  const row = await db.selectFrom('passenger').select('cum_minor').where('cti', '=', cti).executeTakeFirst();
  return row?.cum_minor ?? null;
}

/** The part over the limit stands as a deal, so that payments less discounts stay the total. */
const OVER_LIMIT = { name: '超出限额部分', description: '超出限额，不予收取', count: 1 } as const;

export function reduceTo(order: WalletOrder, mostMinor: number): WalletOrder {
  const overMinor = order.totalMinor - mostMinor;
  if (overMinor <= 0) return order;
  const discounts = [...order.discounts, { ...OVER_LIMIT, amountMinor: overMinor }];
  return { ...order, discounts, totalMinor: mostMinor };
}
