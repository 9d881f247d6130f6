// Journal and ledger are two copies of the same events: whichever is lost is rebuilt from the other.
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { composeLine, lineHash, lineHeader, readLine } from '../../domain/journal/line.ts';
import { signerFromJwk } from '../../domain/crypto/node-crypto.ts';
import * as nodeCrypto from 'node:crypto';
import type { EcPrivateJwk } from '../../domain/crypto/crypto.ts';
import { crypto } from '../support/keys.ts';
import {
  closeAndExport,
  confirmSale,
  nextPassenger,
  scanSomeone,
  sellOne,
  tapItem,
} from '../support/selling.ts';
import { eventsOf, journalLines, journalSegments, verifyOutbox } from '../support/till-files.ts';
import { expect, test } from './till-test.ts';

/** Changes the ledger behind the till's back, as a damaged disk or a curious hand would. */
async function inLedger(page: Page, change: 'wipe' | 'edit-bill' | 'drop-tail'): Promise<void> {
  await page.evaluate(async (what) => {
    const open = indexedDB.open('cabintill');
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      open.onsuccess = () => {
        resolve(open.result);
      };
      open.onerror = () => {
        reject(new Error('ledger does not open'));
      };
    });
    const stores = [...db.objectStoreNames].filter((name) => ['events', 'bills', 'meta'].includes(name));
    const transaction = db.transaction(stores, 'readwrite');
    if (what === 'wipe') for (const name of stores) transaction.objectStore(name).clear();
    if (what === 'edit-bill') {
      const bills = transaction.objectStore('bills');
      const all = bills.getAll();
      all.onsuccess = () => {
        for (const bill of all.result as { spentMinor: number }[]) bills.put({ ...bill, spentMinor: 1 });
      };
    }
    if (what === 'drop-tail') {
      const events = transaction.objectStore('events');
      const keys = events.getAllKeys();
      keys.onsuccess = () => {
        for (const key of keys.result.slice(-2)) events.delete(key);
      };
    }
    await new Promise((resolve) => {
      transaction.oncomplete = resolve;
    });
    db.close();
  }, change);
}

for (const [change, title] of [
  ['wipe', 'wiped'],
  ['edit-bill', 'edited: a bill shows another amount'],
  ['drop-tail', 'behind by two events'],
] as const) {
  test(`a ledger ${title} equals the journal again after a restart`, async ({ openTill }) => {
    const till = await openTill();
    await sellOne(till);
    await nextPassenger(till.page);
    const [sale] = eventsOf(till.dir, 'SALE');
    await inLedger(till.page, change);
    await till.app.close();
    const again = await openTill({ dir: till.dir });
    await again.page.getByTestId('nav-flight').click();
    await expect(again.page.getByTestId('total-net')).toContainText(((sale?.b.tot ?? 0) / 100).toFixed(2));
    await closeAndExport(again.page);
    expect(await verifyOutbox(till.dir)).toMatchObject({ status: 'ACCEPTED', netMinor: sale?.b.tot });
  });
}

test('a journal that was lost is restored, line for line, from the ledger', async ({ openTill }) => {
  const till = await openTill();
  await sellOne(till);
  await nextPassenger(till.page);
  await till.app.close();
  const before = journalLines(till.dir);
  rmSync(join(till.dir, 'till', 'journal'), { recursive: true });
  const again = await openTill({ dir: till.dir });
  await expect(again.page.getByTestId('notice-journal-restored')).toBeVisible();
  expect(journalLines(till.dir).slice(0, before.length)).toEqual(before);
  await closeAndExport(again.page);
  expect((await verifyOutbox(till.dir)).status).toBe('ACCEPTED');
});

test('a journal damaged inside is mended from the ledger', async ({ openTill }) => {
  const till = await openTill();
  await sellOne(till);
  await till.app.close();
  const before = journalLines(till.dir);
  const [segment = ''] = journalSegments(till.dir);
  const bytes = readFileSync(segment);
  bytes[Math.floor(bytes.length / 3)] = 0x21;
  writeFileSync(segment, bytes);
  await openTill({ dir: till.dir });
  expect(journalLines(till.dir).slice(0, before.length)).toEqual(before);
});

test('a torn tail is cut off, kept aside, and said', async ({ openTill }) => {
  const till = await openTill();
  const seq = await sellOne(till);
  await till.app.close();
  const [segment = ''] = journalSegments(till.dir);
  writeFileSync(segment, Buffer.concat([readFileSync(segment), Buffer.from('eyJhbGciOiJFUzI1NiIsImtpZCI6')]));
  const again = await openTill({ dir: till.dir });
  await expect(again.page.getByTestId('notice-torn-tail')).toBeVisible();
  expect(eventsOf(till.dir, 'FAULT').map((event) => event.b.code)).toContain('TORN_TAIL');
  expect(eventsOf(till.dir, 'SALE').map((event) => event.seq)).toEqual([seq]);
});

test('journal and ledger that really differ stop the till with a clear screen', async ({ openTill }) => {
  const till = await openTill();
  await sellOne(till);
  await till.app.close();
  forgeLastLine(till.dir);
  const again = await openTill({ dir: till.dir, isReady: false });
  await expect(again.page.getByTestId('start-problem')).toHaveAttribute('data-kind', 'journal-fork');
});

/** Signs another last event with the terminal's own key: what a cloned tablet would have written. */
function forgeLastLine(dir: string): void {
  const [segment = ''] = journalSegments(dir);
  const lines = journalLines(dir);
  const last = readLine(lines.at(-1) ?? '');
  const jwk = JSON.parse(readFileSync(join(dir, 'keys', 'device-T-0001.jwk.json'), 'utf8')) as EcPrivateJwk;
  const signer = signerFromJwk(nodeCrypto, jwk);
  if (last === null) throw new Error('no last event');
  const prev = lineHash(lines.at(-2) ?? '', crypto);
  const forged = composeLine({ ...last, prev, t: last.t + 1 }, lineHeader(signer.publicJwk, crypto), signer);
  writeFileSync(segment, `${[...lines.slice(0, -1), forged].join('\n')}\n`);
}

test('killed between journal and ledger: the sale is there once, and its basket confirmed again adds nothing', async ({
  openTill,
}) => {
  const till = await openTill({ root: 'test-main' });
  await scanSomeone(till);
  await tapItem(till.page);
  const recordsSoFar = new Set(journalLines(till.dir).map((line) => readLine(line)?.t)).size;
  // Opening for duty was one record and the scan another; the sale is the next.
  till.setFaults({ killAfterRecord: recordsSoFar + 1 });
  const ended = new Promise((resolve) => till.app.process().once('exit', resolve));
  // The window may be gone before the click has been answered.
  await till.page
    .getByTestId('confirm')
    .click()
    .catch(() => undefined);
  await ended;
  expect(eventsOf(till.dir, 'SALE')).toHaveLength(1);
  till.setFaults({});
  const again = await openTill({ dir: till.dir, root: 'test-main' });
  await expect(again.page.getByTestId('notice-sale-before-restart')).toBeVisible();
  await scanSomeone(again);
  const confirm = again.page.getByTestId('confirm');
  if (await confirm.isEnabled()) await confirmSale(again.page);
  const sold = eventsOf(till.dir, 'SALE');
  expect(sold).toHaveLength(1);
  await again.page.getByTestId('nav-flight').click();
  await expect(again.page.getByTestId('total-net')).toContainText(((sold[0]?.b.tot ?? 0) / 100).toFixed(2));
});

test('a till whose data folder holds an older copy of everything still sells and settles', async ({
  openTill,
}) => {
  const till = await openTill();
  await sellOne(till);
  await till.app.close();
  const data = join(till.dir, 'till');
  renameSync(join(data, 'journal'), join(data, 'journal-of-today'));
  const again = await openTill({ dir: till.dir });
  expect(existsSync(join(data, 'journal'))).toBe(true);
  await sellOne(again);
  await closeAndExport(again.page);
  expect((await verifyOutbox(till.dir)).totals[0]?.sales.n).toBe(2);
});
