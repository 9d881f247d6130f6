// What the till and a passenger's phone show each other: an order, an amount to confirm, the passenger's copy.
import { readChallengeCode } from '../../domain/handheld/challenge-code.ts';
import { composeOrderCode } from '../../domain/handheld/order-code.ts';
import { ordinaryPassenger, showCode } from '../support/demo-passengers.ts';
import { confirmSale, nextPassenger, scanSomeone, tapItem } from '../support/selling.ts';
import type { Scene } from './scene.ts';

const secondsNow = (): number => Math.floor(Date.now() / 1000);

export async function meetPhones(scene: Scene): Promise<void> {
  await takeOrders(scene);
  await askForTheAmount(scene);
  await giveACopy(scene);
}

async function takeOrders({ till, shoot }: Scene): Promise<void> {
  const { page } = till;
  const order = composeOrderCode([
    { sku: 'ML-001', q: 1 },
    { sku: 'DR-001', q: 2 },
    { sku: 'XX-404', q: 1 },
  ]);
  await till.wedge(composeOrderCode([{ sku: 'XX-404', q: 1 }]));
  await page.getByTestId('refusal').waitFor();
  await shoot('order-not-sold');
  await page.getByTestId('scan-again').click();
  await till.wedge(order);
  await page.getByTestId('order-note').waitFor();
  await shoot('order-first');
  await scanSomeone(till, ordinaryPassenger(till.people, 1));
  await shoot('order-for-passenger');
  await page.getByTestId('clear-basket').click();
  await page.getByTestId('other-passenger').click();
}

async function askForTheAmount({ till, shoot }: Scene): Promise<void> {
  const { page } = till;
  const passenger = await scanSomeone(till, ordinaryPassenger(till.people));
  await shoot('card-empty-basket');
  for (let n = 0; n < 4; n++) await tapItem(page, n);
  await page.getByTestId('confirm').click();
  await page.getByTestId('ask-confirmation').waitFor();
  await shoot('over-limit-ask');
  await page.getByTestId('ask-confirmation').click();
  const asking = page.getByTestId('asking');
  await asking.waitFor();
  await shoot('asking');
  await till.wedge(showCode(passenger, secondsNow()));
  await page.getByTestId('ask-plain').waitFor();
  await shoot('asking-plain-code');
  const asked = readChallengeCode((await asking.getAttribute('data-code')) ?? '');
  if (!asked.ok) throw new Error(asked.error);
  const wrong = { ...asked.value, amountMinor: asked.value.amountMinor - 1 };
  await till.wedge(showCode(passenger, secondsNow() + 1, wrong));
  await page.getByTestId('refusal').waitFor();
  await shoot('asking-mismatch');
  await page.getByTestId('scan-again').click();
  await till.wedge(showCode(passenger, secondsNow() + 2, asked.value));
  await page.getByTestId('confirmed').waitFor();
  await shoot('confirmed-on-phone');
}

async function giveACopy({ till, shoot }: Scene): Promise<void> {
  const { page } = till;
  await page.getByTestId('copy-for-passenger').click();
  await page.getByTestId('copy-code').waitFor();
  await shoot('copy');
  await page.getByTestId('close-copy').click();
  await nextPassenger(page);
  await scanSomeone(till, ordinaryPassenger(till.people, 2));
  await tapItem(page, 2);
  const seq = await confirmSale(page);
  await nextPassenger(page);
  await page.getByTestId('nav-bills').click();
  await page.locator('[data-testid^="bill-T"]').first().click();
  await page.getByTestId(`copy-${seq.toString()}`).click();
  await page.getByTestId('copy-code').waitFor();
  await shoot('bill-copy');
  await page.getByTestId('close-copy').click();
  await page.getByTestId('nav-sell').click();
}
