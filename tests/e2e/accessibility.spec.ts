import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import type { SettlementState } from '../../bridge/settlement-state.ts';
import type { BillSettlement } from '../../domain/settlement/settlement-view.ts';
import { ordinaryPassenger, showCode } from '../support/demo-passengers.ts';
import { confirmSale, nextPassenger, scanSomeone, tapItem } from '../support/selling.ts';
import type { WindowTill } from '../support/window-till.ts';
import { expect, test } from './till-test.ts';

/** What axe finds; the legacy mode is the one that needs no second page, which Electron cannot open. */
async function violations(page: Page): Promise<readonly string[]> {
  const { violations: found } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
}

for (const theme of ['night', 'day'] as const) {
  test(`every screen is clean for axe by ${theme}`, async ({ openTill }) => {
    const till = await openTill({ settings: { theme, language: theme === 'day' ? 'en' : 'zh' } });
    const { page } = till;
    const check = async (name: string): Promise<void> => {
      expect({ name, found: await violations(page) }).toEqual({ name, found: [] });
    };
    await check('idle');
    await scanSomeone(till, ordinaryPassenger(till.people, 1));
    await tapItem(page);
    await check('basket');
    await page.getByTestId('ask-on-phone').click();
    await page.getByTestId('asking').waitFor();
    await check('asking for the amount');
    await page.getByTestId('stop-asking').click();
    await confirmSale(page);
    await check('confirmed');
    await page.getByTestId('copy-for-passenger').click();
    await page.getByTestId('copy-code').waitFor();
    await check("the passenger's copy");
    await page.getByTestId('close-copy').click();
    await page.getByTestId('undo-sale').click();
    await check('void reasons');
    await page.getByTestId('void-keep').click();
    await nextPassenger(page);
    await expect(async () => {
      // A new text each time: the same one is not heard again before it has been out of view.
      await till.wedge(showCode(ordinaryPassenger(till.people), Math.floor(Date.now() / 1000) - 600));
      await expect(page.getByTestId('refusal')).toBeVisible({ timeout: 2500 });
    }).toPass();
    await check('refusal');
    await page.getByTestId('scan-again').click();
    for (const screen of ['bills', 'devices', 'flight']) {
      await page.getByTestId(`nav-${screen}`).click();
      await check(screen);
    }
    await page.getByTestId('import-results').click();
    await check('import of results');
    await page.getByTestId('close-import').click();
    await checkResults(till, check);
  });
}

/** What is shown when ground has answered; main is left out, for it has no ground here. */
async function checkResults(till: WindowTill, check: (name: string) => Promise<void>): Promise<void> {
  const { app, page } = till;
  await page.getByTestId('nav-bills').click();
  const ids = await page
    .locator('.bill-row')
    .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-testid')?.slice(5) ?? ''));
  const standings = ['must-act', 'paid', 'with-ground'] as const;
  const bills = ids.map((bill, i): [string, BillSettlement] => [
    bill,
    { status: standings[i % standings.length] ?? 'paid', amountMinor: 4800, currency: 'CNY', code: '1' },
  ]);
  const state: SettlementState = {
    ground: { kind: 'unreachable', why: 'no-network', nextTryAtMs: null },
    batches: [],
    bills: Object.fromEntries(bills),
    unsent: { count: 1, minor: 4800 },
  };
  await app.evaluate(({ webContents }, sent) => {
    webContents.getAllWebContents()[0]?.send('till:settlement', sent);
  }, state);
  await page.getByTestId('result-notice').waitFor();
  await page.locator('.bill-row').first().click();
  await page.getByTestId('bill-standing').waitFor();
  await check('bills with results');
  await page.getByTestId('nav-flight').click();
  await check('flight without a network');
}

test('a whole sale can be made by keyboard alone, with the focus always visible', async ({ openTill }) => {
  const till = await openTill();
  const { page } = till;
  await scanSomeone(till);
  const reach = async (testId: RegExp): Promise<void> => {
    for (let presses = 0; presses < 120; presses++) {
      await page.keyboard.press('Tab');
      const focused = await page.evaluate(() => {
        const element = document.activeElement as HTMLElement | null;
        const outline = element === null ? '' : getComputedStyle(element).outlineStyle;
        return { id: element?.dataset['testid'] ?? '', isMarked: outline !== 'none' && outline !== '' };
      });
      if (testId.test(focused.id)) {
        expect(focused).toMatchObject({ isMarked: true });
        return;
      }
    }
    throw new Error(`${testId.source} is not reached by Tab`);
  };
  await reach(/^item-/);
  await page.keyboard.press('Space');
  await expect(page.getByTestId('confirm')).toBeEnabled();
  await reach(/^confirm$/);
  await page.keyboard.press('Enter');
  await page.getByTestId('confirmed').waitFor();
  await reach(/^next-passenger$/);
  await page.keyboard.press('Enter');
  await page.getByTestId('confirmed').waitFor({ state: 'detached' });
});
