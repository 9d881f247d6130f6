// Flights made of chance: who buys what where, what arrives when and how often, and what the wallet does wrong.
import { afterEach, describe, expect, it } from 'vitest';
import { runJobs } from '../../../ground/jobs/run-jobs.ts';
import { orderJobs } from '../../../ground/orders/order-jobs.ts';
import { readOrderRow } from '../../../ground/orders/order-rows.ts';
import { isFinal } from '../../../ground/orders/order.ts';
import type { Fault } from '../../../ground/simulators/faults.ts';
import { createRandom, type SeededRandom } from '../../faults/seeded-random.ts';
import type { CabinTerminal, Customer } from '../../support/cabin-terminal.ts';
import { openSettlementScene, type SettlementScene } from '../../support/settlement-scene.ts';

const SEEDS = [1, 2, 3];
const PASSENGERS = 10;
const WORKERS = 8;
const FAULTS = 14;

let open: SettlementScene | null = null;
afterEach(async () => {
  await open?.close();
  open = null;
});

type Sold = { readonly customer: Customer; readonly till: CabinTerminal; readonly seqs: number[] };

function sellAtRandom(
  random: SeededRandom,
  tills: readonly CabinTerminal[],
  customers: readonly Customer[],
): readonly Sold[] {
  const sold: Sold[] = [];
  for (let i = 0; i < 3 * PASSENGERS; i++) {
    const customer = customers[random.below(customers.length)];
    const till = tills[random.below(tills.length)];
    if (customer === undefined || till === undefined) continue;
    const seqs = [till.sell(customer, 100 * (1 + random.below(40)), 1 + random.below(3))];
    if (random.below(5) === 0) seqs.push(till.takeBack(seqs[0] ?? 0));
    sold.push({ customer, till, seqs });
  }
  for (const till of tills) till.close();
  return sold;
}

function faultAtRandom(random: SeededRandom): Fault {
  const on = random.pick(['complete', 'query', 'cancel', 'notice', 'any-call'] as const);
  const times = 1 + random.below(2);
  if (on === 'notice') {
    const kind = random.pick(['duplicate', 'lost', 'bad-signature', 'altered', 'old-timestamp'] as const);
    return { on, kind, times };
  }
  const kind = random.pick([
    'drop-before',
    'drop-after',
    'hang-after',
    'status',
    'bad-signature',
    'altered',
  ] as const);
  return { on, kind, times, status: random.pick([500, 502, 429] as const) };
}

/** Batches, some of them twice, and copies of some sales, in any order. */
async function deliverAtRandom(
  random: SeededRandom,
  flight: SettlementScene,
  sold: readonly Sold[],
): Promise<void> {
  const arrivals = flight.terminals.flatMap((till) =>
    Array.from({ length: 1 + random.below(2) }, () => () => flight.deliver(till)),
  );
  const copies = sold
    .filter(() => random.below(3) === 0)
    .map(
      ({ customer, till, seqs }) =>
        () =>
          flight.handIn(
            customer,
            seqs.map((seq) => till.lineOf(seq)),
          ),
    );
  const all = [...arrivals, ...copies]
    .map((arrive) => ({ arrive, at: random.fraction() }))
    .sort((a, b) => a.at - b.at);
  for (const { arrive } of all) await arrive();
}

async function untilSettled({ ground }: SettlementScene): Promise<void> {
  const workers = Array.from({ length: WORKERS }, (_, i) =>
    runJobs(ground, orderJobs, { workerId: i.toString(), pollMs: 50 }),
  );
  for (;;) {
    const rows = await ground.db.selectFrom('wallet_order').selectAll().execute();
    if (rows.map(readOrderRow).every(isFinal)) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await Promise.all(workers.map((worker) => worker.stop()));
}

describe('whatever sales, arrivals and wallets do', () => {
  for (const seed of SEEDS) {
    it(
      `what wallets took is what was sold, each order once (seed ${seed.toString()})`,
      { timeout: 240_000 },
      async () => {
        const random = createRandom(seed);
        const flight = await openSettlementScene({ terminals: 2 + random.below(2), timeoutMs: 400 });
        open = flight;
        const customers: Customer[] = [];
        for (let i = 0; i < PASSENGERS; i++) customers.push(await flight.enrol());
        const sold = sellAtRandom(random, flight.terminals, customers);
        for (let i = 0; i < FAULTS; i++) flight.wechat.control.addFault(faultAtRandom(random));
        await deliverAtRandom(random, flight, sold);
        await untilSettled(flight);
        const books = flight.wechat.books();
        const netMinor = flight.terminals.reduce((sum, till) => sum + till.netMinor(), 0);
        expect(books.chargedMinor).toBe(netMinor);
        for (const { completes, totalMinor, chargedMinor, state } of books.orders) {
          expect(completes).toBe(totalMinor === null ? 0 : 1);
          expect(chargedMinor).toBe(totalMinor ?? 0);
          expect(state).toMatch(totalMinor === null ? /REVOKED/ : /DONE/);
        }
        const orders = await flight.ground.db
          .selectFrom('wallet_order')
          .select(['state', 'paid_minor'])
          .execute();
        expect(new Set(orders.map(({ state }) => state)).size).toBeLessThanOrEqual(2);
        expect(orders.reduce((sum, { paid_minor }) => sum + (paid_minor ?? 0), 0)).toBe(netMinor);
      },
    );
  }
});
