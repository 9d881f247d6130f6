// A passenger's browser against ground as it is served, with the wallets' simulators: nothing between is played.
import { resolve } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { verifyCabinCode } from '../../domain/cabin-code/verify-cabin-code.ts';
import { readLegId } from '../../domain/flight.ts';
import { trustOf } from '../../ground/airlines/trust-lists.ts';
import { openRealGround, type RealGround } from '../ground/phone/support/real-ground.ts';
import { crypto } from '../support/keys.ts';
import { goToWallet, goToWalletFromFlight } from './phone-hands.ts';
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

test('a wallet that comes back in another browser sets nothing up, and says where to go on', async ({
  page,
  browser,
}) => {
  await page.goto(`${real.address}/phone/`);
  await goToWallet(page, { seat: '22A' });
  await page.getByTestId('allow').waitFor();
  const elsewhere = await browser.newContext({ locale: 'en-GB' });
  const other = await elsewhere.newPage();
  await other.goto(page.url());
  await other.getByTestId('allow').click();
  await expect(other.getByTestId('other-browser')).toHaveText(/Nothing was set up/);
  await expect(other).toHaveURL(`${real.address}/phone/#/other-browser`);
  await elsewhere.close();
  // The sign-up still waits where it was begun.
  await page.goBack();
  await page.getByTestId('to-wallet').click();
  await page.getByTestId('allow').click();
  await page.getByTestId('tick-code').waitFor();
});

test('two people sign up on one phone, and come back the other way round', async ({ context, page }) => {
  const pages = [page, await context.newPage()];
  for (const [i, one] of pages.entries()) {
    await one.goto(`${real.address}/phone/#/sign-up/flight`);
    await goToWalletFromFlight(one, { seat: `23${i === 0 ? 'A' : 'C'}` });
    await one.getByTestId('allow').waitFor();
  }
  for (const one of pages.toReversed()) {
    await one.getByTestId('allow').click();
    await one.waitForURL(`${real.address}/phone/**`);
    await expect(one.getByTestId('other-browser')).toHaveCount(0);
  }
  await expect
    .poll(async () => {
      const rows = real.ground.db
        .selectFrom('passenger')
        .select('seat')
        .where('status', '=', 'enrolled')
        .where('seat', 'in', ['23A', '23C']);
      return (await rows.execute()).map(({ seat }) => seat).sort();
    })
    .toEqual(['23A', '23C']);
});
