// A passenger's browser against ground as it is served, with the wallets' simulators: nothing between is played.
import { resolve } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { verifyCabinCode } from '../../domain/cabin-code/verify-cabin-code.ts';
import { readLegId } from '../../domain/flight.ts';
import { trustOf } from '../../ground/airlines/trust-lists.ts';
import { openRealGround, type RealGround } from '../ground/phone/support/real-ground.ts';
import { crypto } from '../support/keys.ts';
import { goToWallet } from './phone-hands.ts';
import { currentCode } from './phone-reading.ts';

test.use({ viewport: { width: 390, height: 844 }, locale: 'zh-CN', deviceScaleFactor: 2 });

let real: RealGround;
test.beforeAll(async () => {
  real = await openRealGround(resolve(import.meta.dirname, '../../out/ground'));
});
test.afterAll(() => real.close());

async function expectAccepted(page: Page, seat: string): Promise<void> {
  const code = await currentCode(page);
  const flight = readLegId(real.demo.leg);
  if (flight === null) throw new Error('the demo flight has a leg');
  const { issuers } = await trustOf(real.ground, real.demo.airline);
  const verdict = verifyCabinCode(code, {
    nowSeconds: Math.floor(Date.now() / 1000),
    flight,
    issuers,
    isDenied: () => false,
    lastProofAt: () => null,
    openChallenge: null,
    crypto,
  });
  expect(verdict).toMatchObject({ ok: true, value: { mode: 'dynamic', credential: { seat } } });
}

for (const [name, wallet, seat] of [
  ['WeChat', 1, '12C'],
  ['Alipay', 2, '14B'],
] as const) {
  test(`signs up with ${name}, tests flight mode, and has a code with no network`, async ({
    page,
    context,
  }) => {
    await page.goto(`${real.address}/phone/`);
    await goToWallet(page, { seat, wallet });
    await page.getByTestId('allow').click();
    await expect(page.getByTestId('tick-code')).toHaveAttribute('data-done', 'true');
    await context.setOffline(true);
    await page.getByTestId('reload').click();
    await page.getByTestId('fly-mode-passed').waitFor();
    await page.getByTestId('to-code').click();
    await expectAccepted(page, seat);
    await page.getByTestId('tab-menu').click();
    await page.locator('[data-testid^="add-"]').first().click();
    await expect(page.getByTestId('to-order')).toBeEnabled();
  });
}

test('a wallet that says no is told in words, and another one may be tried', async ({ page }) => {
  await page.goto(`${real.address}/phone/`);
  await goToWallet(page, { seat: '20A' });
  await page.getByTestId('person-overdue').click();
  await page.getByTestId('allow').click();
  await expect(page.getByTestId('refusal')).toHaveAttribute('data-why', 'wallet-overdue-orders');
  // Once the overdue order has been paid, one tap tries again.
  await page.getByTestId('way-out').click();
  await page.getByTestId('agree').click();
  await page.getByTestId('allow').click();
  await page.getByTestId('tick-code').waitFor();
});

test('the order is told once the passenger is back on the ground', async ({ page }) => {
  await page.goto(`${real.address}/phone/`);
  await goToWallet(page, { seat: '21A' });
  await page.getByTestId('allow').click();
  await page.getByTestId('later').click();
  await page.getByTestId('tab-purchases').click();
  await expect(page.getByTestId('order-state')).toHaveAttribute('data-state', 'open');
});
