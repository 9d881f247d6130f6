// What a crew member does at the window, in words.
import { expect, type Page } from '@playwright/test';
import { ordinaryPassenger, type DemoPassenger } from './demo-passengers.ts';
import type { WindowTill } from './window-till.ts';

/** Scans an ordinary passenger with the wedge scanner and waits for the card. */
export async function scanSomeone(till: WindowTill, passenger?: DemoPassenger): Promise<DemoPassenger> {
  const someone = passenger ?? ordinaryPassenger(till.people);
  // A busy machine may stretch the gap between two keys beyond a scanner's: then it was typing, and is scanned again.
  await expect(async () => {
    await till.wedgePassenger(someone);
    await expect(till.page.getByTestId('seat')).toHaveText(someone.seat, { timeout: 3000 });
  }).toPass({ intervals: [1000] });
  return someone;
}

/** Taps the n-th item of the first page. */
export async function tapItem(page: Page, n = 0): Promise<void> {
  await page.locator('[data-testid^="item-"]').nth(n).click();
}

/** Confirms the basket and answers the seq of the sale. */
export async function confirmSale(page: Page): Promise<number> {
  await page.getByTestId('confirm').click();
  await page.getByTestId('confirmed').waitFor();
  return Number(await page.getByTestId('confirmed').getAttribute('data-seq'));
}

export async function nextPassenger(page: Page): Promise<void> {
  await page.getByTestId('next-passenger').click();
  await page.getByTestId('confirmed').waitFor({ state: 'detached' });
}

/** Scan, one item, confirm: the whole of a simple sale. */
export async function sellOne(till: WindowTill, passenger?: DemoPassenger, item = 0): Promise<number> {
  await scanSomeone(till, passenger);
  await tapItem(till.page, item);
  return confirmSale(till.page);
}

/** Closes the flight and exports to the outbox; answers the batch id. */
export async function closeAndExport(page: Page): Promise<string> {
  await page.getByTestId('nav-flight').click();
  await page.getByTestId('close-flight').click();
  const anyway = page.getByTestId('close-anyway');
  const exported = page.getByTestId('export-batch');
  await expect(anyway.or(exported)).toBeVisible();
  if (await anyway.isVisible()) await anyway.click();
  await exported.click();
  await page.getByTestId('sealed').waitFor();
  return (await page.getByTestId('batch-id').innerText()).trim();
}
