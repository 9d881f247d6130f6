// Browsers that cannot do everything, clocks that are wrong, and builds that follow one another.
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { verify } from '../ground/phone/support/phone-scene.ts';
import { goToWallet, showCode } from './phone-hands.ts';
import { currentCode } from './phone-reading.ts';
import { openPhoneSite, PHONE_FOLDER } from './phone-site.ts';
import { picturesFolder } from './pictures.ts';

test.use({ viewport: { width: 390, height: 844 }, locale: 'en-GB', deviceScaleFactor: 2 });

test.describe('inside a wallet’s app', () => {
  test.use({
    userAgent: 'Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/116 MicroMessenger/8.0.44',
  });

  test('the page asks for the system browser, and gives a static picture to who stays', async ({ page }) => {
    // As in such an app: no service worker, and no key that lasts.
    await page.addInitScript(() => {
      Reflect.deleteProperty(Navigator.prototype, 'serviceWorker');
      Object.defineProperty(Crypto.prototype, 'subtle', { get: () => undefined });
    });
    const site = await openPhoneSite();
    await page.goto(`${site.address}/phone/`);
    await expect(page.getByTestId('in-app')).toContainText('Open in browser');
    await page.screenshot({ path: join(picturesFolder('phone'), 'en-day-25-in-app.png') });
    await page.getByTestId('go-on').click();
    await goToWallet(page);
    await page.getByRole('link', { name: 'Agree' }).click();
    await expect(page.getByTestId('picture')).toBeVisible();
    await page.getByTestId('to-code').click();
    await expect(page.getByTestId('picture-only')).toBeVisible();
    const nowSeconds = Math.floor(Date.now() / 1000);
    expect(verify(await currentCode(page), site.ground, { nowSeconds })).toMatchObject({
      ok: true,
      value: { mode: 'static' },
    });
    await site.close();
  });
});

test('a phone whose clock is two minutes fast says so', async ({ page }) => {
  const site = await openPhoneSite({ clockAheadMs: 120_000 });
  await page.goto(`${site.address}/phone/`);
  await showCode(page);
  await expect(page.getByTestId('clock-hint')).toContainText(/1[12]\d s fast/);
  await site.close();
});

test.describe('a new build', () => {
  const MARK = '// the next build';
  let folder: string;
  test.beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cabintill-phone-build-'));
    cpSync(PHONE_FOLDER, folder, { recursive: true });
  });
  test.afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function changeFile(isListed: boolean): void {
    const path = join(folder, 'first-paint.js');
    const hash = (): string => createHash('sha256').update(readFileSync(path)).digest('base64');
    const before = hash();
    writeFileSync(path, `${readFileSync(path, 'utf8')}${MARK}\n`);
    const worker = join(folder, 'service-worker.js');
    const list = readFileSync(worker, 'utf8');
    writeFileSync(
      worker,
      isListed ? list.replace(before, hash()) : list.replace(before, `${'A'.repeat(43)}=`),
    );
  }

  const servedText = (page: Page): Promise<string> =>
    page.evaluate(async () => (await fetch('/phone/first-paint.js')).text());

  test('waits until the passenger says so and then takes over whole', async ({ page }) => {
    const site = await openPhoneSite({ folder });
    await page.goto(`${site.address}/phone/`);
    await showCode(page);
    changeFile(true);
    await page.reload();
    await page.getByTestId('update-now').waitFor();
    expect(await servedText(page)).not.toContain(MARK);
    // Nothing is asked of the old worker meanwhile: one that was kept busy here did not go within the test's time in
    // 2 of 10 runs.
    const reloaded = page.waitForEvent('load');
    await page.getByTestId('update-now').click();
    await reloaded;
    expect(await servedText(page)).toContain(MARK);
    // The flight and its key came along.
    await currentCode(page);
    await site.close();
  });

  test('that arrives damaged never replaces the one that works', async ({ page, context }) => {
    const site = await openPhoneSite({ folder });
    await page.goto(`${site.address}/phone/`);
    await showCode(page);
    changeFile(false);
    const fate = await page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready;
      const next = await registration.update().then(() => registration.installing);
      while (next !== null && next.state === 'installing') {
        await new Promise((resolve) => {
          next.addEventListener('statechange', resolve, { once: true });
        });
      }
      return next?.state;
    });
    expect(fate).toBe('redundant');
    await context.setOffline(true);
    await page.reload();
    expect(await servedText(page)).not.toContain(MARK);
    await currentCode(page);
    await site.close();
  });
});
