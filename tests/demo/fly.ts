// One flight, played: passengers hold their phones to the camera, the crew taps, the printer prints, the phones take
// their copies, the gate seals and sends.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import type { PhoneCamera } from '../support/phone-camera.ts';
import { qrTextsIn } from '../support/qr-in-picture.ts';
import type { VirtualPrinter } from '../support/virtual-printer/virtual-printer.ts';
import type { WindowTill } from '../support/window-till.ts';
import { phoneScreenOf } from './phone-screen-of.ts';
import type { FlightPassenger } from './sign-up.ts';
import { createPhotographer, type Photographer } from './photographer.ts';

export type FlownFlight = {
  readonly electron: string;
  readonly passengers: number;
  readonly refused: number;
  readonly sales: number;
  readonly voids: number;
  /** As the till's own flight screen has it. */
  readonly netMinor: number;
  readonly batchFile: string;
  /** How many bills the till itself shows as paid, after ground's answers have come. */
  readonly paidBills: number;
};

export type FlightStage = {
  readonly till: WindowTill;
  readonly camera: PhoneCamera;
  readonly printer: VirtualPrinter;
  readonly passengers: readonly FlightPassenger[];
  /** Passengers whose codes must be refused, and with which word. */
  readonly strangers: readonly { readonly kind: string; readonly passenger: FlightPassenger }[];
  readonly screensDir: string;
};

type Crew = FlightStage & { readonly page: Page; readonly shoot: Photographer };

const PATIENCE = { timeout: 60_000 } as const;

/** What the passengers of the demo order, in turn: item positions in the shown category and how many. */
const ORDERS: readonly (readonly [category: number, item: number, quantity: number][])[] = [
  [[0, 0, 1]],
  [
    [1, 0, 1],
    [2, 1, 2],
  ],
  [[2, 0, 1]],
  [
    [0, 1, 1],
    [2, 2, 1],
  ],
  [[1, 1, 2]],
];

export async function fly(stage: FlightStage): Promise<FlownFlight> {
  const { till } = stage;
  const crew: Crew = { ...stage, page: till.page, shoot: createPhotographer(till.page, stage.screensDir) };
  await crew.shoot('idle');
  const served = stage.passengers;
  const counts = { sales: 0, voids: 0, refused: 0 };
  let firstCode = '';
  for (const [i, passenger] of served.entries()) {
    const code = await codeOf(passenger);
    if (i === 0) firstCode = code;
    holdUp(crew, passenger, code);
    await expectCard(crew, passenger);
    await takeOrder(crew, i);
    await confirm(crew, i);
    counts.sales += 1;
    await takeCopy(crew, passenger, i === 0);
    if (i === 1) {
      counts.voids += await undo(crew);
      await takeCopy(crew, passenger, false);
    }
    if (i === 2) {
      counts.sales += await oneMore(crew);
      await takeCopy(crew, passenger, false);
    }
    await nextPassenger(crew);
    if (i === 2) counts.refused += await showRefusals(crew, passenger, firstCode);
    if (i === 3) await shootOtherLooks(crew);
  }
  await waitForSlips(crew, counts.sales + counts.voids);
  await reprintOne(crew, counts.sales + counts.voids);
  const gate = await closeAndExport(crew);
  const electron = await till.app.evaluate(() => process.versions.electron);
  return { electron, passengers: served.length, ...counts, ...gate };
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

async function codeOf({ seat, phone }: FlightPassenger): Promise<string> {
  const code = await phone.cabinCode(nowSeconds());
  if (!code.ok) throw new Error(`the phone of ${seat}: ${code.error}`);
  return code.value;
}

function holdUp({ camera }: Crew, passenger: FlightPassenger, code: string): void {
  camera.show(phoneScreenOf(passenger, code));
}

async function expectCard(crew: Crew, passenger: FlightPassenger): Promise<void> {
  const { page, camera, shoot } = crew;
  await expect(page.getByTestId('seat')).toHaveText(passenger.seat, PATIENCE);
  await shoot('card');
  camera.showNothing();
}

async function takeOrder({ page }: Crew, i: number): Promise<void> {
  const order = ORDERS[i % ORDERS.length] ?? [];
  for (const [category, item, quantity] of order) {
    await page
      .locator('button.category')
      .nth(category + 1)
      .click();
    for (let n = 0; n < quantity; n++) await page.locator('[data-testid^="item-"]').nth(item).click();
  }
}

async function confirm({ page, shoot }: Crew, i: number): Promise<void> {
  if (i < 3) await shoot('basket');
  await page.getByTestId('confirm').click();
  await page.getByTestId('confirmed').waitFor(PATIENCE);
  if (i < 2) await shoot('confirmed');
}

async function undo({ page, shoot }: Crew): Promise<number> {
  await page.getByTestId('undo-sale').click();
  await shoot('void');
  await page.getByTestId('void-reason-changed-mind').click();
  await page.getByTestId('confirmed-void').waitFor(PATIENCE);
  return 1;
}

async function oneMore(crew: Crew): Promise<number> {
  const { page } = crew;
  await page.getByTestId('more-for').click();
  await page.locator('[data-testid^="item-"]').first().click();
  await page.getByTestId('confirm').click();
  await page.getByTestId('confirmed').waitFor(PATIENCE);
  return 1;
}

async function nextPassenger({ page }: Crew): Promise<void> {
  await page.getByTestId('next-passenger').click();
  await page.getByTestId('confirmed').waitFor({ state: 'detached', ...PATIENCE });
}

/** The phone looks at the till's screen until it has every frame of its copy. */
async function takeCopy(
  { page, shoot }: Crew,
  { seat, phone }: FlightPassenger,
  isShot: boolean,
): Promise<void> {
  await page.getByTestId('copy-for-passenger').click();
  await page.getByTestId('copy-code').waitFor(PATIENCE);
  if (isShot) await shoot('copy-for-passenger');
  await expect
    .poll(
      async () => {
        const [text] = await qrTextsIn(await page.getByTestId('copy-code').screenshot());
        if (text === undefined) return 'unreadable';
        return (await phone.takeFrame(text)).kind;
      },
      { ...PATIENCE, message: `the copy of ${seat}`, intervals: [20] },
    )
    .toMatch(/^(kept|already-kept)$/);
  await page.getByTestId('close-copy').click();
}

/** Codes of other flights, and a code shown a second time. */
async function showRefusals(crew: Crew, passenger: FlightPassenger, usedCode: string): Promise<number> {
  const refusals: (readonly [string, FlightPassenger, string])[] = [];
  for (const stranger of crew.strangers) {
    refusals.push([stranger.kind, stranger.passenger, await codeOf(stranger.passenger)]);
  }
  refusals.push(['code-replay', passenger, usedCode]);
  for (const [kind, holder, code] of refusals) {
    holdUp(crew, holder, code);
    await expect(crew.page.getByTestId('refusal')).toHaveAttribute('data-kind', kind, PATIENCE);
    await crew.shoot(`refused-${kind}`);
    crew.camera.showNothing();
    await crew.page.getByTestId('scan-again').or(crew.page.getByTestId('back-to-basket')).first().click();
  }
  return refusals.length;
}

async function shootOtherLooks({ page, shoot }: Crew): Promise<void> {
  await page.getByTestId('theme-toggle').click();
  await page.getByTestId('language-toggle').click();
  await shoot('idle-day-english');
  await page.getByTestId('theme-toggle').click();
  await page.getByTestId('language-toggle').click();
}

async function waitForSlips({ page, printer }: Crew, count: number): Promise<void> {
  await printer.waitForSlip(count, PATIENCE.timeout);
  await expect(page.getByTestId('device-slips')).toHaveCount(0, PATIENCE);
}

async function reprintOne({ page, printer, shoot }: Crew, printed: number): Promise<void> {
  await page.getByTestId('nav-bills').click();
  await page.locator('[data-testid^="bill-"]').first().click();
  await shoot('bill');
  await page.locator('[data-testid^="preview-"]').first().click();
  await page.getByTestId('slip-preview').waitFor(PATIENCE);
  await shoot('slip-preview');
  await page.getByTestId('close-preview').click();
  await page.locator('[data-testid^="reprint-"]').first().click();
  await printer.waitForSlip(printed + 1, PATIENCE.timeout);
}

async function closeAndExport(
  crew: Crew,
): Promise<{ netMinor: number; batchFile: string; paidBills: number }> {
  const { page, shoot, till } = crew;
  await page.getByTestId('nav-devices').click();
  await shoot('devices');
  await page.getByTestId('nav-flight').click();
  await shoot('flight-open');
  const net = await page.getByTestId('total-net').textContent();
  await page.getByTestId('close-flight').click();
  await page.getByTestId('export-batch').waitFor(PATIENCE);
  await shoot('flight-closed');
  await page.getByTestId('export-batch').click();
  await page.getByTestId('sealed').waitFor(PATIENCE);
  await shoot('sealed');
  const batchId = (await page.getByTestId('batch-id').textContent())?.trim() ?? '';
  const batchFile = readdirSync(join(till.dir, 'batch')).find((name) => name.endsWith('.cpb')) ?? '';
  if (!batchFile.includes(batchId.slice(0, 8).toUpperCase()))
    throw new Error(`no batch ${batchId} in the outbox`);
  return { netMinor: readMinor(net ?? ''), batchFile, paidBills: await watchPayment(crew) };
}

/** The batch goes out by itself, ground charges the wallets, and its results come back to the till. */
async function watchPayment({ page, shoot }: Crew): Promise<number> {
  await expect(page.getByTestId('ground-state')).toHaveAttribute('data-state', 'up-to-date', PATIENCE);
  await shoot('sent');
  await page.getByTestId('nav-bills').click();
  const bills = page.locator('[data-testid^="bill-T-"]');
  await expect(bills.first()).toBeVisible(PATIENCE);
  const all = await bills.count();
  const paid = page.locator('[data-testid^="bill-T-"] [data-standing="paid"]');
  await expect(paid).toHaveCount(all, PATIENCE);
  await shoot('paid');
  return paid.count();
}

/** `￥1,846.00` as integer fen, from what the crew reads. */
function readMinor(shown: string): number {
  const digits = shown.replace(/[^0-9]/g, '');
  return (shown.includes('−') ? -1 : 1) * Number(digits);
}
