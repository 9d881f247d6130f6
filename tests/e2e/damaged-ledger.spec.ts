// The window's copy on a disk that damages it, or put back from an older day: the journal has everything (journal.md 5.4).
import { cpSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { ordinaryPassenger } from '../support/demo-passengers.ts';
import { confirmSale, nextPassenger, sellOne, tapItem } from '../support/selling.ts';
import { eventsOf, journalLines } from '../support/till-files.ts';
import type { WindowTill } from '../support/window-till.ts';
import { expect, test } from './till-test.ts';

function ledgerFolder(dir: string): string {
  return join(dir, 'till', 'IndexedDB', 'app_pos_0.indexeddb.leveldb');
}

/** The files Chromium's LevelDB keeps the data itself in. */
function dataFiles(dir: string): readonly string[] {
  const folder = ledgerFolder(dir);
  const names = readdirSync(folder).filter((name) => /\.(log|ldb)$/.test(name));
  return names.map((name) => join(folder, name)).filter((path) => statSync(path).size > 0);
}

function change(path: string, how: (bytes: Buffer) => void): void {
  const bytes = readFileSync(path);
  how(bytes);
  writeFileSync(path, bytes);
}

/** Three sales to one passenger; the window is closed afterwards. */
async function sellThree(till: WindowTill): Promise<number> {
  await sellOne(till, ordinaryPassenger(till.people));
  for (let i = 0; i < 2; i++) {
    await till.page.getByTestId('more-for').click();
    await tapItem(till.page, 7 + i);
    await confirmSale(till.page);
  }
  await nextPassenger(till.page);
  await till.app.close();
  return eventsOf(till.dir, 'SALE').reduce((sum, sale) => sum + sale.b.tot, 0);
}

async function expectAllSales(page: Page, netMinor: number): Promise<void> {
  await page.getByTestId('nav-flight').click();
  await expect(page.getByTestId('total-net')).toContainText((netMinor / 100).toFixed(2));
}

async function dismissNotices(page: Page): Promise<void> {
  const dismiss = page.getByTestId('dismiss-notices');
  if (await dismiss.isVisible()) await dismiss.click();
}

for (const [what, damage, isLost] of [
  [
    '64 flipped bytes',
    (dir: string): void => {
      for (const path of dataFiles(dir)) {
        change(path, (bytes) => {
          const start = Math.floor(bytes.length / 2);
          for (let i = start; i < Math.min(start + 64, bytes.length); i++) bytes[i] = (bytes[i] ?? 0) ^ 0xff;
        });
      }
    },
    true,
  ],
  [
    'a block of zeros',
    (dir: string): void => {
      for (const path of dataFiles(dir)) change(path, (bytes) => bytes.fill(0, 0, 4096));
    },
    true,
  ],
  [
    'half of its files cut off',
    (dir: string): void => {
      for (const path of dataFiles(dir)) truncateSync(path, Math.floor(statSync(path).size / 2));
    },
    true,
  ],
  [
    'its table of contents gone',
    (dir: string): void => {
      rmSync(join(ledgerFolder(dir), 'CURRENT'));
    },
    // Chromium mends this by itself.
    false,
  ],
  [
    'all of its files gone',
    (dir: string): void => {
      rmSync(join(dir, 'till', 'IndexedDB'), { recursive: true });
    },
    true,
  ],
] as const) {
  test(`a ledger with ${what} is whole again without a question, and the till sells on`, async ({
    openTill,
  }) => {
    const till = await openTill();
    const netMinor = await sellThree(till);
    const before = journalLines(till.dir);
    damage(till.dir);
    const again = await openTill({ dir: till.dir });
    await expect(again.page.getByTestId('notice-ledger-rebuilt')).toHaveCount(isLost ? 1 : 0);
    await dismissNotices(again.page);
    await expectAllSales(again.page, netMinor);
    expect(journalLines(till.dir).slice(0, before.length)).toEqual(before);
    await again.page.getByTestId('nav-sell').click();
    await sellOne(again, ordinaryPassenger(till.people, 1));
    expect(eventsOf(till.dir, 'SALE')).toHaveLength(4);
  });
}

test('a ledger put back from an older day catches up, and asks nothing about each sale', async ({
  openTill,
}) => {
  const first = await openTill();
  await sellOne(first);
  await first.app.close();
  const copy = join(first.dir, 'ledger-of-last-week');
  cpSync(ledgerFolder(first.dir), copy, { recursive: true });
  const till = await openTill({ dir: first.dir });
  const netMinor = await sellThree(till);
  rmSync(ledgerFolder(till.dir), { recursive: true });
  cpSync(copy, ledgerFolder(till.dir), { recursive: true });
  const again = await openTill({ dir: till.dir });
  await expect(again.page.getByTestId('notice-ledger-rebuilt')).toBeVisible();
  await expect(again.page.getByTestId('notice-sale-before-restart')).toHaveCount(0);
  await dismissNotices(again.page);
  await expectAllSales(again.page, netMinor);
});
