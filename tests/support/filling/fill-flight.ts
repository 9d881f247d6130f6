// The passengers of one flight: their orders, what their terminals recorded, and the batches that brought it.
import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import { orderNumber } from '../../../domain/bill/order-number.ts';
import { readLegId } from '../../../domain/flight.ts';
import type { OrderState, Tables } from '../../../ground/database/tables.ts';
import type { SeededRandom } from '../../faults/seeded-random.ts';
import type { FillPlan, PlannedFlight } from './fill-plan.ts';
import { insert } from './insert-rows.ts';

const ITEMS = [
  { sku: 'SKU-00123', n: '青岛啤酒 330ml', p: 3500 },
  { sku: 'SKU-00210', n: '现磨咖啡', p: 2800 },
  { sku: 'SKU-00305', n: '牛肉面', p: 4500 },
  { sku: 'SKU-00411', n: '航空毛毯', p: 5900 },
  { sku: 'SKU-00502', n: '飞机模型 A320', p: 12900 },
] as const;

const STATES: readonly OrderState[] = [
  'PAID', 'PAID', 'PAID', 'PAID', 'PAID', 'PAID', 'CANCELLED', 'CANCELLED', 'USER_PAYING', 'UNPAID_RETRY', 'LATE_EXCESS', 'MANUAL', 'WRITTEN_OFF',
]; // prettier-ignore

function stateOf(flight: PlannedFlight, plan: FillPlan, random: SeededRandom): OrderState {
  const hours = (plan.nowMs - flight.stdS * 1000) / 3_600_000;
  if (hours < 0) return 'ENROLLED';
  if (hours < 4) return 'OPEN';
  if (hours < 10) return random.below(3) === 0 ? 'PAID' : 'USER_PAYING';
  // Trouble is rare: one order in forty.
  return random.below(40) > 0
    ? (STATES[random.below(8)] ?? 'PAID')
    : (STATES[random.below(STATES.length)] ?? 'PAID');
}

export async function fillFlight(
  db: Kysely<Tables>,
  plan: FillPlan,
  flight: PlannedFlight,
  random: SeededRandom,
  seqs: Map<string, number>,
): Promise<void> {
  const leg = readLegId(flight.leg);
  if (leg === null) throw new Error(`${flight.leg} is no leg`);
  const passengers: object[] = [];
  const orders: object[] = [];
  const transitions: object[] = [];
  const events: object[] = [];
  for (let i = 0; i < plan.passengersPerFlight; i += 1) {
    const cti = createHash('sha256').update(`${flight.leg}/${i.toString()}`).digest('hex').slice(0, 16);
    const number = orderNumber(leg, cti);
    const state = stateOf(flight, plan, random);
    const dev = flight.devs[i % 2] ?? flight.devs[0];
    const made = passengerEvents({
      plan,
      flight,
      dev,
      cti,
      seqs,
      random,
      isBuying: state !== 'ENROLLED' && state !== 'CANCELLED',
    });
    events.push(...made.rows);
    passengers.push(passengerRow({ plan, flight, cti, number, i }));
    orders.push(orderRowOf({ plan, flight, cti, number, state, total: made.total, i }));
    transitions.push(...transitionRows({ flight, number, state }));
  }
  await insert(db, { table: 'passenger', rows: passengers });
  await insert(db, { table: 'wallet_order', rows: orders });
  await insert(db, { table: 'order_transition', rows: transitions });
  await insert(db, { table: 'event', rows: events });
  await insert(db, { table: 'batch', rows: batchRows(flight, plan, events as readonly EventSketch[]) });
}

type EventSketch = { readonly dev: string; readonly seq: number; readonly tot_minor: number | null };

function passengerRow({
  plan,
  flight,
  cti,
  number,
  i,
}: {
  plan: FillPlan;
  flight: PlannedFlight;
  cti: string;
  number: string;
  i: number;
}): object {
  // prettier-ignore
  return {
    cti,
    airline: plan.airline,
    leg: flight.leg,
    wallet: (i % 4) === 3 ? 2 : 1,
    order_number: number,
    seat: `${(1 + Math.floor(i / 6)).toString()}${'ABCDEF'.charAt(i % 6)}`,
    seq: i + 1,
    tier: i % 11 === 0 ? 2 : 0,
    cum_minor: 50_000,
    per_sale_minor: 30_000,
    max_sales: 12,
    static_minor: 20_000,
    holder_class: 1,
    account_hash: createHash('sha256').update(`account/${plan.airline}/${(i % 900).toString()}`).digest('hex'),
    status: 'enrolled',
    token_hash: createHash('sha256').update(`token/${cti}`).digest('hex'),
    language: 'zh-CN',
    consent_version: 1,
    consented_at_ms: (flight.stdS - 30_000) * 1000,
    enrolled_at_ms: (flight.stdS - 29_900 + i) * 1000,
  };
}

function orderRowOf({
  plan,
  flight,
  cti,
  number,
  state,
  total,
  i,
}: {
  plan: FillPlan;
  flight: PlannedFlight;
  cti: string;
  number: string;
  state: OrderState;
  total: number;
  i: number;
}): object {
  // prettier-ignore
  const isCharged = !['ENROLLED', 'OPEN', 'AGGREGATING', 'READY', 'CANCELLED'].includes(state);
  const isPaid = state === 'PAID';
  return {
    order_number: number,
    airline: plan.airline,
    leg: flight.leg,
    cti,
    wallet: i % 4 === 3 ? 2 : 1,
    state,
    state_since_ms: flight.stdS * 1000 + (isCharged ? 12_600_000 : 0),
    total_minor: isCharged ? total : null,
    paid_minor: isPaid ? total : null,
    transaction_id: isPaid
      ? `42000${createHash('sha256').update(number).digest('hex').replace(/\D/g, '').padEnd(23, '7').slice(0, 23)}`
      : null,
    code: state === 'UNPAID_RETRY' ? '271316574' : state === 'MANUAL' ? '271300099' : null,
    created_at_ms: (flight.stdS - 29_900 + i) * 1000,
    net_minor: total,
    tries: 0,
  };
}

const PATH: readonly (readonly [OrderState, string, number])[] = [
  ['ENROLLED', 'enrolled', -29_900],
  ['OPEN', 'first sale seen', 14_000],
  ['AGGREGATING', 'a terminal of the flight is in, others are not', 14_100],
  ['READY', 'all terminals are in', 15_000],
  ['COMPLETE_SENT', 'all terminals are in', 15_010],
  ['USER_PAYING', 'the wallet collects', 15_012],
];

const LAST: Readonly<Partial<Record<OrderState, string>>> = {
  CANCELLED: 'nothing was bought',
  UNPAID_RETRY: 'the wallet cannot take the money; the passenger can pay in the wallet',
  MANUAL: 'complete refused by the wallet: 271300099',
  WRITTEN_OFF: 'written off: a year old',
  LATE_EXCESS: 'lines that came late add to it',
  LOWERED: 'the wallet lowered it',
};

function transitionRows({
  flight,
  number,
  state,
}: {
  flight: PlannedFlight;
  number: string;
  state: OrderState;
}): readonly object[] {
  // prettier-ignore
  const at = PATH.findIndex(([name]) => name === state);
  const path = at >= 0 ? PATH.slice(0, at + 1) : state === 'CANCELLED' ? PATH.slice(0, 1) : PATH;
  const last: readonly (readonly [OrderState, string, number])[] =
    at >= 0 ? [] : [[state, LAST[state] ?? 'the wallet calls it paid', 15_400]];
  return [...path, ...last].map(([to, cause, afterS], i, all) => ({
    order_number: number,
    at_ms: (flight.stdS + afterS) * 1000,
    from_state: all[i - 1]?.[0] ?? null,
    to_state: to,
    cause,
    detail: null,
  }));
}

function passengerEvents({
  plan,
  flight,
  dev,
  cti,
  seqs,
  random,
  isBuying,
}: {
  plan: FillPlan;
  flight: PlannedFlight;
  dev: string;
  cti: string;
  seqs: Map<string, number>;
  random: SeededRandom;
  isBuying: boolean;
}): { readonly rows: readonly object[]; readonly total: number } {
  // prettier-ignore
  const rows: object[] = [];
  let total = 0;
  let bill = '';
  const add = (ty: string, b: object, tot: number | null): void => {
    const seq = (seqs.get(dev) ?? 0) + 1;
    seqs.set(dev, seq);
    if (ty === 'BILL_OPEN') bill = `${dev}.1.${seq.toString()}`;
    const t = flight.stdS * 1000 + 3_600_000 + seq * 1500;
    const event = {
      v: 1, dev, ep: 1, seq, prev: 'A'.repeat(43), t, mt: 5000 + seq, boot: 'k3v9q2', leg: flight.leg, crew: 'C0123', ty,
      b: ty === 'SALE' ? { bill, ...b } : b,
    }; // prettier-ignore
    const line = `eyJhbGciOiJFUzI1NiJ9.${Buffer.from(JSON.stringify(event)).toString('base64url')}.${'A'.repeat(86)}`;
    rows.push({
      airline: plan.airline, month: flight.month, dev, ep: 1, seq,
      hash: createHash('sha256').update(line).digest('base64url'),
      line, leg: flight.leg, ty, bill: bill === '' ? null : bill, cti, crew: 'C0123', t_ms: t, tot_minor: tot,
      tender: tot === null ? null : 'wallet', is_practice: false, source: 'batch',
    }); // prettier-ignore
  };
  add('CRED_SEEN', { qr: 'CP1:', cti, mode: 'dynamic' }, null);
  if (!isBuying) return { rows, total };
  add(
    'BILL_OPEN',
    { cti, wallet: 1, seat: '12C', name: 'WA**/J', tier: 0, auth: 1, order: 'CP', ccy: 'CNY' },
    null,
  );
  for (let i = 2; i < plan.eventsPerPassenger; i += 1) {
    const item = ITEMS[random.below(ITEMS.length)] ?? ITEMS[0];
    const q = 1 + random.below(2);
    add('SALE', {
      cti, auth: 1, basket: `b${i.toString()}`, lines: [{ sku: item.sku, q, p: item.p, tax: 1300, n: item.n }], disc: [],
      tot: item.p * q, ccy: 'CNY', tender: 'wallet',
    }, item.p * q); // prettier-ignore
    total += item.p * q;
  }
  return { rows, total };
}

function batchRows(flight: PlannedFlight, plan: FillPlan, events: readonly EventSketch[]): readonly object[] {
  const landedMs = flight.stdS * 1000 + 3.2 * 3_600_000;
  if (landedMs > plan.nowMs) return [];
  return flight.devs.flatMap((dev, i) => {
    const lines = events.filter((event) => event.dev === dev);
    const [first] = lines;
    if (first === undefined) return [];
    const to = first.seq + lines.length - 1;
    const id = createHash('sha256').update(`${dev}/${first.seq.toString()}`).digest('hex');
    const isRefused = (flight.stdS / 60 + i) % 23 === 0;
    return [{
      airline: plan.airline, file_sha256: id, bytes: '\\x00112233',
      batch_id: isRefused ? null : id.replace(/[0189]/g, 'k').slice(0, 26),
      dev: isRefused ? null : dev, ep: isRefused ? null : 1,
      from_seq: isRefused ? null : first.seq, to_seq: isRefused ? null : to,
      legs: isRefused ? [] : [flight.leg],
      net_minor: isRefused ? null : lines.reduce((sum, { tot_minor }) => sum + (tot_minor ?? 0), 0),
      status: isRefused ? 'DAMAGED' : (flight.stdS / 60 + i) % 17 === 0 ? 'PARTIAL' : 'ACCEPTED',
      why: isRefused ? 'end line missing' : null, resend_from: null,
      source: i === 0 ? 'upload' : 'folder', received_at_ms: landedMs + i * 60_000,
    }]; // prettier-ignore
  });
}
