// From asking for a slip to the cut, over a serial line of real speed.
import type { Page } from '@playwright/test';
import type { TillBridge } from '../../bridge/contract.ts';
import { openToOrdinaryUser } from '../../build/launch.mjs';
import { eventsOf } from '../support/till-files.ts';
import { openVirtualPrinter } from '../support/virtual-printer/virtual-printer.ts';
import { withTill } from './bench-till.ts';
import type { Measured } from './row.ts';

const SOLD = { sales: 1, items: 20 };
const BAUD = 115_200;
/** Start bit, eight data bits, stop bit. */
const BITS_PER_BYTE = 10;
const RUNS = 9;
const PATIENCE_MS = 60_000;

/** The printer itself prints at once: what is left is the till and the line. */
export async function measureReceipt(): Promise<Measured> {
  let cutAtMs = 0;
  const printer = await openVirtualPrinter({
    cpl: 48,
    baud: BAUD,
    onSlip: () => {
      cutAtMs = Date.now();
    },
  });
  openToOrdinaryUser(printer.address);
  const settings = {
    printer: { kind: 'serial', path: printer.address, baud: BAUD, paperMm: 80 },
  } as const;
  const values: number[] = [];
  const yardsticks: number[] = [];
  try {
    await withTill({ sold: SOLD, settings }, async ({ page, dir }) => {
      const seq = eventsOf(dir, 'SALE').at(-1)?.seq ?? 0;
      await isPrinterFree(page);
      for (let run = 0; run < RUNS; run++) {
        const bytesBefore = printer.snapshot().receivedBytes;
        const askedAtMs = await askForSlip(page, seq);
        await printer.waitForSlip(run + 1, PATIENCE_MS);
        values.push(cutAtMs - askedAtMs);
        await isPrinterFree(page);
        const bytes = printer.snapshot().receivedBytes - bytesBefore;
        yardsticks.push((bytes * BITS_PER_BYTE * 1000) / BAUD);
      }
    });
  } finally {
    await printer.close();
  }
  return { name: 'receipt_20_items', unit: 'ms', values, yardsticks };
}

/** The call the button makes; answers the epoch time in ms at which it was made. */
async function askForSlip(page: Page, seq: number): Promise<number> {
  return page.evaluate(async (wanted) => {
    const askedAtMs = Date.now();
    const { till } = globalThis as unknown as { till: TillBridge };
    const answer = await till.call('printReceipt', { seq: wanted });
    if (!answer.ok) throw new Error(answer.error.problem.kind);
    return askedAtMs;
  }, seq);
}

/** No slip waits, and the printer is ready for one. */
async function isPrinterFree(page: Page): Promise<void> {
  await page.getByTestId('device-slips').waitFor({ state: 'detached' });
  await page.locator('[data-testid="device-printer"][data-state="ready"]').waitFor();
}
