// SIGKILL at any moment: whatever the window has shown as done is there again, once, on paper and in the batch.
import { expect, test } from '@playwright/test';
import {
  comeBack,
  finishBaskets,
  killWhileClosing,
  killWhileExporting,
  killWhilePrinting,
  killWhileSelling,
  land,
  park,
  settleSlips,
  takeOff,
  type Flight,
} from './kill-campaign.ts';
import { campaignSeed, createRandom } from './seeded-random.ts';

const FLIGHTS = 5;
const SELLING_KILLS = 6;
const EXPORTING_KILLS = 2;
const seed = campaignSeed();

async function fly(flight: Flight): Promise<number> {
  let kills = 0;
  const kill = async (how: (flight: Flight) => Promise<void>): Promise<void> => {
    await how(flight);
    kills += 1;
    await comeBack(flight);
  };
  for (let i = 0; i < SELLING_KILLS; i++) {
    const step = flight.random.pick(['scan', 'tap', 'confirm', 'confirm']);
    await kill((on) => killWhileSelling(on, step));
  }
  await kill(killWhilePrinting);
  await finishBaskets(flight);
  if (flight.random.fraction() < 0.5) await settleSlips(flight);
  await kill(killWhileClosing);
  for (let i = 0; i < EXPORTING_KILLS; i++) await kill(killWhileExporting);
  await land(flight);
  return kills;
}

for (const [victim, name] of [
  ['main', 'the main process'],
  ['renderer', "the window's process"],
  ['tree', 'every process at once'],
] as const) {
  test(`${name} killed at fifty moments: nothing that was shown is lost, nothing is charged or printed twice`, async () => {
    test.setTimeout(600_000);
    test.info().annotations.push({ type: 'seed', description: `CABINTILL_FAULT_SEED=${seed.toString()}` });
    let kills = 0;
    for (let i = 0; i < FLIGHTS; i++) {
      const flight = await takeOff(victim, createRandom(seed + i));
      try {
        kills += await fly(flight);
      } catch (error) {
        throw new Error(`CABINTILL_FAULT_SEED=${seed.toString()}, flight ${(i + 1).toString()}`, { cause: error });
      } finally {
        await park(flight);
      }
    }
    expect(kills).toBe(FLIGHTS * (SELLING_KILLS + 1 + 1 + EXPORTING_KILLS));
  });
}
