// What the crew does at a window that may die under their hands.
import { expect } from '@playwright/test';
import { showCode, type DemoPassenger } from '../support/demo-passengers.ts';
import { LOOK_AGAIN, type WindowHand } from './window-hand.ts';
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

/** Dismisses what the till has to say about the restart; answers which notices there were. */
export async function readNotices({ hand }: Crew): Promise<readonly string[]> {
  const said = await hand.ask(
    () => [...document.querySelectorAll('[data-testid^="notice-"]')].map((notice) => notice.textContent),
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

/** A basket that was not charged before the restart is charged now. */
export async function chargeWhatIsLeft(crew: Crew): Promise<void> {
  const { hand } = crew;
  const isLeft = (await hand.count('confirm')) > 0 && (await hand.ask(hasItems, null)) === true;
  if (isLeft) await charge(crew);
}

function hasItems(): boolean {
  return document.querySelectorAll('[data-testid^="basket-line-"]').length > 0;
}

export async function sellOnce(crew: Crew): Promise<void> {
  const { hand, random } = crew;
  const passenger = crew.nextPassenger();
  crew.onStep('scan');
  await hand.wedge(showCode(passenger, Math.floor(Date.now() / 1000)));
  await seen(() => hand.text('seat'), passenger.seat);
  const taps = 1 + random.below(2);
  for (let i = 0; i < taps; i++) {
    crew.onStep('tap');
    await tapItem(hand, random.below(FIRST_ITEMS));
  }
  await charge(crew);
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
  await seen(() => hand.count('confirmed'), 1);
  const seq = Number(await hand.attribute('confirmed', 'data-seq'));
  if (seq > 0) crew.onShown(seq);
  await hand.mustTap('next-passenger');
  await seen(() => hand.count('confirmed'), 0);
}

/** Closes the flight, unprinted slips or not. */
export async function closeFlight(crew: Crew): Promise<void> {
  const { hand } = crew;
  await hand.mustTap('nav-flight');
  await expect
    .poll(async () => (await hand.count('close-flight')) + (await hand.count('export-batch')), LOOK_AGAIN)
    .toBe(1);
  if ((await hand.count('export-batch')) > 0) return;
  crew.onStep('close');
  await hand.mustTap('close-flight');
  await expect
    .poll(async () => (await hand.count('close-anyway')) + (await hand.count('export-batch')), LOOK_AGAIN)
    .toBe(1);
  if (await hand.tap('close-anyway')) crew.onStep('close');
  await seen(() => hand.count('export-batch'), 1);
}

export async function exportBatch(crew: Crew): Promise<void> {
  const { hand } = crew;
  await hand.mustTap('nav-flight');
  await seen(() => hand.attribute('export-batch', 'aria-busy'), 'false');
  crew.onStep('export');
  await hand.mustTap('export-batch');
  await seen(() => hand.count('sealed'), 1);
  await seen(() => hand.attribute('export-batch', 'aria-busy'), 'false');
}

/** Exports the same closed flight over and over until the till is gone. */
export async function exportOn(crew: Crew): Promise<never> {
  for (;;) await exportBatch(crew);
}

async function seen<T>(look: () => Promise<T>, wanted: T): Promise<void> {
  await expect.poll(look, LOOK_AGAIN).toEqual(wanted);
}
