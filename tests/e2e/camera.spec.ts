// The camera, as a fake capture device that plays passengers' phones: what it sees, and what the till says of it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { openToOrdinaryUser } from '../../build/launch.mjs';
import { phoneScreenOf } from '../demo/phone-screen-of.ts';
import {
  ordinaryPassenger,
  pickPassenger,
  showCode,
  type DemoPassenger,
} from '../support/demo-passengers.ts';
import { expectBoth, expectOnBar } from '../support/device-bar.ts';
import { openPhoneCamera, type PhoneCamera, type PhoneScreen, type Pose } from '../support/phone-camera.ts';
import { confirmSale, nextPassenger, sellOne, tapItem } from '../support/selling.ts';
import { eventsOf } from '../support/till-files.ts';
import type { WindowTill } from '../support/window-till.ts';
import { expect, test as base } from './till-test.ts';

type Cabin = { readonly till: WindowTill; readonly camera: PhoneCamera };

const test = base.extend<{ readonly openCabin: () => Promise<Cabin> }>({
  openCabin: async ({ openTill }, use) => {
    const dir = mkdtempSync(join(tmpdir(), 'cabintill-camera-'));
    openToOrdinaryUser(dir);
    await use(async () => {
      const camera = openPhoneCamera(join(dir, 'camera.y4m'));
      const till = await openTill({ cameraFile: camera.path });
      await expect(till.page.getByTestId('device-camera')).toHaveAttribute('data-state', 'ready');
      return { till, camera };
    });
    rmSync(dir, { recursive: true, force: true });
  },
});

function freshCode(passenger: DemoPassenger): string {
  return showCode(passenger, Math.floor(Date.now() / 1000));
}

function phoneOf(passenger: DemoPassenger): PhoneScreen {
  return phoneScreenOf(passenger, freshCode(passenger));
}

/** Something else than a phone with a cabin code. */
function picture(code: string): PhoneScreen {
  return { code, title: '', subtitle: '', colour: '#888888' };
}

/** Until the camera's own clock has run on by so many seconds of video. */
async function watchFor(page: Page, seconds: number): Promise<void> {
  const now = (): Promise<number> =>
    page.locator('video').evaluate((video) => (video as HTMLVideoElement).currentTime);
  const start = await now();
  await expect.poll(now).toBeGreaterThan(start + seconds);
}

/** Codes the till has looked at, refused ones included. */
function sightings(till: WindowTill): readonly (string | undefined)[] {
  return eventsOf(till.dir, 'CRED_SEEN').map(({ b }) => ('cti' in b ? b.cti : undefined));
}

test('a code opens the card, counts once while it stays in view, and is refused when it is shown again', async ({
  openCabin,
}) => {
  const { till, camera } = await openCabin();
  const passenger = ordinaryPassenger(till.people);
  const phone = phoneOf(passenger);
  camera.show(phone);
  await expect(till.page.getByTestId('seat')).toHaveText(passenger.seat);
  await expect(till.page.getByTestId('scan-state')).toHaveAttribute('data-state', 'accepted');
  await watchFor(till.page, 3);
  expect(sightings(till)).toEqual([passenger.cti]);
  camera.showNothing();
  await watchFor(till.page, 3);
  camera.show(phone);
  await expect(till.page.getByTestId('refusal')).toHaveAttribute('data-kind', 'code-replay');
  expect(eventsOf(till.dir, 'CRED_SEEN').map(({ b }) => b.code)).toEqual([undefined, 'REPLAY']);
});

test('a code upside down or in a mirror is nobody else’s, and a sale goes to whoever showed it', async ({
  openCabin,
}) => {
  const { till, camera } = await openCabin();
  const shown: readonly (readonly [Pose, DemoPassenger])[] = [
    ['upside-down', ordinaryPassenger(till.people, 0)],
    ['mirrored', ordinaryPassenger(till.people, 1)],
  ];
  for (const [pose, passenger] of shown) {
    camera.show(phoneOf(passenger), pose);
    await expect(till.page.getByTestId('seat')).toHaveText(passenger.seat);
    camera.showNothing();
    await tapItem(till.page);
    await confirmSale(till.page);
    await nextPassenger(till.page);
  }
  const bills = eventsOf(till.dir, 'BILL_OPEN').map(({ b }) => b.cti);
  expect(bills).toEqual(shown.map(([, passenger]) => passenger.cti));
});

test('of two codes at once none is taken, and the crew is told to show one', async ({ openCabin }) => {
  const { till, camera } = await openCabin();
  const { page } = till;
  const first = ordinaryPassenger(till.people, 0);
  const second = ordinaryPassenger(till.people, 1);
  camera.showTwo(phoneOf(first), phoneOf(second));
  await expect(page.getByTestId('scan-state')).toHaveAttribute('data-state', 'crowded');
  await expectBoth(page, 'scan-state', { zh: '一次只扫一个码', en: 'One code at a time' });
  await watchFor(page, 2);
  expect(sightings(till)).toEqual([]);
  await expect(page.getByTestId('passenger-card')).toHaveCount(0);

  const phone = phoneOf(first);
  camera.show(phone);
  await expect(page.getByTestId('seat')).toHaveText(first.seat);
  await tapItem(page);
  // The next in the queue is in a hurry.
  camera.showTwo(phone, phoneOf(second));
  await expect(page.getByTestId('scan-state')).toHaveAttribute('data-state', 'crowded');
  await watchFor(page, 2);
  await expect(page.getByTestId('seat')).toHaveText(first.seat);
  await confirmSale(page);
  expect(new Set(sightings(till))).toEqual(new Set([first.cti]));

  // What is printed on a seat back is no reason to stop.
  await nextPassenger(page);
  camera.showTwo(picture('https://example.org/cabin-wifi'), phoneOf(second));
  await expect(page.getByTestId('seat')).toHaveText(second.seat);
});

test('a payment code and a boarding pass are called by their names, and a printed code asks for the seat', async ({
  openCabin,
}) => {
  const { till, camera } = await openCabin();
  const { page } = till;
  const mistakes = [
    { code: '134567890123456789', kind: 'code-is-payment-code', zh: '付款码', en: 'payment code' },
    {
      code: 'M1ZHANG/SAN           EABC123 SHACTU9C 8835 327Y012C0045 100',
      kind: 'code-is-boarding-pass',
      zh: '登机牌',
      en: 'boarding pass',
    },
    { code: 'https://example.org/menu', kind: 'code-format', zh: '不是机上码', en: 'Not a cabin code' },
  ];
  const refusal = page.getByTestId('refusal');
  for (const { code, kind, zh, en } of mistakes) {
    camera.show(picture(code));
    await expect(refusal).toHaveAttribute('data-kind', kind);
    await expect(refusal).toContainText(zh);
    await expect(refusal).toContainText(en);
    camera.showNothing();
    await page.getByTestId('scan-again').click();
  }
  expect(sightings(till)).toEqual([undefined, undefined, undefined]);

  const onPaper = pickPassenger(till.people, (one) => one.holder === null && one.listed && !one.denied);
  camera.show(phoneScreenOf(onPaper, onPaper.staticCode));
  await expect(page.getByTestId('seat-check')).toContainText(onPaper.seat);
  await page.getByTestId('seat-matches').click();
  await tapItem(page);
  await confirmSale(page);
  expect(eventsOf(till.dir, 'LOOKUP').map(({ b }) => [b.how, b.seat])).toEqual([
    ['static-check', onPaper.seat],
  ]);
});

test('a covered lens, an unplugged camera and one that is not allowed are told, and put right by a tap', async ({
  openCabin,
}) => {
  const { till, camera } = await openCabin();
  const { page, app } = till;
  camera.cover();
  await expectOnBar(page, 'camera', 'black', { zh: '镜头被挡住', en: 'Camera covered' });
  camera.showNothing();
  await expectOnBar(page, 'camera', 'ready', { zh: '扫码', en: 'Scan' });

  // The process that holds the camera dies: to the page that is a cable pulled out.
  await app.evaluate(({ app: electron }) => {
    const capture = electron
      .getAppMetrics()
      .find(({ serviceName }) => serviceName?.includes('video_capture') === true);
    if (capture === undefined) throw new Error('no process holds the camera');
    process.kill(capture.pid, 'SIGKILL');
  });
  await expectOnBar(page, 'camera', 'missing', { zh: '没有镜头', en: 'No camera' });
  await page.getByTestId('camera-retry').click();
  await expectOnBar(page, 'camera', 'ready', { zh: '扫码', en: 'Scan' });

  await app.evaluate(({ session }) => {
    session.defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => {
      answer(false);
    });
  });
  await page.getByTestId('nav-bills').click();
  await page.getByTestId('nav-sell').click();
  await expectOnBar(page, 'camera', 'denied', { zh: '镜头未获许可', en: 'Camera not allowed' });
  await app.evaluate(({ session }) => {
    session.defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => {
      answer(true);
    });
  });
  await page.getByTestId('camera-retry').click();
  await expect(page.getByTestId('device-camera')).toHaveAttribute('data-state', 'ready');
  const passenger = ordinaryPassenger(till.people);
  camera.show(phoneOf(passenger));
  await expect(page.getByTestId('seat')).toHaveText(passenger.seat);
});

test('without a camera the till says so and sells with a scanner', async ({ openTill }) => {
  const till = await openTill({ cameraFile: null });
  await expectOnBar(till.page, 'camera', 'missing', { zh: '没有镜头', en: 'No camera' });
  await sellOne(till);
  expect(eventsOf(till.dir, 'SALE')).toHaveLength(1);
});
