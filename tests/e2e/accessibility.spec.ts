import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { ordinaryPassenger, showCode } from '../support/demo-passengers.ts';
import { confirmSale, nextPassenger, scanSomeone, tapItem } from '../support/selling.ts';
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
    await confirmSale(page);
    await check('confirmed');
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
  });
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
