// The passenger's camera: the boarding pass, the till's animated copy, the till's question about an amount.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { encode } from 'bcbp';
import { composeChallengeCode } from '../../domain/handheld/challenge-code.ts';
import { readLine } from '../../domain/journal/line.ts';
import { framesOf, sellTo, verify } from '../ground/phone/support/phone-scene.ts';
import { cameraSwitches, openPhoneCamera } from '../support/phone-camera.ts';
import { showCode } from './phone-hands.ts';
import { currentCode } from './phone-reading.ts';
import { openPhoneSite, type PhoneSite } from './phone-site.ts';
import { picturesFolder } from './pictures.ts';

const PICTURES = picturesFolder('phone');
const CAMERA = join(tmpdir(), `cabintill-phone-camera-${process.pid.toString()}.y4m`);
const camera = openPhoneCamera(CAMERA);

test.use({
  viewport: { width: 390, height: 844 },
  locale: 'en-GB',
  deviceScaleFactor: 2,
  launchOptions: {
    executablePath: process.env['CABINTILL_CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-dev-shm-usage',
      '--use-fake-ui-for-media-stream',
      ...cameraSwitches(CAMERA),
    ],
  },
});

let site: PhoneSite;
test.beforeEach(async ({ page }) => {
  camera.showNothing();
  site = await openPhoneSite();
  await page.goto(`${site.address}/phone/`);
});
test.afterEach(async () => {
  await site.close();
});

function show(code: string): void {
  camera.show({ code, title: 'CabinTill', subtitle: '', colour: '#0b6b5d' });
}

/** Holds the camera to the till until every frame has been seen. */
async function watchCopy(page: Page, frames: readonly string[]): Promise<void> {
  const isOver = page.getByTestId('copy-kept').or(page.getByTestId('copy-refused'));
  for (const [i, frame] of frames.entries()) {
    show(frame);
    if (i < frames.length - 1)
      await expect(page.locator('progress')).toHaveAttribute('value', (i + 1).toString());
    else await expect(isOver).toBeVisible();
  }
}

/** For eyes to look at, beside phone-screens.spec.ts. */
async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(PICTURES, `en-day-${name}.png`) });
}

function newestGuest() {
  const guest = [...site.ground.guests.values()].at(-1);
  if (guest?.state.kind !== 'enrolled') throw new Error('nobody has signed up');
  return { ...guest, enrolled: guest.state };
}

test('a boarding pass fills in flight, seat and name', async ({ page }) => {
  const { leg } = site.ground.scene.flight;
  await page.getByTestId('sign-up').click();
  await page.locator('[data-testid^="flight-"]').first().waitFor();
  await page.getByTestId('scan-pass').click();
  show(
    encode({
      data: {
        passengerName: 'WANG/JUN',
        legs: [
          {
            operatingCarrierPNR: 'ABC123',
            departureAirport: leg.origin,
            arrivalAirport: leg.destination,
            operatingCarrierDesignator: leg.carrier,
            flightNumber: leg.number.toString().padStart(4, '0'),
            flightDate: new Date(leg.departureDay * 86_400_000),
            compartmentCode: 'Y',
            seatNumber: '012C',
            checkInSequenceNumber: '0011',
            passengerStatus: '1',
          },
        ],
      },
      meta: { formatCode: 'M', numberOfLegs: 1, electronicTicketIndicator: 'E' },
    }),
  );
  await expect(page.getByTestId('seat')).toHaveValue('12C');
  await expect(page.getByTestId('name')).toHaveValue('WANG/JUN');
  await expect(page.getByTestId('seq')).toHaveValue('11');
});

test('the till’s copy is taken in the air and handed in on the ground', async ({ page, context }) => {
  await showCode(page);
  await context.setOffline(true);
  await page.reload();
  const { enrolled } = newestGuest();
  const line = sellTo({ ground: site.ground, enrolled }, { lines: 6 });
  const frames = framesOf(line, site.ground);
  expect(frames.length).toBeGreaterThan(1);
  await page.getByTestId('scan-till').click();
  await watchCopy(page, frames);
  await expect(page.getByTestId('copy-kept')).toHaveAttribute('data-kind', 'kept');
  await picture(page, '20-kept');
  await page.getByTestId('to-purchases').click();
  await expect(page.getByTestId('purchase')).toContainText('Sent when you are online');
  await page.reload();
  await expect(page.getByTestId('purchase')).toContainText('￥48.00');
  expect(newestGuest().lines).toEqual([]);
  await context.setOffline(false);
  await expect(page.getByTestId('purchase')).toContainText('The airline has it');
  expect(newestGuest().lines).toEqual([line]);
  await picture(page, '21-handed-in');
});

test('a neighbour’s copy is refused in words', async ({ page }) => {
  await showCode(page);
  const { enrolled } = newestGuest();
  const other = { ...enrolled, cti: '00112233aabbccdd' };
  const line = sellTo({ ground: site.ground, enrolled: other });
  expect(readLine(line)).not.toBeNull();
  await page.getByTestId('scan-till').click();
  await watchCopy(page, framesOf(line, site.ground));
  await expect(page.getByTestId('copy-refused')).toHaveAttribute('data-why', 'not-mine');
  await picture(page, '22-not-mine');
  await page.getByTestId('again').click();
  await expect(page.getByTestId('camera')).toBeVisible();
});

test('an amount is agreed to on the phone and the till takes that amount alone', async ({
  page,
  context,
}) => {
  await showCode(page);
  await context.setOffline(true);
  const asked = {
    amountMinor: 25_000,
    currencyNumeric: 156,
    challenge: Uint8Array.of(7, 7, 7, 7, 1, 2, 3, 4),
  };
  await page.getByTestId('scan-till').click();
  show(composeChallengeCode(asked));
  await expect(page.getByTestId('confirm-amount')).toHaveText('￥250.00');
  await picture(page, '23-confirm');
  await page.getByTestId('agree').click();
  const code = await currentCode(page);
  await picture(page, '24-agreed');
  const nowSeconds = Math.floor(Date.now() / 1000);
  expect(verify(code, site.ground, { nowSeconds, openChallenge: asked })).toMatchObject({
    ok: true,
    value: { mode: 'confirmed', binding: { amountMinor: 25_000 } },
  });
  expect(
    verify(code, site.ground, { nowSeconds, openChallenge: { ...asked, amountMinor: 1 } }),
  ).toMatchObject({
    error: { code: 'PROOF' },
  });
});

test('more than the passenger may spend cannot be agreed to', async ({ page }) => {
  await showCode(page);
  await page.getByTestId('scan-till').click();
  show(
    composeChallengeCode({ amountMinor: 99_900, currencyNumeric: 156, challenge: Uint8Array.of(1, 2, 3, 4) }),
  );
  await expect(page.getByTestId('obstacle')).toBeVisible();
  await expect(page.getByTestId('agree')).toHaveCount(0);
});
