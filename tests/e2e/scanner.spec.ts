// Scanners: one on a serial port (a real pty), and one that types like a keyboard.
import { chmodSync, realpathSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { openToOrdinaryUser } from '../../build/launch.mjs';
import { ordinaryPassenger, showCode, type DemoPassenger } from '../support/demo-passengers.ts';
import { expectOnBar } from '../support/device-bar.ts';
import { confirmSale, nextPassenger, sellOne, tapItem } from '../support/selling.ts';
import { eventsOf } from '../support/till-files.ts';
import { openVirtualScanner, type VirtualScanner } from '../support/virtual-scanner.ts';
import type { WindowTill } from '../support/window-till.ts';
import { expect, test as base } from './till-test.ts';

type ScannerTill = { readonly till: WindowTill; readonly scanner: VirtualScanner };

const test = base.extend<{ readonly openScannerTill: () => Promise<ScannerTill> }>({
  openScannerTill: async ({ openTill }, use) => {
    const scanner = await openVirtualScanner();
    openToOrdinaryUser(scanner.address);
    await use(async () => {
      const till = await openTill({
        settings: { scanner: { kind: 'serial', path: scanner.address, baud: 115_200 } },
      });
      await expectOnBar(till.page, 'scanner', 'ready', { zh: '扫码枪', en: 'Scanner' });
      return { till, scanner };
    });
    await scanner.close();
  },
});

function freshCode(passenger: DemoPassenger): string {
  return showCode(passenger, Math.floor(Date.now() / 1000));
}

/** As a crew member does: once more when nothing happened. */
async function scanUntilSeen({ till, scanner }: ScannerTill, passenger: DemoPassenger): Promise<void> {
  await expect(async () => {
    scanner.scan(freshCode(passenger));
    await expect(till.page.getByTestId('seat')).toHaveText(passenger.seat, { timeout: 2000 });
  }).toPass();
}

test('a serial scanner opens the card, and noise on its line is not heard', async ({ openScannerTill }) => {
  const { till, scanner } = await openScannerTill();
  const passenger = ordinaryPassenger(till.people);
  scanner.scan('HELLO WORLD');
  scanner.scan('WIFI:S:CABIN;T:WPA;P:12345678;;');
  scanner.scan(freshCode(passenger));
  await expect(till.page.getByTestId('seat')).toHaveText(passenger.seat);
  expect(eventsOf(till.dir, 'CRED_SEEN')).toHaveLength(1);
  await nextPassengerAfterSale(till);
  // What crews hold up by mistake is heard, and called by its name.
  scanner.scan('134567890123456789');
  await expect(till.page.getByTestId('refusal')).toHaveAttribute('data-kind', 'code-is-payment-code');
});

async function nextPassengerAfterSale({ page }: WindowTill): Promise<void> {
  await tapItem(page);
  await confirmSale(page);
  await nextPassenger(page);
}

test('ten megabytes of rubbish from the scanner leave the till usable', async ({ openScannerTill }) => {
  const scannerTill = await openScannerTill();
  const { till, scanner } = scannerTill;
  const { page } = till;
  scanner.send(randomBytes(10 * 1024 * 1024));
  await sellOne(till, ordinaryPassenger(till.people, 1));
  await nextPassenger(page);
  await scanUntilSeen(scannerTill, ordinaryPassenger(till.people));
  await nextPassengerAfterSale(till);
  expect(eventsOf(till.dir, 'SALE')).toHaveLength(2);
  await expect(page.getByTestId('device-scanner')).toHaveAttribute('data-state', 'ready');
});

test('a megabyte of false codes is thinned out to what a hand could hold up', async ({ openScannerTill }) => {
  const scannerTill = await openScannerTill();
  const { till, scanner } = scannerTill;
  const falseCodes = Array.from({ length: 100_000 }, (_, i) => `CP1:${i.toString()}\r`).join('');
  scanner.send(Buffer.from(falseCodes));
  await scanUntilSeen(scannerTill, ordinaryPassenger(till.people));
  await nextPassengerAfterSale(till);
  expect(eventsOf(till.dir, 'SALE')).toHaveLength(1);
  expect(eventsOf(till.dir, 'CRED_SEEN').length).toBeLessThan(100);
});

test('a scanner unplugged, plugged in again, or not allowed is told on the bar', async ({
  openScannerTill,
}) => {
  const scannerTill = await openScannerTill();
  const { till, scanner } = scannerTill;
  await scanner.unplug();
  await expectOnBar(till.page, 'scanner', 'no-port', { zh: '扫码枪未连接', en: 'Scanner unplugged' });
  await scanner.plugIn();
  openToOrdinaryUser(scanner.address);
  await expectOnBar(till.page, 'scanner', 'ready', { zh: '扫码枪', en: 'Scanner' });
  await scanUntilSeen(scannerTill, ordinaryPassenger(till.people));
  await scanner.unplug();
  await scanner.plugIn();
  chmodSync(realpathSync(scanner.address), 0o000);
  await expectOnBar(till.page, 'scanner', 'no-port', { zh: '扫码枪未获许可', en: 'Scanner not allowed' });
  await nextPassengerAfterSale(till);
});

test('a scanner that types is heard with Enter or Tab at its end, also over a dialog, and presses nothing', async ({
  openTill,
}) => {
  const till = await openTill();
  const { page } = till;
  const first = ordinaryPassenger(till.people, 0);
  const second = ordinaryPassenger(till.people, 1);
  await expect(async () => {
    await page.keyboard.type(freshCode(first), { delay: 0 });
    await page.keyboard.press('Tab');
    await expect(page.getByTestId('seat')).toHaveText(first.seat, { timeout: 2000 });
  }).toPass();
  await tapItem(page);
  await confirmSale(page);
  await page.getByTestId('undo-sale').click();
  await page.getByTestId('void-reason-mistake').focus();
  await till.wedgePassenger(second);
  await expect(page.getByTestId('seat')).toHaveText(second.seat);
  await expect(page.getByRole('dialog')).toHaveCount(0);
  expect(eventsOf(till.dir, 'VOID')).toEqual([]);

  await page.getByTestId('device-slips').click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await till.wedgePassenger(first);
  await expect(page.getByTestId('seat')).toHaveText(first.seat);
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('a person typing the beginning of a code, or an input method at work, is no scan', async ({
  openTill,
}) => {
  const till = await openTill();
  const { page } = till;
  const code = freshCode(ordinaryPassenger(till.people));
  const search = page.getByTestId('search');
  const typed = code.slice(0, 16);
  await search.click();
  await search.pressSequentially(typed, { delay: 120 });
  await page.keyboard.press('Enter');
  await expect(search).toHaveValue(typed);

  await search.fill('');
  const devTools = await till.app.context().newCDPSession(page);
  await devTools.send('Input.imeSetComposition', { text: 'kele', selectionStart: 4, selectionEnd: 4 });
  await page.keyboard.type(code, { delay: 0 });
  await page.keyboard.press('Enter');
  await expect(search).toHaveValue(`kele${code}`);
  await search.fill('');
  await expect(page.getByTestId('refusal')).toHaveCount(0);
  expect(eventsOf(till.dir, 'CRED_SEEN')).toEqual([]);
  await sellOne(till);
});
