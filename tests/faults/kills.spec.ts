// SIGKILL at any moment: whatever the window has shown as done is there again, once, on paper and in the batch.
import { expect, test } from '@playwright/test';
import {
  comeBack,
  describeWindow,
  finishBaskets,
  land,
  park,
  settle,
  takeOff,
  type Flight,
} from './doomed-flight.ts';
import {
  killInRecord,
  killWhileClosing,
  killWhileExporting,
  killWhileOpening,
  killWhilePrinting,
  killWhileSelling,
} from './kills.ts';
import { campaignSeed, createRandom } from './seeded-random.ts';
import type { EventType } from '../../domain/journal/event.ts';
import type { RecordPoint, Victim } from '../e2e/root/faults.ts';

const FLIGHTS = 5;
const SELLING_KILLS = 6;
const EXPORTING_KILLS = 2;
const SELLING_STEPS = ['scan', 'tap', 'confirm', 'confirm'] as const;
const seed = campaignSeed();

async function killAgainAndAgain(flight: Flight): Promise<number> {
  let kills = 0;
  const kill = async (strike: (flight: Flight) => Promise<void>): Promise<void> => {
    await strike(flight);
    kills += 1;
    await comeBack(flight);
  };
  for (let i = 0; i < SELLING_KILLS; i++) {
    const step = flight.random.pick(SELLING_STEPS);
    await kill((on) => killWhileSelling(on, step));
  }
  await kill(killWhilePrinting);
  await finishBaskets(flight);
  if (flight.random.fraction() < 0.5) await settle(flight);
  await kill(killWhileClosing);
  for (let i = 0; i < EXPORTING_KILLS; i++) await kill(killWhileExporting);
  return kills;
}

/** One flight from a fresh folder to ground's verdict. */
async function fly<T>(victim: Victim, nth: number, happen: (flight: Flight) => Promise<T>): Promise<T> {
  const flight = await takeOff(victim, createRandom(seed + nth));
  try {
    const happened = await happen(flight);
    await land(flight);
    return happened;
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause);
    const repeat = `repeat with CABINTILL_FAULT_SEED=${seed.toString()}, flight ${nth.toString()}`;
    throw new Error([what, repeat, await describeWindow(flight)].join('\n'), { cause });
  } finally {
    await park(flight);
  }
}

for (const [victim, name] of [
  ['main', 'the main process'],
  ['renderer', "the window's process"],
  ['tree', 'every process at once'],
] as const) {
  test(`${name} killed at fifty moments: nothing shown is lost, nothing is charged or printed twice`, async () => {
    test.setTimeout(600_000);
    let kills = 0;
    for (let nth = 1; nth <= FLIGHTS; nth++) kills += await fly(victim, nth, killAgainAndAgain);
    expect(kills).toBe(50);
  });
}

const SELLING = ['CRED_SEEN', 'BILL_OPEN', 'SALE', 'RECEIPT'] as const;
const AT_THE_GATE = ['FLIGHT_CLOSE', 'EXPORT'] as const;

test('killed within a record: half a line, a line not synced, a line nobody was told of', async () => {
  test.setTimeout(600_000);
  for (const [nth, at] of (['mid-write', 'before-sync', 'after-record'] as const).entries()) {
    await fly('main', nth, async (flight) => {
      await killInEach(flight, at, SELLING);
      await finishBaskets(flight);
      // Closing is one record of many lines: the bills' first, the flight's last.
      if (at !== 'after-record') await killInEach(flight, at, ['BILL_CLOSE']);
      await killInEach(flight, at, AT_THE_GATE);
    });
  }
});

test('the window killed between journal and ledger, each time: it comes back with the record', async () => {
  test.setTimeout(600_000);
  await fly('renderer', 1, async (flight) => {
    await killInEach(flight, 'after-record', SELLING);
    await finishBaskets(flight);
    await killInEach(flight, 'after-record', AT_THE_GATE);
  });
});

test('killed while it opens, with a torn line to mend: the next start mends it', async () => {
  test.setTimeout(600_000);
  await fly('main', 1, async (flight) => {
    for (let i = 0; i < 5; i++) {
      await killInRecord(flight, 'mid-write', 'SALE');
      await killWhileOpening(flight);
      await killWhileOpening(flight);
      await comeBack(flight);
    }
  });
});

async function killInEach(flight: Flight, at: RecordPoint, types: readonly EventType[]): Promise<void> {
  for (const ty of types) {
    await killInRecord(flight, at, ty);
    const notices = await comeBack(flight);
    if (at === 'mid-write') expect(notices).toContain('torn-tail');
    if (at === 'after-record' && ty === 'SALE') expect(notices).toContain('sale-before-restart');
  }
}
