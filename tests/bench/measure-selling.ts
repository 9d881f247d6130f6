// Taps and sales at the real window.
import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { DemoPassenger } from '../support/demo-passengers.ts';
import { scanSomeone } from '../support/selling.ts';
import { journalLines } from '../support/till-files.ts';
import type { WindowTill } from '../support/window-till.ts';
import { withTill } from './bench-till.ts';
import { timeTap } from './page-probe.ts';
import type { Measured } from './row.ts';

const TAP_ROUNDS = 3;
const TAPS_A_ROUND = 10;
const SALES_BEFORE = 10;
const SALES = 20;
/** Below what any phone may charge on one flight. */
const SALES_A_PASSENGER = 8;
const DRINKS = 3;
const CONFIRM = '[data-testid="confirm"]';
const CONFIRMED = '[data-testid="confirmed"]';
/** Something in the window that does nothing. */
const INERT = '[data-testid="demo-mark"]';

/** Different items, so that each tap makes a line of its own. */
export async function measureTap(): Promise<Measured> {
  return withTill({}, async (till) => {
    const { page } = till;
    await scanSomeone(till);
    const ids = await page
      .locator('[data-testid^="item-"]')
      .evaluateAll((tiles) => tiles.map((tile) => tile.dataset['testid'] ?? ''));
    const values: number[] = [];
    const yardsticks: number[] = [];
    for (let round = 0; round < TAP_ROUNDS; round++) {
      for (const id of ids.slice(0, TAPS_A_ROUND)) {
        const line = `[data-testid="${id.replace('item-', 'basket-line-')}"]`;
        values.push(await timeTap(page, `[data-testid="${id}"]`, line));
        yardsticks.push(await timeTap(page, INERT, INERT));
      }
      await page.getByTestId('clear-basket').click();
    }
    return { name: 'tap_to_basket', unit: 'ms', values, yardsticks };
  });
}

export async function measureConfirm(): Promise<Measured> {
  return withTill({}, (till) => measureSales(till, 'confirm_sale'));
}

/** With a journal of 10,000 sales of this flight; the ledger is built from it before the first sale is measured. */
export async function measureConfirmAfterMany(): Promise<Measured> {
  return withTill({ sold: { sales: 10_000, items: 1 } }, (till) =>
    measureSales(till, 'confirm_sale_after_10000'),
  );
}

async function measureSales(till: WindowTill, name: Measured['name']): Promise<Measured> {
  const { page } = till;
  const people = till.people.filter((one) => one.listed && !one.denied && one.holder !== null);
  await page.locator('button.category').nth(DRINKS).click();
  const values: number[] = [];
  const yardsticks: number[] = [];
  for (let sale = 0; sale < SALES_BEFORE + SALES; sale++) {
    const passenger = people[Math.floor(sale / SALES_A_PASSENGER)];
    if (passenger === undefined) throw new Error('too few passengers');
    const tookMs = await sell(till, passenger, sale % SALES_A_PASSENGER === 0);
    if (sale < SALES_BEFORE) continue;
    values.push(tookMs);
    yardsticks.push(...appendBare(till.dir));
  }
  return { name, unit: 'ms', values, yardsticks };
}

async function sell(till: WindowTill, passenger: DemoPassenger, isFirst: boolean): Promise<number> {
  const { page } = till;
  if (isFirst) await scanSomeone(till, passenger);
  else await page.getByTestId('more-for').click();
  await page.locator('[data-testid^="item-"]').first().click();
  await page.locator('[data-testid^="basket-line-"]').waitFor();
  return timeTap(page, CONFIRM, CONFIRMED);
}

/** The same bytes into a file of the same folder, and nothing else: what no till can be faster than. */
function appendBare(dir: string): readonly number[] {
  const line = Buffer.from(`${journalLines(dir).at(-1) ?? ''}\n`, 'latin1');
  const path = join(dir, 'till', 'journal', 'bench.bin');
  const fd = openSync(path, 'a');
  const tookMs = [0, 1].map(() => {
    const startedMs = performance.now();
    writeSync(fd, line);
    fdatasyncSync(fd);
    return performance.now() - startedMs;
  });
  closeSync(fd);
  rmSync(path);
  return tookMs;
}
