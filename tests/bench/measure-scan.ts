// From a code in the camera's picture to the passenger's card.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SCAN } from '../../domain/limits.ts';
import { openToOrdinaryUser } from '../../build/launch.mjs';
import { phoneScreenOf } from '../demo/phone-screen-of.ts';
import { showCode } from '../support/demo-passengers.ts';
import { openPhoneCamera } from '../support/phone-camera.ts';
import { openWindowTill } from '../support/window-till.ts';
import { watchForText, watchForWhite } from './page-probe.ts';
import type { Measured } from './row.ts';

const SCANS = 12;
const VIDEO = '.viewfinder-video';

/**
 * The camera is Chromium's fake one, which plays a file at 30 frames a second. The clock starts when the file holds the
 * code, by the file's own time; the yardstick is the same phone without a code, until its white screen is on ours.
 */
export async function measureScan(): Promise<Measured> {
  const dir = mkdtempSync(join(tmpdir(), 'cabintill-bench-camera-'));
  const camera = openPhoneCamera(join(dir, 'camera.y4m'));
  openToOrdinaryUser(dir);
  const till = await openWindowTill({ cameraFile: camera.path });
  try {
    const { page } = till;
    await page.locator('[data-testid="device-camera"][data-state="ready"]').waitFor();
    const people = till.people.filter((one) => one.listed && !one.denied && one.holder !== null);
    const values: number[] = [];
    const yardsticks: number[] = [];
    for (const passenger of people.slice(0, SCANS)) {
      const whiteAt = await watchForWhite(page, VIDEO);
      camera.show({ ...phoneScreenOf(passenger, ''), code: null });
      yardsticks.push((await whiteAt()) - statSync(camera.path).mtimeMs);
      camera.showNothing();
      await outOfView();
      const cardAt = await watchForText(page, '[data-testid="seat"]', passenger.seat);
      camera.show(phoneScreenOf(passenger, showCode(passenger, Math.floor(Date.now() / 1000))));
      values.push((await cardAt()) - statSync(camera.path).mtimeMs);
      camera.showNothing();
      await page.getByTestId('other-passenger').click();
      await outOfView();
    }
    return { name: 'scan_to_card', unit: 'ms', values, yardsticks };
  } finally {
    await till.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Until a code counts as a new one again. */
function outOfView(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, SCAN.repeatAfterMs + 200));
}
