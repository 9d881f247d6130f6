// Fills ground's database with a plausible airline, quickly: for pages, lists and benches that need many rows. The lines
// are well formed, not signed; what has to be signed comes from real terminals' batches elsewhere.
import { createHash } from 'node:crypto';
import { sql, type Kysely } from 'kysely';
import { orderNumber } from '../../domain/bill/order-number.ts';
import { readLegId } from '../../domain/flight.ts';
import { ensurePartitions } from '../../ground/database/partitions.ts';
import type { OrderState, Tables } from '../../ground/database/tables.ts';
import { createRandom, type SeededRandom } from '../faults/seeded-random.ts';

export type FillPlan = {
  readonly airline: string;
  readonly nameZh: string;
  readonly nameEn: string;
  readonly nowMs: number;
  /** Flights before now, the newest of them today. */
  readonly flights: number;
  readonly passengersPerFlight: number;
  /** Lines per passenger: code seen, bill opened, sales and slips. */
  readonly eventsPerPassenger: number;
  readonly seed: number;
};

const TERMINALS = 40;
const OFFSET_S = 8 * 3600;
const ROUTES = ['SHA-CTU', 'CTU-SHA', 'SHA-SZX', 'SZX-SHA', 'PVG-KMG', 'KMG-PVG'];
const CITIES = {
  SHA: { zh: '上海虹桥', en: 'Shanghai Hongqiao' },
  PVG: { zh: '上海浦东', en: 'Shanghai Pudong' },
  CTU: { zh: '成都', en: 'Chengdu' },
  SZX: { zh: '深圳', en: 'Shenzhen' },
  KMG: { zh: '昆明', en: 'Kunming' },
};
const ITEMS = [
  { sku: 'SKU-00123', n: '青岛啤酒 330ml', p: 3500 },
  { sku: 'SKU-00210', n: '现磨咖啡', p: 2800 },
  { sku: 'SKU-00305', n: '牛肉面', p: 4500 },
  { sku: 'SKU-00411', n: '航空毛毯', p: 5900 },
  { sku: 'SKU-00502', n: '飞机模型 A320', p: 12900 },
] as const;

type Rows<Name extends keyof Tables> = { readonly table: Name; readonly rows: readonly object[] };

export async function fillGround(
  db: Kysely<Tables>,
  plan: FillPlan,
): Promise<{ readonly legs: readonly string[] }> {
  const random = createRandom(plan.seed);
  const flights = planFlights(plan);
  await insert(db, { table: 'airline', rows: [airlineRow(plan)] });
  for (const month of new Set(flights.map(({ month }) => month)))
    await ensurePartitions(db, plan.airline, month);
  await insert(db, { table: 'device', rows: terminalRows(plan, random) });
  await insert(db, { table: 'flight', rows: flights.map((flight) => flight.row) });
  await insert(db, {
    table: 'leg_terminal',
    rows: flights.flatMap((flight) => legTerminalRows(flight, plan)),
  });
  await insert(db, { table: 'flight_pack', rows: flights.map((flight) => packRow(flight)) });
  const seqs = new Map<string, number>();
  for (const flight of flights) await fillFlight(db, plan, flight, random, seqs);
  await fillDesk(db, plan, flights, random);
  await sql`analyze`.execute(db);
  return { legs: flights.map(({ leg }) => leg) };
}

type PlannedFlight = {
  readonly leg: string;
  readonly stdS: number;
  readonly month: number;
  readonly devs: readonly [string, string];
  readonly row: object;
};

function planFlights(plan: FillPlan): readonly PlannedFlight[] {
  const perDay = Math.max(4, Math.ceil(plan.flights / 30));
  return Array.from({ length: plan.flights }, (_, i) => {
    const dayS = Math.floor(plan.nowMs / 1000 + OFFSET_S) - Math.floor(i / perDay) * 86_400;
    const midnight = dayS - (dayS % 86_400);
    const stdS = midnight - OFFSET_S + 6 * 3600 + (i % perDay) * Math.floor((15 * 3600) / perDay);
    const local = new Date((stdS + OFFSET_S) * 1000).toISOString().slice(0, 10).replaceAll('-', '');
    const leg = `${plan.airline}${(8000 + (i % perDay)).toString()}-${local}-${ROUTES[i % ROUTES.length] ?? 'SHA-CTU'}`;
    const devs = [deviceName(plan, (i * 2) % TERMINALS), deviceName(plan, (i * 2 + 1) % TERMINALS)] as const;
    return {
      leg,
      stdS,
      month: Number(local.slice(0, 6)),
      devs,
      row: flightRow(plan, { leg, stdS, devs, i }),
    };
  });
}

function deviceName({ airline }: FillPlan, i: number): string {
  return `T-${airline}-${(i + 1).toString().padStart(4, '0')}`;
}

function airlineRow({ airline, nameZh, nameEn }: FillPlan): object {
  return {
    airline,
    name_zh: nameZh,
    name_en: nameEn,
    utc_offset_minutes: 480,
    trust_version: 3,
    deny_version: 12,
  };
}

function flightRow(
  plan: FillPlan,
  { leg, stdS, devs, i }: { leg: string; stdS: number; devs: readonly [string, string]; i: number },
): object {
  const isPast = stdS * 1000 + 4 * 3_600_000 < plan.nowMs;
  return {
    leg,
    airline: plan.airline,
    std_s: stdS,
    sta_s: stdS + 3 * 3600,
    aircraft: `B-${(6500 + (i % 40)).toString()}`,
    cabin: {},
    loading: {},
    crew: ['C0123'],
    roster: [
      { dev: devs[0], zone: { fromRow: 1, toRow: 15 } },
      { dev: devs[1], zone: { fromRow: 16, toRow: 31 } },
    ],
    cities: CITIES,
    limits: {},
    catalogue_version: 1,
    enrolment_until_s: stdS - 2400,
    status: isPast ? (i % 29 === 28 ? 'cancelled' : i % 4 === 0 ? 'closed' : 'settled') : 'planned',
    is_demo: false,
  };
}

function terminalRows(plan: FillPlan, random: SeededRandom): readonly object[] {
  return Array.from({ length: TERMINALS }, (_, i) => ({
    airline: plan.airline,
    dev: deviceName(plan, i),
    ep: 1,
    certificate: `certificate-of-${deviceName(plan, i)}`,
    jwk: { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' },
    nbf_s: Math.floor(plan.nowMs / 1000) - 300 * 86_400,
    exp_s: Math.floor(plan.nowMs / 1000) + (i % 9 === 8 ? 12 : 65) * 86_400,
    revoked_at_ms: i === 37 ? plan.nowMs - 9 * 86_400_000 : null,
    lost_at_ms: i === 37 ? plan.nowMs - 9 * 86_400_000 : null,
    quarantined_at_ms: i === 33 ? plan.nowMs - 86_400_000 : null,
    quarantine_why: i === 33 ? 'two lines with number 412' : null,
    last_seen_ms: i === 39 ? null : plan.nowMs - random.below(40 * 3_600_000),
    app_version: i % 7 === 6 ? '1.4.1' : '1.4.2',
    pack_id: `pack-${(i % 6).toString()}-2`,
    unsent_count: i % 5 === 0 ? 3 + random.below(60) : 0,
    unsent_minor: i % 5 === 0 ? 12_000 + random.below(400_000) : 0,
  }));
}

function legTerminalRows({ leg, stdS, devs }: PlannedFlight, { nowMs }: FillPlan): readonly object[] {
  const landedMs = stdS * 1000 + 3.2 * 3_600_000;
  return devs.map((dev, i) => {
    const isOpen = landedMs > nowMs || (i === 1 && landedMs > nowMs - 6 * 3_600_000);
    const status = isOpen ? 'expected' : i === 1 && stdS % 7 === 0 ? 'unused' : 'closed';
    return {
      leg,
      dev,
      status,
      at_ms: isOpen ? stdS * 1000 : landedMs,
      cause: isOpen ? 'roster' : status === 'unused' ? 'named unused by the purser' : 'flight closed',
    };
  });
}

function packRow({ leg, stdS }: PlannedFlight): object {
  return {
    leg,
    n: 2,
    pack_id: `${leg}-2`,
    bytes: '\\x00112233',
    issued_at_ms: (stdS - 7200) * 1000,
    trust_version: 3,
    deny_version: 12,
  };
}

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

async function fillFlight(
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
  ['ENROLLED', 'signed-up', -29_900],
  ['OPEN', 'first-sale', 14_000],
  ['AGGREGATING', 'terminals-missing', 14_100],
  ['READY', 'all-terminals-in', 15_000],
  ['COMPLETE_SENT', 'sent', 15_010],
  ['USER_PAYING', 'wallet-accepted', 15_012],
];

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
    at >= 0 ? [] : [[state, 'wallet-said', 15_400]];
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

const FOLLOW_UPS = [
  ['wallet-refused', 'the wallet answered 271300099'],
  ['passenger-must-act', 'deduction failed three times'],
  ['late-events', '2 sales, 63.00, after the charge'],
  ['set-aside', 'total differs from the lines'],
  ['lost-terminal', 'declared lost by operations'],
  ['over-limit', '61.00 over the allowance'],
] as const;

/** What stands on finance's and operations' desk. */
async function fillDesk(
  db: Kysely<Tables>,
  plan: FillPlan,
  flights: readonly PlannedFlight[],
  random: SeededRandom,
): Promise<void> {
  const n = Math.max(12, Math.floor(plan.flights / 3));
  const somewhere = (): PlannedFlight | undefined => flights[random.below(flights.length)];
  const at = (i: number): number => plan.nowMs - (n - i) * 1_700_000;
  const { airline } = plan;
  await insert(db, {
    table: 'follow_up',
    rows: Array.from({ length: n }, (_, i) => {
      const [kind, why] = FOLLOW_UPS[i % FOLLOW_UPS.length] ?? FOLLOW_UPS[0];
      const flight = somewhere();
      const isDone = i % 3 === 0;
      return {
        airline, kind, leg: flight?.leg ?? null, order_number: null, bill: null, dev: flight?.devs[0] ?? null, why,
        created_at_ms: at(i), resolved_at_ms: isDone ? at(i) + 900_000 : null,
        resolved_by: isDone ? 'chen.wei' : null, resolution: isDone ? 'called the passenger, paid in the wallet' : null,
      }; // prettier-ignore
    }),
  });
  await insert(db, {
    table: 'set_aside',
    rows: Array.from({ length: Math.min(n, 9) }, (_, i) => {
      const flight = somewhere();
      return {
        airline, leg: flight?.leg ?? '', dev: flight?.devs[0] ?? '', ep: 1, seq: 900_000 + i,
        bill: `${flight?.devs[0] ?? ''}.1.${(900_000 + i).toString()}`, cti: null, why: 'total differs from its lines',
        at_ms: at(i),
      }; // prettier-ignore
    }),
  });
  await insert(db, {
    table: 'difference',
    rows: Array.from({ length: n }, (_, i) => ({
      airline, wallet: 1 + (i % 2), day: new Date(at(i)).toISOString().slice(0, 10),
      kind: (['missing-at-wallet', 'amount', 'unknown-to-us', 'no-order-number'] as const)[i % 4],
      order_number: i % 4 < 2 ? `CP${airline}261122AAAABBBBCC${(100 + i).toString()}` : null,
      transaction_id: i % 4 === 0 ? null : `4200000000${(1_000_000 + i).toString()}`,
      ours_minor: i % 4 < 2 ? 8900 : null, theirs_minor: i % 4 === 0 ? null : 8400,
      created_at_ms: at(i), resolved_at_ms: i % 5 === 0 ? at(i) + 60_000 : null,
    })), // prettier-ignore
  });
  await insert(db, {
    table: 'member',
    rows: Array.from({ length: Math.min(n * 3, 900) }, (_, i) => ({
      airline, wallet: 1, account_hash: createHash('sha256').update(`account/${airline}/${i.toString()}`).digest('hex'),
      label: `${'王李张刘陈杨黄赵'.charAt(i % 8)}女士 ${(1000 + i).toString()}`, tier: 1 + (i % 3), added_at_ms: at(i), added_by: 'lin.ops',
    })), // prettier-ignore
  });
  await insert(db, {
    table: 'deny',
    rows: Array.from({ length: n }, (_, i) => ({
      airline, cti: createHash('sha256').update(`${flights[i % flights.length]?.leg ?? ''}/${(i % plan.passengersPerFlight).toString()}`).digest('hex').slice(0, 15) + (i % 10).toString(),
      why: (['lost-phone', 'unpaid', 'fraud', 'withdrawn'] as const)[i % 4], added_at_ms: at(i), added_by: 'worker',
    })), // prettier-ignore
  });
  await insert(db, {
    table: 'audit',
    rows: Array.from({ length: n }, (_, i) => ({
      at_ms: at(i), who: i % 2 === 0 ? 'chen.wei' : 'lin.ops', airline,
      what: (['sign-in', 'resolve-follow-up', 'add-deny', 'release-terminal', 'device-certified'] as const)[i % 5],
      detail: i % 5 === 0 ? null : { reason: 'asked by the station', outcome: 'done' },
    })), // prettier-ignore
  });
}

const ROWS_AT_ONCE = 2000;

/** Rows as one JSON parameter: as quick as it gets with one connection, and the database reads the types itself. */
async function insert<Name extends keyof Tables>(
  db: Kysely<Tables>,
  { table, rows }: Rows<Name>,
): Promise<void> {
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    const part = rows.slice(from, from + ROWS_AT_ONCE);
    const names = [...new Set(part.flatMap((row) => Object.keys(row)))];
    const columns = sql.join(names.map((name) => sql.ref(name)));
    await sql`insert into ${sql.table(table)} (${columns})
      select ${columns} from jsonb_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(part)}::jsonb)
      on conflict do nothing`.execute(db);
  }
}
