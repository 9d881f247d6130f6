import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { readOrderCode } from '../../domain/handheld/order-code.ts';
import { verify } from '../ground/phone/support/phone-scene.ts';
import { goToWallet, showCode, signUp } from './phone-hands.ts';
import { codesInPng, codesSeen, currentCode } from './phone-reading.ts';
import { openPhoneSite, type PhoneSite } from './phone-site.ts';

test.use({ viewport: { width: 390, height: 844 }, locale: 'en-GB', deviceScaleFactor: 2 });

let site: PhoneSite;
test.beforeEach(async ({ page }) => {
  site = await openPhoneSite();
  page.on('console', (message) => {
    if (message.type() === 'error' && !/ERR_INTERNET_DISCONNECTED|ERR_FAILED/.test(message.text())) {
      complaints.push(message.text());
    }
  });
  page.on('pageerror', (error) => {
    complaints.push(error.message);
  });
  complaints.length = 0;
  await page.goto(`${site.address}/phone/`);
});
test.afterEach(async () => {
  await site.close();
  // A broken policy speaks up here: blocked styles, scripts, workers.
  expect(complaints).toEqual([]);
});
const complaints: string[] = [];

const nowSeconds = (): number => Math.floor(Date.now() / 1000);

async function expectAccepted(code: string, lastProofAt: number | null = null): Promise<void> {
  const verdict = verify(code, site.ground, { nowSeconds: nowSeconds(), lastProofAt: () => lastProofAt });
  expect(verdict).toMatchObject({ ok: true, value: { mode: 'dynamic' } });
  await Promise.resolve();
}

test('a passenger signs up, passes the fly-mode test and has a code with no network', async ({
  page,
  context,
}) => {
  await signUp(page);
  for (const tick of ['page', 'data', 'code']) {
    await expect(page.getByTestId(`tick-${tick}`)).toHaveAttribute('data-done', 'true');
  }
  await expect(page.getByTestId('tick-offline')).toHaveAttribute('data-done', 'false');
  await expect(page.getByTestId('reload')).toBeDisabled();
  await context.setOffline(true);
  await expect(page.getByTestId('tick-offline')).toHaveAttribute('data-done', 'true');
  await page.getByTestId('reload').click();
  await expect(page.getByTestId('fly-mode-passed')).toBeVisible();
  await page.getByTestId('to-code').click();
  await expectAccepted(await currentCode(page));
});

test('without a network the code goes on changing, and each is later than the one before', async ({
  page,
  context,
}) => {
  await showCode(page);
  await context.setOffline(true);
  await page.reload();
  const first = await currentCode(page);
  await expectAccepted(first);
  await expect(page.getByTestId('code')).not.toHaveAttribute('data-code', first, { timeout: 30_000 });
  const second = await currentCode(page);
  const provedAt = verify(first, site.ground, { nowSeconds: nowSeconds() });
  if (!provedAt.ok) throw new Error('the first code is good');
  await expectAccepted(second, provedAt.value.provedAt);
});

test('the code is big enough for a camera, on white, in every theme and on small phones', async ({
  page,
}) => {
  await showCode(page);
  for (const [width, height] of [
    [390, 844],
    [320, 568],
    [844, 390],
  ] as const) {
    await page.setViewportSize({ width, height });
    const box = await page.getByTestId('code').boundingBox();
    // 35 mm on a phone of 160 CSS pixels per inch, the quiet zone not counted.
    expect(((box?.width ?? 0) * 69) / 77).toBeGreaterThan(220);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await codesSeen(page.getByTestId('code'))).toHaveLength(1);
    }
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  }
});

test('the page under its policy lets no foreign script and no inline style in', async ({ page }) => {
  const blocked = await page.evaluate(() => {
    const violations: string[] = [];
    document.addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective));
    try {
      document.body.insertAdjacentHTML('beforeend', '<img src="x">');
    } catch {
      violations.push('trusted-types');
    }
    try {
      new Worker('/phone/first-paint.js');
    } catch {
      violations.push('worker');
    }
    return violations;
  });
  expect(blocked).toContain('trusted-types');
  expect(blocked).toContain('worker');
  complaints.length = 0;
});

test('a refusal says why and what can be done, and costs nothing', async ({ page }) => {
  await goToWallet(page, { seat: '14B' });
  await page.getByRole('link', { name: 'Say no' }).click();
  await expect(page.getByTestId('refusal')).toHaveAttribute('data-why', 'wallet-not-accepted');
  await expect(page.getByTestId('refusal')).toContainText('Nothing was charged');
  await page.getByTestId('way-out').click();
  // Another wallet, with everything else as it was filled in before.
  await page.getByTestId('wallet-2').click();
  await page.getByTestId('next').click();
  await page.getByTestId('agree').click();
  await page.getByRole('link', { name: 'Agree' }).click();
  await page.getByTestId('later').click();
  await expect(page.getByTestId('my-seat')).toHaveText('14B');
});

test('a refusal before the wallet sends the passenger back to what was wrong', async ({ page }) => {
  await goToWallet(page, { seat: '99Z' });
  await expect(page.getByTestId('refusal')).toHaveAttribute('data-why', 'seat-unknown');
  await page.getByTestId('way-out').click();
  await expect(page.getByTestId('seat')).toHaveValue('99Z');
  // A refused answer is written to the console by the browser itself.
  complaints.length = 0;
});

test('the menu works offline and turns a choice into a code for the crew', async ({ page, context }) => {
  await showCode(page);
  await context.setOffline(true);
  await page.reload();
  await page.getByTestId('tab-menu').click();
  await page.getByTestId('add-ML-001').click();
  await page.getByTestId('add-ML-001').click();
  await page.getByTestId('category-alcohol').click();
  await page.getByTestId('add-AL-001').click();
  // Two meals at 48 with five percent off for the member, a beer at 25 without.
  await expect(page.getByTestId('total')).toHaveText('￥116.20');
  await page.reload();
  await page.getByTestId('to-order').click();
  await page.getByTestId('code').waitFor();
  const [text = ''] = await codesSeen(page);
  expect(readOrderCode(text)).toEqual({
    ok: true,
    value: [
      { sku: 'ML-001', q: 2 },
      { sku: 'AL-001', q: 1 },
    ],
  });
});

test('the static picture carries its limits and a till takes it as a picture', async ({ page }) => {
  await showCode(page);
  await page.getByTestId('tab-more').click();
  await page.getByTestId('to-picture').click();
  const download = page.waitForEvent('download');
  await page.getByTestId('save-picture').click();
  const { createReadStream } = await import('node:fs');
  const chunks: Buffer[] = [];
  for await (const chunk of createReadStream(await (await download).path())) chunks.push(chunk as Buffer);
  const [text = ''] = await codesInPng(Buffer.concat(chunks));
  expect(verify(text, site.ground, { nowSeconds: nowSeconds() })).toMatchObject({
    ok: true,
    value: { mode: 'static' },
  });
});

test('a flight can be forgotten, and another kept beside it', async ({ page }) => {
  await showCode(page);
  await page.getByTestId('tab-more').click();
  await page.getByTestId('another').click();
  await page.locator('[data-testid^="flight-"]').first().click();
  await page.getByTestId('seat').fill('3F');
  await page.getByTestId('name').fill('LI/MING');
  await page.getByTestId('next').click();
  await page.getByTestId('wallet-2').click();
  await page.getByTestId('next').click();
  await page.getByTestId('agree').click();
  await page.getByRole('link', { name: 'Agree' }).click();
  await page.getByTestId('tab-more').or(page.getByTestId('tick-page')).waitFor();
  await page.goto(`${site.address}/phone/`);
  await page.getByTestId('tab-more').click();
  await expect(page.getByTestId('flight-entry')).toHaveCount(2);
  await page.getByTestId('forget').first().click();
  await page.getByTestId('forget-now').click();
  // The one that is left comes up.
  await expect(page.getByTestId('my-seat')).toHaveText('12C');
  await page.reload();
  await page.getByTestId('tab-more').click();
  await expect(page.getByTestId('flight-entry')).toHaveCount(1);
});

test('it speaks Chinese to a Chinese phone and switches in place', async ({ browser }) => {
  const chinese = await browser.newContext({ locale: 'zh-CN' });
  const page = await chinese.newPage();
  await page.goto(`${site.address}/phone/`);
  await expect(page.getByTestId('sign-up')).toHaveText('为航班报名');
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await page.getByTestId('language').click();
  await expect(page.getByTestId('sign-up')).toHaveText('Sign up for a flight');
  await page.reload();
  await expect(page.getByTestId('sign-up')).toHaveText('Sign up for a flight');
  await chinese.close();
});

test('every page is accessible', async ({ page }) => {
  test.slow();
  await expectAccessible(page, 'home');
  await showCode(page);
  await page.getByTestId('code').waitFor();
  const id = /flight\/([0-9a-f]+)/.exec(page.url())?.[1] ?? '';
  await page.getByTestId('tab-menu').click();
  await page.getByTestId('add-ML-001').click();
  await page.getByTestId('total').waitFor();
  const names = ['code', 'menu', 'order', 'purchases', 'more', 'scan', 'picture', 'fly-mode'];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const name of names) {
      await page.goto(`${site.address}/phone/#/flight/${id}/${name}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await expectAccessible(page, `${name}, ${colorScheme}`);
    }
    await page.goto(`${site.address}/phone/#/sign-up/flight`);
    await page.locator('[data-testid^="flight-"]').first().waitFor();
    await expectAccessible(page, `flights, ${colorScheme}`);
  }
});

async function expectAccessible(page: Page, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const said = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`);
  expect(said, what).toEqual([]);
}
