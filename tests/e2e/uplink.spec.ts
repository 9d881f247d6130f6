// From the gate to the wallet in the real window: sealed, sent, acknowledged, paid; and killed on the way.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { makeDemo } from '../../ground/demo/make-demo.ts';
import { openPackPress } from '../support/pack-press.ts';
import { closeAndExport, nextPassenger, sellOne } from '../support/selling.ts';
import { openStubGround, type StubFault, type StubGround } from '../support/stub-ground.ts';
import { eventsOf } from '../support/till-files.ts';
import type { WindowTill } from '../support/window-till.ts';
import { expect, test as base } from './till-test.ts';

const test = base.extend<{ readonly demo: { readonly dir: string; readonly ground: StubGround } }>({
  /** A demo folder whose terminal knows where ground is. */
  demo: async ({}, use) => {
    const dir = mkdtempSync(join(tmpdir(), 'cabintill-uplink-'));
    const made = await makeDemo({ out: dir, nowMs: Date.now() });
    if (!made.ok) throw new Error(made.error);
    const ground = await openStubGround(dir);
    ground.introduceTo(dir);
    await use({ dir, ground });
    await ground.close();
    rmSync(dir, { recursive: true, force: true });
  },
});

/** Ground's next answers: it is there and cannot work. */
function outOfOrder(times: number): readonly StubFault[] {
  return Array.from({ length: times }, () => ({ method: 'HEAD', kind: 'status', status: 503 }));
}

async function expectGround(page: Page, state: string): Promise<void> {
  await page.getByTestId('nav-flight').click();
  await expect(page.getByTestId('ground-state')).toHaveAttribute('data-state', state);
}

async function expectStanding(page: Page, standing: string): Promise<void> {
  await page.getByTestId('nav-bills').click();
  await page.locator('[data-testid^="bill-T-"]').first().click();
  await expect(page.getByTestId('bill-standing')).toHaveAttribute('data-standing', standing);
}

async function sellAndSeal(till: WindowTill): Promise<string> {
  await sellOne(till);
  await nextPassenger(till.page);
  return closeAndExport(till.page);
}

test('a flight goes from the gate to the wallet, and the window says so at each step', async ({
  openTill,
  demo,
}) => {
  const { dir, ground } = demo;
  const till = await openTill({ dir });
  await sellOne(till);
  await nextPassenger(till.page);
  ground.misbehave(...outOfOrder(4));
  const batchId = await closeAndExport(till.page);
  await expectStanding(till.page, 'sealed');
  await expectGround(till.page, 'waiting');
  await expectStanding(till.page, 'collecting');
  await till.page.getByTestId('nav-flight').click();
  await expect(till.page.getByTestId('unsent-amount')).toContainText('0.00');
  ground.settle('CHARGED');
  await expectGround(till.page, 'up-to-date');
  await expectStanding(till.page, 'paid');
  expect(ground.accepted).toEqual([batchId]);
});

test('without a network the amount stays in sight, and "send now" does not wait', async ({
  openTill,
  demo,
}) => {
  const { dir, ground } = demo;
  const till = await openTill({ dir });
  ground.misbehave(...outOfOrder(20));
  await sellAndSeal(till);
  await expectGround(till.page, 'unreachable');
  await expect(till.page.getByTestId('unsent-amount')).not.toContainText('￥0.00');
  while (ground.accepted.length === 0) {
    const asked = ground.calls.length;
    await till.page.getByTestId('send-now').click();
    await expect.poll(() => ground.calls.length).toBeGreaterThan(asked);
  }
  await expectGround(till.page, 'waiting');
});

test('after landing a batch goes as soon as there is a network, without anybody asking', async ({
  openTill,
  demo,
}) => {
  const { dir, ground } = demo;
  const till = await openTill({ dir, root: 'test-main' });
  till.setFaults({ networkSign: 'cabin' });
  await ground.close();
  await sellAndSeal(till);
  await expectGround(till.page, 'unreachable');
  const landed = await openStubGround(dir, Number(new URL(ground.address).port), ground.certificate);
  till.setFaults({ networkSign: 'gate' });
  await expect(till.page.getByTestId('unsent-amount')).toContainText('0.00');
  expect(landed.accepted).toHaveLength(1);
  await landed.close();
});

test('a batch ground calls forged stops, in words, and nothing else does', async ({ openTill, demo }) => {
  const { dir, ground } = demo;
  const till = await openTill({ dir });
  const text = (batchId: string): string =>
    ground.sign(ground.resultOf(batchId, { status: 'FORGED', ackSeq: 0 }));
  ground.misbehave({ method: 'PUT', kind: 'result', text, status: 422 });
  await sellAndSeal(till);
  await expectGround(till.page, 'stopped');
  await expectStanding(till.page, 'sent');
});

test('killed during the upload, the batch arrives once', async ({ openTill, demo }) => {
  const { dir, ground } = demo;
  const till = await openTill({ dir });
  ground.misbehave({ method: 'PUT', kind: 'cut', afterBytes: 400 }, { method: 'PUT', kind: 'hang' });
  const batchId = await sellAndSeal(till);
  await expect.poll(() => ground.calls.filter(({ method }) => method === 'PUT').length).toBe(2);
  await kill(till);
  const again = await openTill({ dir });
  await expectGround(again.page, 'waiting');
  expect(ground.accepted).toEqual([batchId]);
  expect(ground.calls.findLast(({ method }) => method === 'PUT')?.range).toMatch(/^bytes 400-/);
  expect(eventsOf(dir, 'EXPORT')).toHaveLength(1);
  expect(eventsOf(dir, 'RESULT')).toHaveLength(1);
});

for (const at of ['mid-write', 'before-sync', 'after-record'] as const) {
  test(`killed between the result file and the end of its record (${at}), the result counts once`, async ({
    openTill,
    demo,
  }) => {
    const { dir, ground } = demo;
    const till = await openTill({ dir, root: 'test-main' });
    till.setFaults({ kill: { victim: 'main', at, ty: 'RESULT' } });
    const ended = new Promise((resolve) => till.app.process().once('exit', resolve));
    // The window may be gone before the batch id has been read off it.
    await sellAndSeal(till).catch(() => undefined);
    await ended;
    till.setFaults({});
    expect(readdirSync(join(dir, 'till', 'results')).filter((name) => name.endsWith('.cpr'))).toHaveLength(1);
    const again = await openTill({ dir, root: 'test-main' });
    await expectGround(again.page, 'waiting');
    await expectStanding(again.page, 'collecting');
    expect(eventsOf(dir, 'RESULT')).toHaveLength(1);
    expect(ground.accepted).toHaveLength(1);
  });
}

test('a newer flight pack comes into use by itself while nobody is at the terminal', async ({
  openTill,
  demo,
}) => {
  const { dir, ground } = demo;
  const press = await openPackPress(dir);
  const till = await openTill({ dir, root: 'test-main' });
  till.setFaults({ untouchedMs: 0 });
  const version = till.page.getByTestId('pack-version');
  await till.page.getByTestId('nav-flight').click();
  await expect(version).toContainText('1');
  const bytes = await press.reissued({ n: 2 });
  ground.offerPack({ status: 200, bytes });
  // Ground is asked once a minute, and on another network at once.
  till.setFaults({ untouchedMs: 3_600_000, networkSign: 'gate' });
  await expect.poll(() => eventsOf(dir, 'PACK_LOAD').length).toBe(2);
  await till.page.getByTestId('nav-flight').click();
  await expect(version).toContainText('2');
  ground.offerPack({ status: 204 });
  await sellOne(till);
});

async function kill(till: WindowTill): Promise<void> {
  const ended = new Promise((resolve) => till.app.process().once('exit', resolve));
  await till.app.evaluate(() => process.kill(process.pid, 'SIGKILL')).catch(() => undefined);
  await ended;
}
