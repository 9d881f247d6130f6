// What the crew waits for, in the real window: code to card, tap to basket, confirm to confirmed.
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { openToOrdinaryUser } from '../../build/launch.mjs';
import { phoneScreenOf } from '../demo/phone-screen-of.ts';
import { showCode, type DemoPassenger } from '../support/demo-passengers.ts';
import { openPhoneCamera } from '../support/phone-camera.ts';
import { nextPassenger, scanSomeone, tapItem } from '../support/selling.ts';
import { openWindowTill, type WindowTill } from '../support/window-till.ts';
import { openLongTill } from './long-flight.ts';
import { withDemoTerminal } from './measure-code.ts';
import type { Measured } from './row.ts';

const TAPS = 15;
const SALES = 15;
const SCANS = 12;
const LINE_BYTES = 700;

/** The loader that runs this file keeps the names of inner functions by calls the page knows nothing of. */
async function teachNames(till: WindowTill): Promise<WindowTill> {
  await till.page.evaluate('globalThis.__name = (value) => value');
  return till;
}

/** Clicks in the page and answers how long it took until `appears` was there and painted. */
async function clickUntil(page: Page, click: string, appears: string, count: number): Promise<number> {
  return page.evaluate(
    async ([clicked, awaited, wanted]) => {
      const isThere = (): boolean => document.querySelectorAll(awaited).length >= wanted;
      const startMs = performance.now();
      document.querySelector<HTMLElement>(clicked)?.click();
      await new Promise<void>((done) => {
        const look = (): void => {
          if (!isThere()) {
            requestAnimationFrame(look);
            return;
          }
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => {
            done();
          };
          port2.postMessage(null);
        };
        requestAnimationFrame(look);
      });
      return performance.now() - startMs;
    },
    [click, appears, count] as const,
  );
}

/** Against a tap on what does nothing, up to the next frame. */
export async function measureTap(): Promise<Measured> {
  const till = await teachNames(await openWindowTill());
  try {
    const values: number[] = [];
    const yardsticks: number[] = [];
    const skus = await till.page
      .locator('[data-testid^="item-"]')
      .evaluateAll((tiles) => tiles.map((tile) => tile.getAttribute('data-testid') ?? ''));
    for (const id of skus.slice(0, TAPS)) {
      const line = `[data-testid="${id.replace('item-', 'basket-line-')}"]`;
      values.push(await clickUntil(till.page, `[data-testid="${id}"]`, line, 1));
      yardsticks.push(await clickUntil(till.page, '[data-testid="device-bar"]', 'body', 1));
    }
    return { name: 'tap_to_basket', unit: 'ms', values, yardsticks };
  } finally {
    await till.close();
  }
}

function ablePassengers(till: WindowTill): readonly DemoPassenger[] {
  return till.people.filter((one) => one.listed && !one.denied && one.holder !== null);
}

/** One sale to each of some passengers; the yardstick is appending and syncing a line in the same folder. */
async function confirmSales(till: WindowTill, name: Measured['name']): Promise<Measured> {
  const values: number[] = [];
  const yardsticks: number[] = [];
  const fd = fs.openSync(join(till.dir, 'bare.cpj'), 'a');
  try {
    for (const passenger of ablePassengers(till).slice(0, SALES)) {
      await scanSomeone(till, passenger);
      await tapItem(till.page, 0);
      values.push(await clickUntil(till.page, '[data-testid="confirm"]', '[data-testid="confirmed"]', 1));
      await nextPassenger(till.page);
      const startMs = performance.now();
      fs.writeSync(fd, Buffer.alloc(LINE_BYTES, 0x41));
      fs.fdatasyncSync(fd);
      yardsticks.push(performance.now() - startMs);
    }
  } finally {
    fs.closeSync(fd);
  }
  return { name, unit: 'ms', values, yardsticks };
}

export async function measureConfirm(): Promise<Measured> {
  const till = await teachNames(await openWindowTill());
  try {
    return await confirmSales(till, 'confirm_sale');
  } finally {
    await till.close();
  }
}

export async function measureConfirmAfterMany(): Promise<Measured> {
  return withDemoTerminal(async (dir, terminal) => {
    const long = await openLongTill(dir, terminal, 10_000);
    await long.stop();
    const till = await teachNames(await openWindowTill({ dir }));
    try {
      return await confirmSales(till, 'confirm_sale_after_10000');
    } finally {
      await till.close();
    }
  });
}

/** From the picture being there for the camera to the card on the screen; the yardstick is the viewfinder showing it. */
export async function measureScan(): Promise<Measured> {
  const folder = fs.mkdtempSync(join(tmpdir(), 'cabintill-bench-'));
  const camera = openPhoneCamera(join(folder, 'camera.y4m'));
  openToOrdinaryUser(folder);
  const till = await teachNames(await openWindowTill({ cameraFile: camera.path }));
  try {
    await till.page.locator('video').waitFor();
    const values: number[] = [];
    const yardsticks: number[] = [];
    for (const passenger of ablePassengers(till).slice(0, SCANS)) {
      const waiting = watch(till.page, passenger.seat);
      await waiting.isWatching;
      camera.show(phoneScreenOf(passenger, showCode(passenger, Math.floor(Date.now() / 1000))));
      const shownAtMs = Date.now();
      const { cardAtMs, pictureAtMs } = await waiting.seen;
      values.push(cardAtMs - shownAtMs);
      yardsticks.push(Math.max(1, pictureAtMs - shownAtMs));
      camera.showNothing();
      await till.page.getByTestId('other-passenger').click();
      await till.page.getByTestId('passenger-card').waitFor({ state: 'detached' });
    }
    return { name: 'scan_to_card', unit: 'ms', values, yardsticks };
  } finally {
    await till.close();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

type Seen = { readonly cardAtMs: number; readonly pictureAtMs: number };

/** Watches from inside the page for the phone in the viewfinder and for the card with that seat. */
function watch(
  page: Page,
  seat: string,
): { readonly isWatching: Promise<unknown>; readonly seen: Promise<Seen> } {
  const seen = page.evaluate(
    (wanted) =>
      new Promise<Seen>((done) => {
        const video = document.querySelector('video');
        const canvas = document.createElement('canvas');
        [canvas.width, canvas.height] = [32, 18];
        const context = canvas.getContext('2d', { willReadFrequently: true });
        let pictureAtMs = 0;
        const look = (): void => {
          if (pictureAtMs === 0 && video !== null && context !== null) {
            context.drawImage(video, 0, 0, 32, 18);
            const { data } = context.getImageData(16, 2, 1, 1);
            // The phone's bright screen, where the dim cabin was.
            if ((data[0] ?? 0) + (data[1] ?? 0) + (data[2] ?? 0) > 240) pictureAtMs = Date.now();
          }
          const shown = document.querySelector('[data-testid="seat"]')?.textContent.trim();
          if (shown === wanted)
            done({ cardAtMs: Date.now(), pictureAtMs: pictureAtMs === 0 ? Date.now() : pictureAtMs });
          else requestAnimationFrame(look);
        };
        look();
      }),
    seat,
  );
  return { isWatching: page.evaluate(() => 0), seen };
}
