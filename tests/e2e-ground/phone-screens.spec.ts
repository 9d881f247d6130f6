// Every page of the passenger on every phone: nothing runs off the side, and a picture of each to look at.
import { join } from 'node:path';
import { expect, test, type Browser, type Page } from '@playwright/test';
import { readLine } from '../../domain/journal/line.ts';
import { OTHER_BROWSER_HASH, type PhoneOrder } from '../../ground/web/phone-api.ts';
import { sellTo } from '../ground/phone/support/phone-scene.ts';
import { goToWallet } from './phone-hands.ts';
import { openPhoneSite, type PhoneSite } from './phone-site.ts';
import { picturesFolder } from './pictures.ts';

const FOLDER = picturesFolder('phone');

const LOOKS = [
  { name: 'zh-day', locale: 'zh-CN', colorScheme: 'light', viewport: { width: 390, height: 844 } },
  { name: 'en-night', locale: 'en-GB', colorScheme: 'dark', viewport: { width: 390, height: 844 } },
  { name: 'en-day-small', locale: 'en-GB', colorScheme: 'light', viewport: { width: 320, height: 568 } },
  { name: 'zh-night-side', locale: 'zh-CN', colorScheme: 'dark', viewport: { width: 844, height: 390 } },
] as const;
type Look = (typeof LOOKS)[number];

let site: PhoneSite;
test.beforeEach(async () => {
  site = await openPhoneSite();
});
test.afterEach(async () => {
  await site.close();
});

for (const look of LOOKS) {
  test(`all pages fit, ${look.name}`, async ({ browser }) => {
    const page = await openPage(browser, look);
    const shoot = async (name: string): Promise<void> => {
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow, name).toBeLessThanOrEqual(0);
      await page.screenshot({ path: join(FOLDER, `${look.name}-${name}.png`) });
    };
    await shootSignUp(page, shoot);
    await shootFlight(page, shoot);
    await page.context().close();
  });
}

async function openPage(browser: Browser, { locale, colorScheme, viewport }: Look): Promise<Page> {
  const context = await browser.newContext({
    locale,
    colorScheme,
    viewport,
    deviceScaleFactor: 2,
    hasTouch: true,
  });
  const page = await context.newPage();
  await page.goto(`${site.address}/phone/`);
  await page.getByTestId('sign-up').waitFor();
  return page;
}

type Shoot = (name: string) => Promise<void>;

async function shootSignUp(page: Page, shoot: Shoot): Promise<void> {
  await shoot('01-home');
  await page.getByTestId('sign-up').click();
  await page.locator('[data-testid^="flight-"]').first().waitFor();
  await shoot('02-flight');
  await page.locator('[data-testid^="flight-"]').first().click();
  await page.getByTestId('next').click();
  await shoot('03-seat');
  await page.getByTestId('seat').fill('14B');
  await page.getByTestId('name').fill('WANG/JUN');
  await page.getByTestId('next').click();
  await page.getByTestId('wallet-1').click();
  await shoot('04-wallet');
  await page.getByTestId('next').click();
  await page.getByTestId('agree').waitFor();
  await shoot('05-consent');
  await page.getByTestId('agree').click();
  await page.getByRole('link', { name: 'Agree' }).waitFor();
  await page.goBack();
  await page.getByTestId('to-wallet').waitFor();
  await shoot('06-waiting');
  await page.getByTestId('to-wallet').click();
  await page.getByRole('link', { name: 'Say no' }).click();
  await page.getByTestId('refusal').waitFor();
  await shoot('07-refused');
  await page.getByTestId('way-out').click();
  // The refused sign-up has gone once the next one begins.
  await page.getByTestId('wallet-1').waitFor();
  await page.goto(`${site.address}/phone/${OTHER_BROWSER_HASH}`);
  await page.getByTestId('other-browser').waitFor();
  await shoot('07-other-browser');
  await page.getByTestId('to-start').click();
  await page.getByTestId('sign-up').waitFor();
}

async function shootFlight(page: Page, shoot: Shoot): Promise<void> {
  await goToWallet(page, {});
  await page.getByRole('link', { name: 'Agree' }).click();
  await expect(page.getByTestId('tick-code')).toHaveAttribute('data-done', 'true');
  await expect(page.getByTestId('tick-page')).toHaveAttribute('data-done', 'true');
  await shoot('08-fly-mode');
  await page.getByTestId('later').click();
  await page.getByTestId('code').waitFor();
  await shoot('09-code');
  await page.getByTestId('tab-menu').click();
  await page.getByTestId('add-ML-001').click();
  await page.getByTestId('add-ML-003').click();
  await page.getByTestId('total').waitFor();
  await shoot('10-menu');
  await page.getByTestId('to-order').click();
  await page.getByTestId('code').waitFor();
  await shoot('11-order');
  await page.getByTestId('to-code').click();
  await page.getByTestId('tab-purchases').click();
  await page.getByTestId('order-state').waitFor();
  await shoot('12-purchases-empty');
  tellOrder({ state: 'must-act', act: 'pay-in-wallet', totalMinor: 4800, paidMinor: 0 });
  await page.reload();
  await expect(page.getByTestId('order-state')).toHaveAttribute('data-state', 'must-act');
  await shoot('13-purchases');
  await page.getByTestId('tab-more').click();
  await page.getByTestId('forget').waitFor();
  await shoot('14-more');
  await page.getByTestId('forget').click();
  await shoot('15-forget');
  await page.getByTestId('keep').click();
  await page.getByTestId('to-picture').click();
  await page.getByTestId('picture').waitFor();
  await shoot('16-picture');
  await page.getByTestId('to-code').click();
  await page.getByTestId('scan-till').click();
  await page.getByTestId('camera').waitFor();
  await shoot('17-scan');
}

/** What ground says became of the newest passenger's order. */
function tellOrder(change: Partial<PhoneOrder>): void {
  const guest = [...site.ground.guests.values()].at(-1);
  if (guest?.state.kind !== 'enrolled' || guest.order === null) throw new Error('nobody has signed up');
  const line = readLine(sellTo({ ground: site.ground, enrolled: guest.state }));
  if (line?.ty !== 'SALE') throw new Error('a sale is a sale');
  const sale = {
    terminal: line.dev,
    seq: line.seq,
    atMs: line.t,
    totalMinor: line.b.tot,
    lines: line.b.lines.map(({ n, q, p }) => ({ name: n, q, amountMinor: q * p })),
  };
  guest.order = { ...guest.order, sales: [sale], ...change };
}
