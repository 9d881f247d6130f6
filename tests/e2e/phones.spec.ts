// What a passenger's phone reads off the till's screen, and what the till reads off the phone's.
import { inflateRawSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import { readChallengeCode } from '../../domain/handheld/challenge-code.ts';
import {
  addCopyFrame,
  copyContent,
  readCopyFrame,
  type CopyProgress,
} from '../../domain/handheld/copy-code.ts';
import { composeOrderCode } from '../../domain/handheld/order-code.ts';
import { readLine } from '../../domain/journal/line.ts';
import { showCode } from '../support/demo-passengers.ts';
import { qrTextsIn } from '../support/qr-in-picture.ts';
import { scanSomeone, sellOne, tapItem } from '../support/selling.ts';
import { expect, test } from './till-test.ts';

/** Looks at the screen until every frame of the copy has been seen; answers the deflated line. */
async function readCopy(page: Page): Promise<Uint8Array> {
  let progress: CopyProgress | null = null;
  for (;;) {
    const [text = ''] = await qrTextsIn(await page.screenshot());
    const frame = readCopyFrame(text);
    if (!frame.ok) throw new Error(frame.error);
    progress = addCopyFrame(progress, frame.value);
    const content = copyContent(progress);
    if (content !== null) return content.deflatedLine;
  }
}

for (const [size, theme] of [
  ['1280x800', 'night'],
  ['800x1280', 'day'],
] as const) {
  test(`a phone can read the passenger's copy off the screen, ${size} by ${theme}`, async ({ openTill }) => {
    const till = await openTill({ size, settings: { theme } });
    const { page } = till;
    const seq = await sellOne(till);
    await page.getByTestId('copy-for-passenger').click();
    await page.getByTestId('copy-code').waitFor();
    const line = inflateRawSync(await readCopy(page)).toString('utf8');
    expect(readLine(line)).toMatchObject({ ty: 'SALE', seq });
    await tapItem(page);
    await expect(page.getByTestId('copy-code')).toHaveCount(0);
  });
}

test('an amount is asked for, confirmed on the phone and charged', async ({ openTill }) => {
  const till = await openTill();
  const { page } = till;
  const passenger = await scanSomeone(till);
  await tapItem(page);
  await page.getByTestId('ask-on-phone').click();
  await page.getByTestId('asking').waitFor();
  const [text = ''] = await qrTextsIn(await page.screenshot());
  const asked = readChallengeCode(text);
  if (!asked.ok) throw new Error(asked.error);
  await expect(async () => {
    await till.wedge(showCode(passenger, Math.floor(Date.now() / 1000), asked.value));
    await expect(page.getByTestId('confirmed')).toBeVisible({ timeout: 3000 });
  }).toPass();
  await expect(page.getByTestId('confirmed')).toContainText((asked.value.amountMinor / 100).toFixed(2));
});

test("a passenger's order is scanned into the basket by a keyboard scanner", async ({ openTill }) => {
  const till = await openTill();
  const { page } = till;
  await page.getByTestId('search').focus();
  await expect(async () => {
    await till.wedge(composeOrderCode([{ sku: 'ML-001', q: 2 }]));
    await expect(page.getByTestId('order-note')).toBeVisible({ timeout: 3000 });
  }).toPass();
  await expect(page.getByTestId('basket-line-ML-001')).toContainText('2 ×');
  await expect(page.getByTestId('search')).toHaveValue('');
});
