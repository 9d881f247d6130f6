// What a passenger does on the pages, in words.
import { expect, type Page } from '@playwright/test';
import { currentCode } from './phone-reading.ts';

export type SignUpDetails = { readonly seat?: string; readonly name?: string; readonly wallet?: number };

/** From the first page to the wallet's. */
export async function goToWallet(page: Page, details: SignUpDetails = {}): Promise<void> {
  await page.getByTestId('sign-up').click();
  await goToWalletFromFlight(page, details);
}

/** From the choice of flights to the wallet's page. */
export async function goToWalletFromFlight(
  page: Page,
  { seat = '12C', name = 'WANG/JUN', wallet = 1 }: SignUpDetails = {},
): Promise<void> {
  await page.locator('[data-testid^="flight-"]').first().click();
  await page.getByTestId('seat').fill(seat);
  await page.getByTestId('name').fill(name);
  await page.getByTestId('next').click();
  await page.getByTestId(`wallet-${wallet.toString()}`).click();
  await page.getByTestId('next').click();
  await page.getByTestId('agree').click();
}

/** Signs up and comes out at the fly-mode test. */
export async function signUp(page: Page, details: SignUpDetails = {}): Promise<void> {
  await goToWallet(page, details);
  await page.getByRole('link', { name: 'Agree' }).click();
  await page.getByTestId('tick-page').waitFor();
}

/** Signs up and looks at the cabin code; answers its text. */
export async function showCode(page: Page, details: SignUpDetails = {}): Promise<string> {
  await signUp(page, details);
  await expect(page.getByTestId('tick-page')).toHaveAttribute('data-done', 'true');
  await page.getByTestId('later').click();
  return currentCode(page);
}
