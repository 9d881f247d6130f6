import { ordinaryPassenger, pickPassenger, showCode } from '../support/demo-passengers.ts';
import {
  closeAndExport,
  confirmSale,
  nextPassenger,
  scanSomeone,
  sellOne,
  tapItem,
} from '../support/selling.ts';
import { eventsOf, verifyOutbox } from '../support/till-files.ts';
import { expect, test } from './till-test.ts';

test('a passenger is scanned, served, and charged in a batch that ground accepts', async ({ openTill }) => {
  const till = await openTill();
  const member = ordinaryPassenger(till.people, 1);
  await sellOne(till, member);
  await nextPassenger(till.page);
  await sellOne(till, ordinaryPassenger(till.people));
  const shown = await till.page.getByTestId('confirmed').innerText();
  const batchId = await closeAndExport(till.page);
  const verdict = await verifyOutbox(till.dir);
  expect(verdict).toMatchObject({ status: 'ACCEPTED', batchId });
  expect(verdict.totals[0]?.sales.n).toBe(2);
  const sales = eventsOf(till.dir, 'SALE');
  expect(verdict.netMinor).toBe(sales.reduce((sum, sale) => sum + sale.b.tot, 0));
  expect(shown).toContain(((sales[1]?.b.tot ?? 0) / 100).toFixed(2));
  expect(verdict.passengers.find(({ seat }) => seat === member.seat)?.netMinor).toBe(sales[0]?.b.tot);
});

test('items first, then the scan: the basket waits for its passenger', async ({ openTill }) => {
  const till = await openTill();
  await tapItem(till.page, 0);
  await tapItem(till.page, 1);
  await scanSomeone(till);
  await confirmSale(till.page);
  expect(eventsOf(till.dir, 'SALE')[0]?.b.lines).toHaveLength(2);
});

test('a sale of three items to a scanned passenger takes at most six taps', async ({ openTill }) => {
  const till = await openTill();
  await scanSomeone(till);
  const taps = [
    () => tapItem(till.page, 0),
    () => tapItem(till.page, 1),
    () => tapItem(till.page, 2),
    () => till.page.getByTestId('confirm').click(),
    () => till.page.getByTestId('next-passenger').click(),
  ];
  for (const tap of taps) await tap();
  expect(taps.length).toBeLessThanOrEqual(6);
  expect(eventsOf(till.dir, 'SALE')).toHaveLength(1);
});

test('a wedge scanner is heard with the focus in the search field, and types nothing into it', async ({
  openTill,
}) => {
  const till = await openTill();
  const search = till.page.getByTestId('search');
  await search.click();
  await search.pressSequentially('可乐', { delay: 120 });
  await scanSomeone(till);
  await expect(search).toHaveValue('可乐');
});

test('a refusal says what to do in both languages and keeps the basket', async ({ openTill }) => {
  const till = await openTill();
  await tapItem(till.page, 0);
  const passenger = ordinaryPassenger(till.people);
  const old = showCode(passenger, Math.floor(Date.now() / 1000) - 600);
  await till.wedge(old);
  const refusal = till.page.getByTestId('refusal');
  await expect(refusal).toHaveAttribute('data-kind', 'code-proof-old');
  await expect(refusal).toContainText(/[一-龥]/);
  await expect(refusal).toContainText(/[A-Za-z]{4}/);
  await till.page.getByTestId('scan-again').click();
  await scanSomeone(till, passenger);
  await confirmSale(till.page);
  expect(eventsOf(till.dir, 'SALE')[0]?.b.lines).toHaveLength(1);
});

test('the same code is not taken twice, and a denied passenger not at all', async ({ openTill }) => {
  const till = await openTill();
  const code = showCode(ordinaryPassenger(till.people), Math.floor(Date.now() / 1000));
  await till.wedge(code);
  await till.page.getByTestId('passenger-card').waitFor();
  await till.wedgePassenger(pickPassenger(till.people, (one) => one.denied && one.holder !== null));
  await expect(till.page.getByTestId('refusal')).toHaveAttribute('data-kind', 'code-denied');
  // The same text is not heard before it has been out of view for two seconds.
  await expect(async () => {
    await till.wedge(code);
    await expect(till.page.getByTestId('refusal')).toHaveAttribute('data-kind', 'code-replay', {
      timeout: 1000,
    });
  }).toPass({ intervals: [2500] });
});

test('a void before hand-over takes the sale out of the charge', async ({ openTill }) => {
  const till = await openTill();
  await sellOne(till);
  await till.page.getByTestId('undo-sale').click();
  await till.page.getByTestId('void-reason-mistake').click();
  await till.page.getByTestId('confirmed-void').waitFor();
  await closeAndExport(till.page);
  expect(await verifyOutbox(till.dir)).toMatchObject({ status: 'ACCEPTED', netMinor: 0 });
});

test('a flight with a basket still open is not closed', async ({ openTill }) => {
  const till = await openTill();
  await scanSomeone(till);
  await tapItem(till.page, 0);
  await till.page.getByTestId('nav-flight').click();
  await expect(till.page.getByTestId('open-basket')).toBeVisible();
  await expect(till.page.getByTestId('close-flight')).toBeVisible();
  await till.page.getByTestId('close-flight').click();
  await expect(till.page.getByTestId('refusal')).toHaveAttribute('data-kind', 'basket-open');
  expect(eventsOf(till.dir, 'FLIGHT_CLOSE')).toHaveLength(0);
});

test('exporting again gives the same batch, also after a restart', async ({ openTill }) => {
  const till = await openTill();
  await sellOne(till);
  const first = await closeAndExport(till.page);
  await till.app.close();
  const again = await openTill({ dir: till.dir });
  await again.page.getByTestId('nav-flight').click();
  await again.page.getByTestId('sealed').waitFor();
  await again.page.getByTestId('export-batch').click();
  await expect.poll(() => eventsOf(till.dir, 'EXPORT').length).toBe(2);
  expect(new Set(eventsOf(till.dir, 'EXPORT').map((event) => event.b.batchId))).toEqual(new Set([first]));
  expect(await verifyOutbox(till.dir)).toMatchObject({ status: 'ACCEPTED', batchId: first });
});
