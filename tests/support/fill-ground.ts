// Fills ground's database with a plausible airline, quickly: for pages, lists and benches that need many rows. The lines
// are well formed, not signed; what has to be signed comes from real terminals' batches elsewhere.
import { sql, type Kysely } from 'kysely';
import { ensurePartitions } from '../../ground/database/partitions.ts';
import type { Tables } from '../../ground/database/tables.ts';
import { demoCatalogue, demoPromotions } from '../../ground/demo/demo-catalogue.ts';
import { createRandom, type SeededRandom } from '../faults/seeded-random.ts';
import { fillDesk } from './filling/fill-desk.ts';
import { fillFlight } from './filling/fill-flight.ts';
import type { FillPlan, PlannedFlight } from './filling/fill-plan.ts';
import { insert } from './filling/insert-rows.ts';

export type { FillPlan };

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

export async function fillGround(
  db: Kysely<Tables>,
  plan: FillPlan,
): Promise<{ readonly legs: readonly string[] }> {
  const random = createRandom(plan.seed);
  const flights = planFlights(plan);
  await insert(db, { table: 'airline', rows: [airlineRow(plan)] });
  for (const month of new Set(flights.map(({ month }) => month)))
    await ensurePartitions(db, plan.airline, month);
  await insert(db, { table: 'catalogue', rows: [catalogueRow(plan)] });
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

function catalogueRow({ airline, nowMs }: FillPlan): object {
  return {
    airline,
    version: 1,
    catalogue: demoCatalogue(),
    promotions: { v: 1, promotions: demoPromotions() },
    saved_at_ms: nowMs - 40 * 86_400_000,
    saved_by: 'command',
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
    loading: { trolleys: [] },
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
    quarantine_why: i === 33 ? 'seq 412: does not follow the line before it' : null,
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
      cause: isOpen ? 'roster' : status === 'unused' ? `FLIGHT_CLOSE of ${devs[0]}` : 'its FLIGHT_CLOSE',
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
