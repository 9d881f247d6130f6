// What may be wrong when the till starts: each has words of its own in both languages, and nothing is changed or lost.
import { chmodSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import * as nodeCrypto from 'node:crypto';
import { openToOrdinaryUser } from '../../build/launch.mjs';
import type { EcPrivateJwk } from '../../domain/crypto/crypto.ts';
import { signerFromJwk } from '../../domain/crypto/node-crypto.ts';
import type { JournalEvent } from '../../domain/journal/event.ts';
import { composeLine, lineHash, lineHeader, readLine } from '../../domain/journal/line.ts';
import { crypto } from '../support/keys.ts';
import { openPackPress } from '../support/pack-press.ts';
import { nextPassenger, sellOne } from '../support/selling.ts';
import { eventsOf, journalLines, journalSegments } from '../support/till-files.ts';
import { startElectron } from '../support/window-till.ts';
import { expect, test } from './till-test.ts';

/** The till stands still and says why, calmly, in both languages. */
async function expectStopped(page: Page, kind: string): Promise<void> {
  const stopped = page.getByTestId('start-problem');
  await expect(stopped).toHaveAttribute('data-kind', kind);
  await expect(stopped).toContainText(/[一-龥]{4}/);
  await expect(stopped).toContainText(/[A-Za-z]{4}/);
}

async function expectOpen(page: Page): Promise<void> {
  await expect(page.getByTestId('scan-state')).toBeVisible();
}

/** Everything below a folder, itself last. */
function below(path: string): readonly string[] {
  const entry = lstatSync(path);
  if (entry.isSymbolicLink()) return [];
  const inside = entry.isDirectory() ? readdirSync(path).flatMap((name) => below(join(path, name))) : [];
  return [...inside, path];
}

function setWritable(path: string, isWritable: boolean): void {
  for (const one of below(path)) {
    const mode = lstatSync(one).mode & 0o777;
    chmodSync(one, isWritable ? mode | 0o200 : mode & ~0o222);
  }
}

test('a journal with an event of a newer version is not touched', async ({ openTill }) => {
  const till = await openTill();
  await sellOne(till);
  await till.app.close();
  appendFutureEvent(till.dir);
  const [segment = ''] = journalSegments(till.dir);
  const before = readFileSync(segment);
  const again = await openTill({ dir: till.dir, isReady: false });
  await expectStopped(again.page, 'journal-from-the-future');
  expect(readFileSync(segment)).toEqual(before);
});

/** What a newer till would have written: signed with the same key, of a type that this one does not know. */
function appendFutureEvent(dir: string): void {
  const [segment = ''] = journalSegments(dir);
  const lines = journalLines(dir);
  const last = readLine(lines.at(-1) ?? '');
  if (last === null) throw new Error('no last event');
  const jwk = JSON.parse(readFileSync(join(dir, 'keys', 'device-T-0001.jwk.json'), 'utf8')) as EcPrivateJwk;
  const signer = signerFromJwk(nodeCrypto, jwk);
  const prev = lineHash(lines.at(-1) ?? '', crypto);
  const future = { ...last, seq: last.seq + 1, prev, ty: 'TIP', b: { amt: 500 } } as unknown as JournalEvent;
  const line = composeLine(future, lineHeader(signer.publicJwk, crypto), signer);
  writeFileSync(segment, `${[...lines, line].join('\n')}\n`);
}

test('a ledger of a newer version is not touched', async ({ openTill }) => {
  const till = await openTill();
  await sellOne(till);
  await till.page.evaluate(async () => {
    const open = indexedDB.open('cabintill', 20);
    await new Promise((resolve, reject) => {
      open.onsuccess = resolve;
      open.onerror = reject;
    });
    open.result.close();
  });
  await till.app.close();
  const again = await openTill({ dir: till.dir, isReady: false });
  await expectStopped(again.page, 'journal-from-the-future');
  const versions = await again.page.evaluate(async () =>
    (await indexedDB.databases()).map((db) => db.version),
  );
  expect(versions).toEqual([20]);
  expect(eventsOf(till.dir, 'DUTY_ON')).toHaveLength(1);
});

for (const [what, folder] of [
  ['data folder', ''],
  ["journal's folder", 'journal'],
] as const) {
  test(`a read-only ${what} is said, and all is there once it can be written`, async ({ openTill }) => {
    const till = await openTill();
    const seq = await sellOne(till);
    await nextPassenger(till.page);
    await till.app.close();
    const locked = join(till.dir, 'till', folder);
    setWritable(locked, false);
    const app = await startElectron([`--demo=${till.dir}`]);
    try {
      await expectStopped(await app.firstWindow(), 'data-folder-not-writable');
    } finally {
      await app.close();
      setWritable(locked, true);
    }
    const again = await openTill({ dir: till.dir });
    expect(eventsOf(till.dir, 'SALE').map((sale) => sale.seq)).toEqual([seq]);
    await again.page.getByTestId('nav-bills').click();
    await expect(again.page.locator('[data-testid^="bill-"]')).toHaveCount(1);
  });
}

test('each member of the flight pack that was damaged is named, and the right pack opens', async ({
  openTill,
}) => {
  const till = await openTill();
  await till.app.close();
  const press = await openPackPress(till.dir);
  writeFileSync(press.path, Buffer.from('not an archive'));
  const { page } = await openTill({ dir: till.dir, isReady: false });
  await expectStopped(page, 'pack-bad');
  expect(press.memberNames.length).toBeGreaterThan(7);
  for (const member of press.memberNames) {
    writeFileSync(press.path, await press.damaged(member));
    await page.getByTestId('try-again').click();
    await expect(page.getByTestId('start-problem')).toContainText(member);
    await expectStopped(page, 'pack-bad');
  }
  rmSync(press.path);
  await page.getByTestId('try-again').click();
  await expectStopped(page, 'pack-missing');
  writeFileSync(press.path, press.original);
  openToOrdinaryUser(press.path);
  await page.getByTestId('try-again').click();
  await expectOpen(page);
});

for (const [what, newer] of [
  ['flight pack', { n: 2 }],
  ['trust list', { trustVersion: 500 }],
] as const) {
  test(`an older ${what} put back is refused, and the newest opens`, async ({ openTill }) => {
    const till = await openTill();
    await sellOne(till);
    await till.app.close();
    const press = await openPackPress(till.dir);
    const newest = await press.reissued(newer);
    writeFileSync(press.path, newest);
    const updated = await openTill({ dir: till.dir });
    await sellOne(updated);
    await updated.app.close();
    expect(eventsOf(till.dir, 'PACK_LOAD')).toHaveLength(2);
    writeFileSync(press.path, press.original);
    const { page } = await openTill({ dir: till.dir, isReady: false });
    await expectStopped(page, 'pack-older-than-journal');
    writeFileSync(press.path, newest);
    await page.getByTestId('try-again').click();
    await expectOpen(page);
    expect(eventsOf(till.dir, 'SALE')).toHaveLength(2);
  });
}

test('a second start brings the first till to the front and ends', async ({ openTill }) => {
  const till = await openTill();
  await till.app.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    const counted = globalThis as unknown as { timesInFront: number };
    counted.timesInFront = 0;
    const focus = window?.focus.bind(window);
    if (window !== undefined) {
      window.focus = () => {
        counted.timesInFront += 1;
        focus?.();
      };
    }
  });
  const { CABINTILL_ELECTRON: executable = '', CABINTILL_APP_DIR: appDir = '' } = process.env;
  const second = spawn(executable, [appDir, `--demo=${till.dir}`], { stdio: 'ignore' });
  expect(await once(second, 'exit')).toEqual([0, null]);
  await expect
    .poll(() => till.app.evaluate(() => (globalThis as unknown as { timesInFront: number }).timesInFront))
    .toBe(1);
  await sellOne(till);
});

for (const [what, argumentsIn] of [
  ['no demo folder', () => []],
  ['a demo folder with nothing in it', (dir: string) => [`--demo=${dir}`]],
  ['a demo folder that is not there', (dir: string) => [`--demo=${join(dir, 'none')}`]],
] as const) {
  test(`with ${what} the till says that it is not set up`, async () => {
    const dir = mkdtempSync(join(tmpdir(), 'cabintill-e2e-'));
    openToOrdinaryUser(dir);
    let app: ElectronApplication | null = null;
    try {
      app = await startElectron(argumentsIn(dir));
      await expectStopped(await app.firstWindow(), 'not-provisioned');
    } finally {
      await app?.close();
      rmSync(dir, { recursive: true, force: true });
    }
  });
}
