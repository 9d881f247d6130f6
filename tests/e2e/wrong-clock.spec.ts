// A clock that cannot be right: the crew is told, no code is judged by it, and the till is right again when it is.
import type { Page } from '@playwright/test';
import { ordinaryPassenger, showCode } from '../support/demo-passengers.ts';
import { confirmSale, scanSomeone, tapItem } from '../support/selling.ts';
import { eventsOf } from '../support/till-files.ts';
import { expect, test } from './till-test.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

async function expectClock(page: Page, state: 'bad' | 'moved'): Promise<void> {
  const chip = page.getByTestId('device-clock');
  await expect(chip).toHaveAttribute('data-state', state);
  await expect(chip).toContainText(/[一-龥]{3}/);
}

for (const [what, offsetMs] of [
  ['a day', -DAY_MS],
  ['ten years', -3650 * DAY_MS],
] as const) {
  test(`${what} before the flight pack: said at the start, on the bar and at the scan; set right, the till sells`, async ({
    openTill,
  }) => {
    const till = await openTill({ root: 'test-main', clockOffsetMs: offsetMs });
    const { page } = till;
    await expect(page.getByTestId('notice-clock-bad')).toBeVisible();
    await page.getByTestId('dismiss-notices').click();
    await expectClock(page, 'bad');
    await till.wedgePassenger(ordinaryPassenger(till.people));
    const refusal = page.getByTestId('refusal');
    await expect(refusal).toHaveAttribute('data-kind', 'clock-bad');
    await expect(refusal).toContainText(/[一-龥]{4}/);
    till.setFaults({});
    await page.getByTestId('try-again').click();
    await scanSomeone(till);
    await expect(page.getByTestId('device-clock')).toHaveCount(0);
    await tapItem(page);
    await confirmSale(page);
    expect(eventsOf(till.dir, 'SALE')).toHaveLength(1);
  });
}

test('far after arrival: the pack seems to have expired, and the screen tells both times', async ({
  openTill,
}) => {
  const till = await openTill({ root: 'test-main', clockOffsetMs: 3 * DAY_MS, isReady: false });
  const problem = till.page.getByTestId('start-problem');
  await expect(problem).toHaveAttribute('data-kind', 'pack-expired');
  const then = new Date(Date.now() + 3 * DAY_MS + 8 * HOUR_MS).toISOString().slice(0, 10);
  await expect(problem).toContainText(then);
  till.setFaults({});
  await till.page.getByTestId('try-again').click();
  await expect(till.page.getByTestId('scan-state')).toBeVisible();
});

test('set back in flight: recorded and shown within seconds, and an old code stays old', async ({
  openTill,
}) => {
  const till = await openTill({ root: 'test-main' });
  const nowSeconds = Math.floor(Date.now() / 1000);
  const passenger = ordinaryPassenger(till.people);
  const screenshot = showCode(passenger, nowSeconds - 2 * 3600);
  till.setFaults({ clockOffsetMs: -2 * HOUR_MS });
  await expectClock(till.page, 'moved');
  const jumps = eventsOf(till.dir, 'CLOCK_JUMP').map((event) => Math.round(event.b.byMs / HOUR_MS));
  expect(jumps).toEqual([-2]);
  await till.wedge(screenshot);
  await expect(till.page.getByTestId('refusal')).toHaveAttribute('data-kind', 'code-proof-old');
  await till.page.getByTestId('scan-again').click();
  await scanSomeone(till, passenger);
});

test('set far ahead in flight: shown within seconds, and no code is called expired', async ({ openTill }) => {
  const till = await openTill({ root: 'test-main' });
  till.setFaults({ clockOffsetMs: 3 * DAY_MS });
  await expectClock(till.page, 'bad');
  await till.wedgePassenger(ordinaryPassenger(till.people));
  await expect(till.page.getByTestId('refusal')).toHaveAttribute('data-kind', 'clock-bad');
});
