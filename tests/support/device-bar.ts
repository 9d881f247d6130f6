// What the device bar says, in both languages.
import { expect, type Page } from '@playwright/test';

export type Device = 'printer' | 'scanner' | 'camera' | 'slips';
export type BothWords = { readonly zh: string; readonly en: string };

/** Waits for a device's state on the bar and reads its words in both languages; ends in the language it began with. */
export async function expectOnBar(
  page: Page,
  device: Device,
  state: string,
  words: BothWords,
): Promise<void> {
  const sign = page.getByTestId(`device-${device}`);
  await expect(sign).toHaveAttribute('data-state', state);
  await expectBoth(page, `device-${device}`, words);
}

export async function expectBoth(page: Page, testId: string, words: BothWords): Promise<void> {
  const isChinese = (await page.locator('html').getAttribute('lang'))?.startsWith('zh') === true;
  const [first, second] = isChinese ? [words.zh, words.en] : [words.en, words.zh];
  await expect(page.getByTestId(testId)).toHaveText(first);
  await page.getByTestId('language-toggle').click();
  await expect(page.getByTestId(testId)).toHaveText(second);
  await page.getByTestId('language-toggle').click();
  await expect(page.getByTestId(testId)).toHaveText(first);
}
