// What each route does. The contract (`web/console-api.ts`) names them; one without a handler does not compile.
import type { Result } from '../../domain/result.ts';
import type { Ground } from '../ground.ts';
import type { ActName, ConsoleProblem, ListName, ReadName } from '../web/console-api.ts';
import type { Ask } from '../web/console-asks.ts';
import type { Answers } from '../web/console-rows.ts';
import { fail, ok } from '../../domain/result.ts';
import { readBatch } from './reads/batch.ts';
import { readCatalogue } from './reads/catalogue.ts';
import { readFlight, readLostReport } from './reads/flight.ts';
import { readOrder } from './reads/order.ts';
import { readOverview } from './reads/overview.ts';
import { riskLedger } from '../risk/risk-ledger.ts';
import { readRisk, startOfNamedDay } from './reads/risk.ts';

/** The one airline the question is about has been settled before a handler is asked. */
export type Asked<Name extends ReadName | ActName> = {
  readonly ground: Ground;
  readonly airline: string;
  readonly who: string;
  readonly ask: Ask<Name>;
};

export type Answer<T> = Promise<Result<T, ConsoleProblem>>;

type Reads = {
  readonly [Name in Exclude<ReadName, ListName>]: (asked: Asked<Name>) => Answer<Answers[Name]>;
};

export const READS: Reads = {
  overview: async ({ ground, airline }) => ok(await readOverview(ground.db, airline, ground.nowMs())),
  flight: async ({ ground, airline, ask }) => found(await readFlight(ground.db, airline, ask.leg)),
  'lost-report': async ({ ground, airline, ask }) => found(await readLostReport(ground.db, airline, ask)),
  batch: async ({ ground, airline, ask }) => found(await readBatch(ground.db, airline, ask.id)),
  order: async ({ ground, airline, ask }) => found(await readOrder(ground.db, airline, ask.orderNumber)),
  risk: async ({ ground, airline }) => ok(await readRisk(ground.db, airline, ground.nowMs())),
  catalogue: async ({ ground, airline }) => ok({ newest: await readCatalogue(ground.db, airline) }),
  'risk-day': async ({ ground, airline, ask }) => {
    const from = await startOfNamedDay(ground.db, airline, ask.day);
    if (from === null) return fail({ kind: 'bad-request', why: 'day' });
    return ok(await riskLedger(ground, { airline, from, to: from + 86_400_000 }));
  },
};

function found<T>(value: T | null): Result<T, ConsoleProblem> {
  return value === null ? fail({ kind: 'not-found' }) : ok(value);
}
