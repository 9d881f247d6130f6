// Slips on paper: a virtual printer at the end of a real serial path or TCP port, seen through the real window.
import { chmodSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Page } from '@playwright/test';
import type { Settings } from '../../bridge/settings.ts';
import { openToOrdinaryUser } from '../../build/launch.mjs';
import { createSerialPorts } from '../../electron/serial/serial-ports.ts';
import { ordinaryPassenger } from '../support/demo-passengers.ts';
import { expectBoth, expectOnBar, type BothWords } from '../support/device-bar.ts';
import { COVER_OPEN, JAMMED, PAPER_OUT, SILENT, UNPLUG } from '../support/printer-troubles.ts';
import { amountsIn, amountsOf, numbersOn, readPrintedSlip } from '../support/printed-slips.ts';
import { confirmSale, nextPassenger, scanSomeone, sellOne, tapItem } from '../support/selling.ts';
import { eventsOf } from '../support/till-files.ts';
import { openVirtualTcpPrinter, type VirtualPrinter } from '../support/virtual-printer/virtual-printer.ts';
import type { WindowTill } from '../support/window-till.ts';
import { expect, test } from './till-test.ts';

const READY: BothWords = { zh: '打印机', en: 'Printer' };

function serialPrinter(path: string, paperMm: 58 | 80 = 80): Partial<Settings> {
  return { printer: { kind: 'serial', path, baud: 115_200, paperMm } };
}

async function stateOnBar(page: Page): Promise<string | null> {
  return page.getByTestId('device-printer').getAttribute('data-state');
}

async function sellMore(till: WindowTill, count: number): Promise<readonly number[]> {
  const seqs: number[] = [];
  for (let i = 0; i < count; i++) {
    seqs.push(await sellOne(till));
    await nextPassenger(till.page);
  }
  return seqs;
}

/** Every sale so far is on paper once, in order, and nothing waits any more. */
async function expectAllPrinted(till: WindowTill, printer: VirtualPrinter): Promise<void> {
  const sold = eventsOf(till.dir, 'SALE').map(({ seq }) => seq);
  await printer.waitForSlip(sold.length, 30_000);
  await expect(till.page.getByTestId('device-slips')).toHaveCount(0);
  expect(numbersOn(printer.slips())).toEqual(sold.map((seq) => `#${seq.toString()}`));
  expect(eventsOf(till.dir, 'RECEIPT').map(({ b }) => [b.seq, b.copy])).toEqual(
    sold.map((seq) => [seq, false]),
  );
}

test('slip, preview, void and copy say what the journal says, in Chinese, with a code that proves it', async ({
  openTill,
  openPrinter,
}) => {
  const printer = await openPrinter();
  const till = await openTill({ settings: serialPrinter(printer.address) });
  const { page } = till;
  await scanSomeone(till, ordinaryPassenger(till.people, 1));
  await tapItem(page, 0);
  await tapItem(page, 0);
  await tapItem(page, 1);
  const seq = await confirmSale(page);
  await expect(page.getByTestId('slip-state')).toHaveAttribute('data-state', 'printed');
  await page.getByTestId(`preview-${seq.toString()}`).click();
  const preview = await page.getByTestId('slip-preview').innerText();
  await page.getByTestId('close-preview').click();
  await page.getByTestId('undo-sale').click();
  await page.getByTestId('void-reason-changed-mind').click();
  await page.getByTestId('confirmed-void').waitFor();
  await printer.waitForSlip(2);
  await page.getByTestId('nav-bills').click();
  await page.locator('[data-testid^="bill-"]').first().click();
  await page.getByTestId(`reprint-${seq.toString()}`).click();
  const slips = await printer.waitForSlip(3);

  expect(slips.flatMap(({ doc }) => doc.warnings)).toEqual([]);
  const [sold, voided, copy] = slips.map((slip) => readPrintedSlip(slip, till.dir));
  const sale = eventsOf(till.dir, 'SALE')[0];
  if (sale === undefined || sold === undefined) throw new Error('nothing was sold');
  expect(sale.b.disc.length).toBeGreaterThan(0);
  expect(sold.text).toMatch(/[一-龥]{4}/);
  expect(amountsIn(sold.text)).toEqual(expect.arrayContaining([...amountsOf(sale)]));
  expect(amountsIn(preview)).toEqual(amountsIn(sold.text));
  expect(sold).toMatchObject({ isCopy: false, isVoid: false, code: { seq, totalMinor: sale.b.tot } });
  expect(voided).toMatchObject({ isCopy: false, isVoid: true, code: { totalMinor: -sale.b.tot } });
  expect(voided?.text).toContain('VOID');
  expect(copy).toMatchObject({ isCopy: true, isVoid: false, code: { seq, totalMinor: sale.b.tot } });
  await expect.poll(() => eventsOf(till.dir, 'RECEIPT').map(({ b }) => b.copy)).toEqual([false, false, true]);
});

test('a 58 mm printer and one on the network are chosen on the devices screen and print the same', async ({
  openTill,
  openPrinter,
}) => {
  const narrow = await openPrinter({ cpl: 32 });
  const network = await openVirtualTcpPrinter({ cpl: 48 });
  try {
    const till = await openTill();
    const { page } = till;
    await sellMore(till, 1);
    await page.getByTestId('nav-devices').click();
    await page.getByTestId('printer-kind-serial').click();
    await page.getByTestId('printer-path').fill(narrow.address);
    await page.getByTestId('printer-paper-58').click();
    await page.getByTestId('save-settings').click();
    // What was sold without a printer comes out of the first one there is.
    await expectAllPrinted(till, narrow);
    await page.getByTestId('printer-kind-tcp').click();
    await page.getByTestId('printer-host').fill('127.0.0.1');
    await page.getByTestId('printer-port').fill(network.port.toString());
    await page.getByTestId('printer-paper-80').click();
    await page.getByTestId('save-settings').click();
    await expectOnBar(page, 'printer', 'ready', READY);
    await page.getByTestId('nav-sell').click();
    await network.vanish();
    await expectOnBar(page, 'printer', 'no-port', UNPLUG.words);
    await sellMore(till, 1);
    await network.reappear();
    await network.waitForSlip(1, 30_000);
    const read = [...narrow.slips(), ...network.slips()].map((slip) => readPrintedSlip(slip, till.dir));
    const sales = eventsOf(till.dir, 'SALE');
    expect(read.map(({ code }) => code.totalMinor)).toEqual(sales.map(({ b }) => b.tot));
    expect([...narrow.slips(), ...network.slips()].flatMap(({ doc }) => doc.warnings)).toEqual([]);
  } finally {
    await network.close();
  }
});

test('whatever ails the printer is told on the bar, sales go on, and the slips come out in order afterwards', async ({
  openTill,
  openPrinter,
}) => {
  const printer = await openPrinter();
  const till = await openTill({ settings: serialPrinter(printer.address) });
  const { page } = till;
  await expectOnBar(page, 'printer', 'ready', READY);
  for (const trouble of [PAPER_OUT, COVER_OPEN, JAMMED, SILENT, UNPLUG]) {
    await test.step(trouble.state, async () => {
      await trouble.begin(printer);
      await expectOnBar(page, 'printer', trouble.state, trouble.words);
      await sellMore(till, 1);
      await expectBoth(page, 'device-slips', { zh: '1 张待打', en: '1 slip waiting' });
      await trouble.end(printer);
      await expectAllPrinted(till, printer);
    });
  }
  printer.setPaper('near-end');
  await expectOnBar(page, 'printer', 'ready', { zh: '纸将尽', en: 'Paper low' });
});

test('a printer that answers rubbish, as at a wrong speed, gets words, and three sales wait for a good one', async ({
  openTill,
  openPrinter,
}) => {
  const printer = await openPrinter();
  const till = await openTill({ settings: serialPrinter(printer.address) });
  const { page } = till;
  await expectOnBar(page, 'printer', 'ready', READY);
  // A pty has no baud rate to be wrong; what a wrong one gives the till to read is this.
  printer.setSilent(true);
  await expect(async () => {
    printer.babble(Uint8Array.of(0x80, 0xfe, 0x80, 0xf8, 0x86));
    expect(await stateOnBar(page)).toBe('garbled');
  }).toPass({ intervals: [50] });
  await expect(page.getByTestId('device-printer')).toHaveText('打印机乱码，查速率');
  await sellMore(till, 3);
  await expectBoth(page, 'device-slips', { zh: '3 张待打', en: '3 slips waiting' });
  expect(printer.slips()).toEqual([]);
  printer.setSilent(false);
  await expectAllPrinted(till, printer);
});

test('paper or cover in the middle of a slip: it is finished once, when the crew has put it right', async ({
  openTill,
  openPrinter,
}) => {
  const printer = await openPrinter({ bytesPerSecond: 1500 });
  const till = await openTill({ settings: serialPrinter(printer.address) });
  for (const trouble of [PAPER_OUT, COVER_OPEN]) {
    await sellMore(till, 1);
    await expect.poll(() => printer.uncut().elements.length).toBeGreaterThan(5);
    await trouble.begin(printer);
    await expectOnBar(till.page, 'printer', trouble.state, trouble.words);
    expect(printer.uncut().elements.length).toBeGreaterThan(5);
    await trouble.end(printer);
    await expectAllPrinted(till, printer);
  }
});

test('a slip broken off by a pulled plug is asked about: it came out, or is printed again as COPY', async ({
  openTill,
  openPrinter,
}) => {
  const printer = await openPrinter({ bytesPerSecond: 1500 });
  const till = await openTill({ settings: serialPrinter(printer.address) });
  const { page } = till;
  const breakOff = async (): Promise<string> => {
    const seq = await sellOne(till);
    await expect.poll(() => printer.uncut().elements.length).toBeGreaterThan(5);
    await printer.vanish();
    await expect(page.getByTestId('slip-state')).toHaveAttribute('data-state', 'uncertain');
    await printer.reappear();
    openToOrdinaryUser(printer.address);
    await expect(page.getByTestId('device-printer')).toHaveAttribute('data-state', 'ready');
    return seq.toString();
  };
  const first = await breakOff();
  await expectBoth(page, `print-again-${first}`, { zh: '再打一张', en: 'Print again' });
  await page.getByTestId(`print-again-${first}`).click();
  await expect(page.getByTestId('slip-state')).toHaveAttribute('data-state', 'printed');
  expect(numbersOn(printer.slips())).toEqual(['torso', `#${first} COPY`]);
  await nextPassenger(page);

  const second = await breakOff();
  await page.getByTestId(`came-out-${second}`).click();
  await expect(page.getByTestId('slip-state')).toHaveAttribute('data-state', 'printed');
  await nextPassenger(page);
  const third = await sellOne(till);
  await expect(page.getByTestId('slip-state')).toHaveAttribute('data-state', 'printed');
  expect(numbersOn(printer.slips())).toEqual([
    ...['torso', `#${first} COPY`],
    ...['torso', `#${third.toString()}`],
  ]);
  expect(eventsOf(till.dir, 'RECEIPT').map(({ b }) => [b.seq.toString(), b.copy])).toEqual([
    [first, true],
    [second, false],
    [third.toString(), false],
  ]);
});

test('slips that waited when the till was closed print when it is opened again', async ({
  openTill,
  openPrinter,
}) => {
  const printer = await openPrinter();
  const till = await openTill({ settings: serialPrinter(printer.address) });
  printer.setCover(true);
  await expect(till.page.getByTestId('device-printer')).toHaveAttribute('data-state', 'cover-open');
  await sellMore(till, 2);
  await till.app.close();
  const again = await openTill({ dir: till.dir, settings: serialPrinter(printer.address) });
  await expectOnBar(again.page, 'printer', 'cover-open', COVER_OPEN.words);
  await expectBoth(again.page, 'device-slips', { zh: '2 张待打', en: '2 slips waiting' });
  printer.setCover(false);
  await expectAllPrinted(again, printer);
});

for (const { fate, answer } of [
  { fate: 'lost with the printer’s power', answer: 'print-again' },
  { fate: 'finished by the printer alone', answer: 'came-out' },
]) {
  test(`killed in the middle of a slip, ${fate}: the crew is asked about that one, and the next prints by itself`, async ({
    openTill,
    openPrinter,
  }) => {
    const printer = await openPrinter();
    const till = await openTill({ settings: serialPrinter(printer.address) });
    printer.runOutOfPaperAfterLines(6);
    const [first = 0, second = 0] = await sellMore(till, 2);
    await expect(till.page.getByTestId('device-printer')).toHaveAttribute('data-state', 'paper-out');
    till.app.process().kill('SIGKILL');
    await till.app.waitForEvent('close');
    if (answer === 'print-again') await UNPLUG.begin(printer);
    if (answer === 'print-again') await UNPLUG.end(printer);
    const { page, dir } = await openTill({ dir: till.dir, settings: serialPrinter(printer.address) });
    printer.setPaper('ok');
    await expectBoth(page, 'device-slips', { zh: '1 张待打', en: '1 slip waiting' });
    await page.getByTestId('device-slips').click();
    await page.getByTestId(`${answer}-${first.toString()}`).click();
    await expect(page.getByTestId('device-slips')).toHaveCount(0);
    const isAgain = answer === 'print-again';
    expect(numbersOn(printer.slips()).filter((number) => number !== 'torso')).toEqual(
      isAgain
        ? [`#${second.toString()}`, `#${first.toString()} COPY`]
        : [`#${first.toString()}`, `#${second.toString()}`],
    );
    expect(eventsOf(dir, 'RECEIPT').map(({ b }) => [b.seq, b.copy])).toEqual([
      [second, false],
      [first, isAgain],
    ]);
  });
}

test('a wrong path, a port that is not allowed or is taken: each its own words, and the right one prints', async ({
  openTill,
  openPrinter,
}) => {
  const printer = await openPrinter();
  const device = realpathSync(printer.address);
  const till = await openTill({ settings: serialPrinter(join(dirname(printer.address), 'no-such-printer')) });
  const { page } = till;
  await expectOnBar(page, 'printer', 'no-port', UNPLUG.words);
  await sellMore(till, 1);
  chmodSync(device, 0o000);
  await page.getByTestId('device-printer').click();
  await page.getByTestId('printer-path').fill(printer.address);
  await page.getByTestId('save-settings').click();
  await expectOnBar(page, 'printer', 'no-port', { zh: '打印机未获许可', en: 'Printer not allowed' });
  const rival = createSerialPorts();
  await rival.open(printer.address, 115_200, { onData: () => undefined, onClosed: () => undefined });
  chmodSync(device, 0o666);
  await expectOnBar(page, 'printer', 'no-port', { zh: '打印机被占用', en: 'Printer in use' });
  await rival.closeAll();
  await expectAllPrinted(till, printer);
});
