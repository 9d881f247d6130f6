// A disk that fills up or fails while the till sells: the sale is refused in words, and nothing is lost.
import type { Page } from '@playwright/test';
import { confirmSale, nextPassenger, scanSomeone, sellOne, tapItem } from '../support/selling.ts';
import { eventsOf } from '../support/till-files.ts';
import { expect, test } from './till-test.ts';

async function expectRefused(page: Page, kind: string): Promise<void> {
  const refusal = page.getByTestId('refusal');
  await expect(refusal).toHaveAttribute('data-kind', kind);
  await expect(refusal).toContainText(/[一-龥]{4}/);
  await expect(refusal).toContainText(/[A-Za-z]{4}/);
}

for (const [what, code, kind, state] of [
  ['full', 'ENOSPC', 'journal-full', 'full'],
  ['over its quota', 'EDQUOT', 'journal-full', 'full'],
  ['read-only', 'EROFS', 'journal-read-only', 'read-only'],
] as const) {
  test(`a disk that is ${what} refuses the sale in words; the till sells on once it is mended`, async ({
    openTill,
  }) => {
    const till = await openTill({ root: 'test-main' });
    const { page } = till;
    await sellOne(till);
    await nextPassenger(page);
    await scanSomeone(till, till.people[3]);
    await tapItem(page, 1);
    till.setFaults({ journalError: code });
    await page.getByTestId('confirm').click();
    await expectRefused(page, kind);
    const chip = page.getByTestId('device-storage');
    await expect(chip).toHaveAttribute('data-state', state);
    expect(eventsOf(till.dir, 'SALE')).toHaveLength(1);
    till.setFaults({});
    await page.getByTestId('dismiss').click();
    await confirmSale(page);
    await expect(chip).toHaveCount(0);
    expect(eventsOf(till.dir, 'SALE')).toHaveLength(2);
  });
}

test('after a failed sync the till stops selling until it is started again, and then charges the basket once', async ({
  openTill,
}) => {
  const till = await openTill({ root: 'test-main' });
  const { page } = till;
  await scanSomeone(till);
  await tapItem(page);
  till.setFaults({ syncError: 'EIO' });
  await page.getByTestId('confirm').click();
  await expectRefused(page, 'journal-failed');
  await expect(page.getByTestId('device-storage')).toHaveAttribute('data-state', 'failing');
  till.setFaults({});
  await page.getByTestId('dismiss').click();
  await page.getByTestId('confirm').click();
  await expectRefused(page, 'journal-failed');
  await till.app.close();
  const again = await openTill({ dir: till.dir, root: 'test-main' });
  await confirmSale(again.page);
  expect(eventsOf(till.dir, 'SALE')).toHaveLength(1);
});

test('a disk that is full from the start lets the till open and say so', async ({ openTill }) => {
  const till = await openTill({ root: 'test-main' });
  await sellOne(till);
  await till.app.close();
  till.setFaults({ journalError: 'ENOSPC' });
  const again = await openTill({ dir: till.dir, root: 'test-main' });
  await expect(again.page.getByTestId('device-storage')).toHaveAttribute('data-state', 'full');
  await again.page.getByTestId('nav-bills').click();
  await expect(again.page.locator('[data-testid^="bill-"]')).toHaveCount(1);
});
