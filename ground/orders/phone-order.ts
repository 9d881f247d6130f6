// What became of a passenger's order, for the passenger's own phone.
import type { OrderState } from '../database/tables.ts';
import type { Ground } from '../ground.ts';
import type { PhoneOrder } from '../web/phone-api.ts';
import { readOrderRow, type OrderRow } from './order-rows.ts';
import { readMoney } from './read-leg.ts';

/** Null where there is no order for this code. */
export async function phoneOrder(ground: Ground, cti: string): Promise<PhoneOrder | null> {
  const row = await ground.db
    .selectFrom('wallet_order')
    .selectAll()
    .where('cti', '=', cti)
    .executeTakeFirst();
  if (row === undefined) return null;
  const order = readOrderRow(row);
  const state = phoneState(order);
  return {
    orderNumber: order.orderNumber,
    state,
    totalMinor: order.totalMinor ?? (state === 'adding-up' ? order.netMinor : null),
    paidMinor: order.paidMinor,
    act: state === 'must-act' ? 'pay-in-wallet' : null,
    sales: await salesOf(ground, order),
  };
}

const STATES: Readonly<Record<OrderState, PhoneOrder['state']>> = {
  ENROLLED: 'open',
  OPEN: 'open',
  AGGREGATING: 'adding-up',
  READY: 'adding-up',
  COMPLETE_SENT: 'adding-up',
  USER_PAYING: 'collecting',
  LOWERED: 'collecting',
  UNPAID_RETRY: 'must-act',
  PAID: 'paid',
  CANCELLED: 'released',
  WRITTEN_OFF: 'with-a-person',
  LATE_EXCESS: 'with-a-person',
  MANUAL: 'with-a-person',
};

/** What came too late is ours to settle: to the passenger a paid order is paid. */
function phoneState({ state, paidMinor }: OrderRow): PhoneOrder['state'] {
  return state === 'LATE_EXCESS' && paidMinor !== null ? 'paid' : STATES[state];
}

async function salesOf(ground: Ground, { airline, leg, cti }: OrderRow): Promise<PhoneOrder['sales']> {
  const money = (await readMoney(ground, { airline, leg, cti })).get(cti) ?? [];
  const takenBack = new Map<string, number>();
  for (const { ty, dev, ep, b } of money) {
    if (ty !== 'VOID' && ty !== 'REFUND' && ty !== 'DISCOUNT') continue;
    const sale = `${dev} ${ep.toString()} ${b.ref.toString()}`;
    takenBack.set(sale, (takenBack.get(sale) ?? 0) + b.tot);
  }
  return money
    .flatMap((event) => {
      if (event.ty !== 'SALE') return [];
      const { dev, ep, seq, t, b } = event;
      return [
        {
          terminal: dev,
          seq,
          atMs: t,
          totalMinor: b.tot + (takenBack.get(`${dev} ${ep.toString()} ${seq.toString()}`) ?? 0),
          lines: b.lines.map(({ n, q, p }) => ({ name: n, q, amountMinor: q * p })),
        },
      ];
    })
    .sort((a, b) => a.atMs - b.atMs);
}
