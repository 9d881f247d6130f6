// What the crew does at a window that may die under their hands.
import { expect } from '@playwright/test';
import { showCode, type DemoPassenger } from '../support/demo-passengers.ts';
import { LOOK_AGAIN } from './till-process.ts';
import type { WindowHand } from './window-hand.ts';
import type { SeededRandom } from './seeded-random.ts';

/** What the crew is about to do: where a campaign may let things go wrong. */
export type Step = 'scan' | 'tap' | 'confirm' | 'close' | 'export';

export type Crew = {
  readonly hand: WindowHand;
  readonly random: SeededRandom;
  /** Passengers with a phone, each in turn. */
  readonly nextPassenger: () => DemoPassenger;
  readonly onStep: (step: Step) => void;
  /** The window says that this sale is done. */
  readonly onShown: (seq: number) => void;
};

const FIRST_ITEMS = 6;
const A_FEW = 3;

/** Dismisses what the till has to say about the restart; answers which kinds of notice there were. */
export async function readNotices({ hand }: Crew): Promise<readonly string[]> {
  const said = await hand.ask(
    () =>
      [...document.querySelectorAll<HTMLElement>('[data-testid^="notice-"]')].map(
        (notice) => notice.dataset['testid']?.slice('notice-'.length) ?? '',
      ),
    null,
  );
  if ((said?.length ?? 0) > 0) await hand.mustTap('dismiss-notices');
  return said ?? [];
}

/** Sells to one passenger after the other until the till is gone. */
export async function sellOn(crew: Crew): Promise<never> {
  await chargeWhatIsLeft(crew);
  for (;;) await sellOnce(crew);
}

/** Sells to a few passengers, then waits for what happens to the till. */
export async function sellAFew(crew: Crew): Promise<never> {
  await chargeWhatIsLeft(crew);
  for (let i = 0; i < A_FEW; i++) await sellOnce(crew);
  return new Promise(() => undefined);
}

/** A basket that was not charged before the restart is charged now. */
export async function chargeWhatIsLeft(crew: Crew): Promise<void> {
  const { hand } = crew;
  const hasItems = (): boolean => document.querySelector('[data-testid^="basket-line-"]') !== null;
  const isLeft = (await hand.count('confirm')) > 0 && (await hand.ask(hasItems, null)) === true;
  if (isLeft) await charge(crew);
}

async function sellOnce(crew: Crew): Promise<void> {
  const { hand, random } = crew;
  const passenger = crew.nextPassenger();
  crew.onStep('scan');
  const scan = (): Promise<void> => hand.wedge(showCode(passenger, Math.floor(Date.now() / 1000)));
  await scan();
  await hand.until(async () => {
    if (await wasTooFast(hand)) await scan();
    return hand.text('seat');
  }, passenger.seat);
  const taps = 1 + random.below(2);
  for (let i = 0; i < taps; i++) {
    crew.onStep('tap');
    await tapItem(hand, random.below(FIRST_ITEMS));
  }
  await charge(crew);
}

/** These hands are quicker than a crew's, and main lets nobody be quicker than that: then it is tried once more. */
async function wasTooFast(hand: WindowHand): Promise<boolean> {
  return (await hand.attribute('refusal', 'data-kind')) === 'too-fast' && (await hand.tap('try-again'));
}

async function tapItem(hand: WindowHand, nth: number): Promise<void> {
  await hand.ask((n) => {
    document.querySelectorAll<HTMLButtonElement>('[data-testid^="item-"]')[n]?.click();
  }, nth);
}

async function charge(crew: Crew): Promise<void> {
  const { hand } = crew;
  crew.onStep('confirm');
  await hand.mustTap('confirm');
  await hand.until(async () => {
    await wasTooFast(hand);
    return hand.count('confirmed');
  }, 1);
  const seq = Number(await hand.attribute('confirmed', 'data-seq'));
  if (seq > 0) crew.onShown(seq);
  await hand.mustTap('next-passenger');
  await hand.until(() => hand.count('confirmed'), 0);
}

/** Closes the flight, unprinted slips or not. */
export async function closeFlight(crew: Crew): Promise<void> {
  const { hand } = crew;
  const countEither = async (one: string, other: string): Promise<number> =>
    (await hand.count(one)) + (await hand.count(other));
  await hand.mustTap('nav-flight');
  await hand.until(() => countEither('close-flight', 'export-batch'), 1);
  if ((await hand.count('export-batch')) > 0) return;
  crew.onStep('close');
  await hand.mustTap('close-flight');
  await hand.until(async () => {
    await wasTooFast(hand);
    await hand.tap('close-anyway');
    return hand.count('export-batch');
  }, 1);
}

export async function exportBatch(crew: Crew): Promise<void> {
  const { hand } = crew;
  await hand.mustTap('nav-flight');
  crew.onStep('export');
  await hand.mustTap('export-batch');
  await hand.until(async () => {
    if (await wasTooFast(hand)) await hand.tap('export-batch');
    return (
      (await hand.count('sealed')) === 1 && (await hand.attribute('export-batch', 'aria-busy')) === 'false'
    );
  }, true);
}

/** Closes the flight and exports it over and over until the till is gone. */
export async function closeAndExportOn(crew: Crew): Promise<never> {
  await closeFlight(crew);
  for (;;) await exportBatch(crew);
}

/** The crew looks at the paper of every slip the till is not sure of, until none waits. */
export async function settleSlips(
  { hand }: Crew,
  hasComeOut: (seq: number) => boolean,
  isPrinterIdle: () => boolean,
): Promise<void> {
  const settleOnce = async (): Promise<boolean> => {
    if ((await hand.count('device-slips')) === 0) return true;
    if (!isPrinterIdle()) return false;
    const uncertain = await hand.ask(
      () =>
        [...document.querySelectorAll<HTMLElement>('[data-testid^="uncertain-"]')].map((slip) =>
          Number(slip.dataset['testid']?.slice('uncertain-'.length)),
        ),
      null,
    );
    if (uncertain === null || uncertain.length === 0) await hand.tap('device-slips');
    for (const seq of uncertain ?? []) {
      await hand.tap(`${hasComeOut(seq) ? 'came-out' : 'print-again'}-${seq.toString()}`);
    }
    return false;
  };
  await expect.poll(settleOnce, { timeout: 120_000, ...LOOK_AGAIN }).toBe(true);
}
