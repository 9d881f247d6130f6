// One walk through every screen and state of the till, photographing each.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { openToOrdinaryUser } from '../../build/launch.mjs';
import { DEFAULT_FLIGHT_LIMITS } from '../../domain/limits.ts';
import { makeDemo } from '../../ground/demo/make-demo.ts';
import { createPhotographer } from '../demo/photographer.ts';
import { ordinaryPassenger, pickPassenger } from '../support/demo-passengers.ts';
import { confirmSale, nextPassenger, scanSomeone, tapItem } from '../support/selling.ts';
import { openVirtualPrinter } from '../support/virtual-printer/virtual-printer.ts';
import { openWindowTill } from '../support/window-till.ts';
import { openPackPress } from '../support/pack-press.ts';
import { hearFromGround } from './ground-scenes.ts';
import { meetPhones } from './phone-scenes.ts';
import type { Look, Scene } from './scene.ts';

/** A demo whose flight has three terminals, of which this is the first, and a lower limit for a single sale. */
async function makeRoster(dir: string): Promise<void> {
  await makeDemo({ out: dir, nowMs: Date.now() });
  const press = await openPackPress(dir);
  const devices = [1, 2, 3].map((n) => ({
    dev: `T-000${n.toString()}`,
    zone: { fromRow: n * 11 - 10, toRow: n * 11 },
  }));
  const { softwareKey } = DEFAULT_FLIGHT_LIMITS;
  const limits = { ...DEFAULT_FLIGHT_LIMITS, softwareKey: { ...softwareKey, perSaleMinor: 15_000 } };
  writeFileSync(press.path, await press.reissued({ devices, limits }));
}

/** Plays the whole story in one look; answers how many pictures it took. */
export async function playStory(look: Look, folder: string): Promise<number> {
  const printer = await openVirtualPrinter({ cpl: 48 });
  openToOrdinaryUser(printer.address);
  const dir = mkdtempSync(join(tmpdir(), 'cabintill-screens-'));
  await makeRoster(dir);
  const till = await openWindowTill({
    dir,
    size: look.size,
    settings: {
      language: look.language,
      theme: look.theme,
      printer: { kind: 'serial', path: printer.address, baud: 115_200, paperMm: 80 },
    },
  });
  let count = 0;
  try {
    const photograph = createPhotographer(till.page, folder);
    const scene: Scene = {
      till,
      printer,
      shoot: async (name) => {
        count += 1;
        await photograph(name);
      },
    };
    await sell(scene);
    await meetPhones(scene);
    await refuse(scene);
    await lookAround(scene);
    await troubleWithPaper(scene);
    await gate(scene);
    await hearFromGround(scene);
  } finally {
    await till.close();
    await printer.close();
    rmSync(dir, { recursive: true, force: true });
  }
  return count + (await startProblems(look, folder));
}

async function sell({ till, shoot }: Scene): Promise<void> {
  const { page, people } = till;
  await shoot('idle');
  const tiles = page.locator('[data-testid^="item-"]');
  const all = await tiles.count();
  await page.getByTestId('search').fill('kele');
  await expect(tiles).not.toHaveCount(all);
  await shoot('search-pinyin');
  await page.getByTestId('search').fill('zzzz');
  await expect(tiles).toHaveCount(0);
  await shoot('search-nothing');
  await page.getByTestId('search').fill('');
  await expect(tiles).toHaveCount(all);
  await tapItem(page, 1);
  await tapItem(page, 7);
  await shoot('items-first');
  await scanSomeone(till, ordinaryPassenger(people, 1));
  await shoot('basket-with-deal');
  await confirmSale(page);
  await shoot('confirmed');
  await page.getByTestId('undo-sale').click();
  await shoot('void-reasons');
  await page.getByTestId('void-reason-changed-mind').click();
  await page.getByTestId('confirmed-void').waitFor();
  await shoot('confirmed-void');
  await nextPassenger(page);
  await till.wedge(
    pickPassenger(people, (one) => one.holder === null && one.listed && !one.denied).staticCode,
  );
  await page.getByTestId('seat-check').waitFor();
  await shoot('seat-check');
  await page.getByTestId('seat-matches').click();
  await page.getByTestId('passenger-card').waitFor();
  await shoot('card-static');
  await tapItem(page, 0);
  await confirmSale(page);
  await nextPassenger(page);
  await scanSomeone(till, ordinaryPassenger(people));
  for (let n = 0; n < 9; n++) await tapItem(page, n);
  await shoot('basket-long');
  await page.getByTestId('confirm').click();
  await page.getByTestId('refusal').waitFor();
  await shoot('refused-over-limit');
  await page.getByTestId('back-to-basket').click();
  await page.getByTestId('clear-basket').click();
  await page.getByTestId('other-passenger').click();
}

async function refuse({ till, shoot }: Scene): Promise<void> {
  const { page } = till;
  const { cases } = JSON.parse(readFileSync(join(till.dir, 'codes.json'), 'utf8')) as {
    cases: { name: string; qr: string; expect: string }[];
  };
  const seen = new Set<string>();
  const texts = [
    ...cases.filter(({ expect: verdict }) => /^[A-Z_]+$/.test(verdict)).map(({ qr }) => qr),
    '134567890123456789',
    'M1WANG/JING EABC123 SHACTU9C 8835 326Y012C0045',
  ];
  for (const text of texts) {
    if (text.length < 4) continue;
    await till.wedge(text);
    const refusal = page.getByTestId('refusal');
    const isRefused = await refusal.waitFor({ timeout: 3000 }).then(
      () => true,
      () => false,
    );
    // What is no scanner's text at all (another prefix) is typing, and stays unheard.
    if (!isRefused) continue;
    const kind = (await refusal.getAttribute('data-kind')) ?? '';
    if (!seen.has(kind)) await shoot(`refused-${kind}`);
    seen.add(kind);
    await page.locator('[data-testid="refusal"] button').first().click();
  }
  await page.keyboard.press('Escape');
}

async function lookAround({ till, shoot }: Scene): Promise<void> {
  const { page } = till;
  await page.getByTestId('nav-bills').click();
  await shoot('bills');
  const someSale = page.locator('[data-testid^="bill-"]').filter({ hasText: '48.00' }).first();
  await someSale.click();
  await shoot('bill');
  await page.locator('[data-testid^="preview-"]').first().click();
  await page.getByTestId('slip-preview').waitFor();
  await shoot('slip-preview');
  await page.getByTestId('close-preview').click();
  await page.getByTestId('nav-devices').click();
  await shoot('devices');
  await page.getByTestId('nav-sell').click();
  await shoot('idle-with-bills');
}

async function troubleWithPaper({ till, printer, shoot }: Scene): Promise<void> {
  const { page } = till;
  const bar = page.getByTestId('device-printer');
  printer.setPaper('out');
  await expect(bar).toHaveAttribute('data-state', 'paper-out');
  await scanSomeone(till, ordinaryPassenger(till.people, 2));
  await tapItem(page, 2);
  await confirmSale(page);
  await shoot('confirmed-paper-out');
  await page.getByTestId('device-slips').click();
  await shoot('waiting-slips');
  await page.keyboard.press('Escape');
  await nextPassenger(page);
  printer.setPaper('ok');
  printer.setCover(true);
  await expect(bar).toHaveAttribute('data-state', 'cover-open');
  await shoot('cover-open');
  printer.setCover(false);
  printer.setSilent(true);
  await expect(bar).toHaveAttribute('data-state', 'no-answer');
  await shoot('printer-silent');
  printer.setSilent(false);
  await expect(bar).toHaveAttribute('data-state', 'ready');
  await expect(page.getByTestId('device-slips')).toHaveCount(0);
}

async function gate({ till, printer, shoot }: Scene): Promise<void> {
  const { page } = till;
  await tapItem(page, 3);
  await page.getByTestId('nav-flight').click();
  await shoot('flight-basket-open');
  await page.getByTestId('close-flight').click();
  await page.getByTestId('refusal').waitFor();
  await shoot('flight-refused');
  await page.getByTestId('nav-sell').click();
  await page.getByTestId('clear-basket').click();
  await page.getByTestId('nav-flight').click();
  await page.getByTestId('unused-T-0003').click();
  await shoot('flight-unused');
  await page.getByTestId('nav-sell').click();
  printer.setPaper('out');
  await scanSomeone(till, ordinaryPassenger(till.people, 2));
  await tapItem(page, 2);
  await confirmSale(page);
  await nextPassenger(page);
  await page.getByTestId('nav-flight').click();
  await page.getByTestId('close-flight').click();
  await page.getByTestId('close-anyway').waitFor();
  await shoot('flight-slips-waiting');
  await page.getByTestId('close-anyway').click();
  await page.getByTestId('export-batch').waitFor();
  await shoot('flight-closed');
  await page.getByTestId('export-batch').click();
  await page.getByTestId('sealed').waitFor();
  await shoot('sealed');
  await page.getByTestId('nav-sell').click();
  await shoot('sell-after-close');
}

/** Screens of a till that cannot open; each from a folder that is really like that. */
async function startProblems(look: Look, folder: string): Promise<number> {
  const till = await openWindowTill({
    size: look.size,
    settings: { language: look.language, theme: look.theme },
  });
  await till.app.close();
  const [pack = ''] = readdirSync(join(till.dir, 'packs'));
  const path = join(till.dir, 'packs', pack);
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  writeFileSync(path, bytes);
  const broken = await till.reopen({
    size: look.size,
    settings: { language: look.language, theme: look.theme },
    isReady: false,
  });
  await broken.page.getByTestId('start-problem').waitFor();
  await broken.page.screenshot({ path: join(folder, '90-start-problem-pack.png') });
  await broken.close();
  return 1;
}
