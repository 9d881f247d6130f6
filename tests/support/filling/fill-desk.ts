// What stands on finance's and operations' desk: follow-ups, bills set aside, differences, members, denials, the trail.
import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Tables } from '../../../ground/database/tables.ts';
import type { SeededRandom } from '../../faults/seeded-random.ts';
import type { FillPlan, PlannedFlight } from './fill-plan.ts';
import { insert } from './insert-rows.ts';

const FOLLOW_UPS = [
  ['wallet-refused', 'complete refused by the wallet: 271300099'],
  ['fork', 'FORK: seq 412: does not follow the line before it'],
  ['late-events', '6300 more than the order that went to the wallet with 12800'],
  ['passenger-must-act', 'the wallet cannot take the money; the passenger can pay in the wallet (271316574)'],
  ['lost-terminal', 'declared lost: its sales come from copies, as far as there are any'],
  ['over-limit', "an order of 56100 over the passenger's limit of 50000"],
] as const;

/** What stands on finance's and operations' desk. */
export async function fillDesk(
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
        resolved_by: isDone ? 'chen.wei' : null, resolution: isDone ? '已致电旅客，钱包已支付' : null,
      }; // prettier-ignore
    }),
  });
  await insert(db, {
    table: 'set_aside',
    rows: Array.from({ length: Math.min(n, 9) }, (_, i) => {
      const flight = somewhere();
      return {
        airline, leg: flight?.leg ?? '', dev: flight?.devs[0] ?? '', ep: 1, seq: 900_000 + i,
        bill: `${flight?.devs[0] ?? ''}.1.${(900_000 + i).toString()}`, cti: null, why: i % 3 === 0 ? 'VOID of 2 of line 1, which has 1' : 'sale of 2500, its lines less discounts come to 2600',
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
