import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { demoCatalogue, demoPromotions } from '../../ground/demo/demo-catalogue.ts';
import { openConsoleDesk, PASSWORD, type ConsoleDesk } from './console-desk.ts';
import { picturesFolder } from './pictures.ts';

const PICTURES = picturesFolder('console');

let desk: ConsoleDesk;

test.beforeAll(async () => {
  desk = await openConsoleDesk();
});

test.afterAll(() => desk.close());

type Look = { readonly language?: 'zh' | 'en'; readonly theme?: 'day' | 'night' };

/** Whatever the page said that it should not have said; the content security policy complains there too. */
const complaints: string[] = [];

async function open(page: Page, { language = 'en', theme = 'day' }: Look = {}): Promise<void> {
  complaints.length = 0;
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.addInitScript(
    ([lang, colours]) => {
      localStorage.setItem('cabintill-console-language', lang ?? 'en');
      localStorage.setItem('cabintill-console-theme', colours ?? 'day');
      localStorage.setItem('cabintill-console-airline', '9C');
    },
    [language, theme],
  );
  await page.goto(`${desk.address}/console/`);
}

async function signIn(page: Page, name: string, look: Look = {}): Promise<void> {
  await open(page, look);
  await page.locator('input[name=name]').fill(name);
  await page.locator('input[name=password]').fill(PASSWORD);
  await page.locator('button[type=submit]').click();
  await expect(page.locator('.page-title')).toHaveText(look.language === 'zh' ? '总览' : 'Overview');
}

async function go(page: Page, path: string): Promise<void> {
  await page.goto(`${desk.address}/console/#${path}`);
  await expect(page.locator('main h1')).toBeVisible();
  await expect(page.locator('[aria-busy=true]')).toHaveCount(0);
  await expect(page.locator('.list-waiting')).toHaveCount(0);
}

async function pages(): Promise<readonly string[]> {
  const { db } = desk.ground;
  const leg = await db
    .selectFrom('leg_terminal')
    .innerJoin('flight', 'flight.leg', 'leg_terminal.leg')
    .select('flight.leg')
    .where('airline', '=', '9C')
    .where('leg_terminal.status', '=', 'expected')
    .executeTakeFirstOrThrow();
  const batch = await db
    .selectFrom('batch')
    .select('id')
    .where('airline', '=', '9C')
    .executeTakeFirstOrThrow();
  const order = await db
    .selectFrom('wallet_order')
    .select('order_number')
    .where('airline', '=', '9C')
    .where('state', '=', 'UNPAID_RETRY')
    .executeTakeFirstOrThrow();
  return [
    '/', '/flights', `/flights/${leg.leg}`, '/batches', `/batches/${batch.id.toString()}`, '/orders',
    `/orders/${order.order_number}`, '/follow-ups', '/follow-ups?tab=set-aside', '/differences', '/members', '/deny-list',
    '/risk', '/catalogue', '/fleet', '/audit', '/nowhere',
  ]; // prettier-ignore
}

for (const look of [
  { language: 'zh', theme: 'day' },
  { language: 'en', theme: 'night' },
] as const) {
  test(`every page is accessible and says nothing to the console, ${look.language} by ${look.theme}`, async ({
    page,
  }) => {
    await open(page, look);
    await expect(page.locator('form')).toBeVisible();
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    await signIn(page, 'ada.admin', look);
    for (const path of await pages()) {
      await go(page, path);
      const name = path.replace(/[^a-z0-9-]+/gi, '_');
      await page.screenshot({ path: join(PICTURES, `${look.language}-${look.theme}-${name}.png`) });
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect([path, violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])]).toEqual([
        path,
        [],
      ]);
    }
    expect(complaints).toEqual([]);
  });
}

test('in Chinese nothing ground says is left in English but what is marked as technical', async ({
  page,
}) => {
  await signIn(page, 'ada.admin', { language: 'zh' });
  // The audit trail is what people wrote, in whatever language.
  for (const path of (await pages()).filter((one) => one !== '/audit')) {
    await go(page, path);
    const left = await page.locator('main').evaluate((main) => {
      for (const technical of main.querySelectorAll('[lang=en]')) technical.remove();
      return /[a-z]{2,} [a-z]{2,} [a-z]{2,}.*/.exec(main.textContent)?.[0] ?? null;
    });
    expect([path, left]).toEqual([path, null]);
  }
});

test('nothing is wider than the window, down to a tablet held upright', async ({ page }) => {
  await page.setViewportSize({ width: 820, height: 1180 });
  await signIn(page, 'ada.admin');
  for (const path of await pages()) {
    await go(page, path);
    const [inner, outer] = await page.evaluate(
      () => [document.documentElement.scrollWidth, innerWidth] as const,
    );
    expect([path, inner <= outer]).toEqual([path, true]);
  }
  await page.getByRole('button', { name: 'Menu' }).click();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.getByRole('dialog').getByRole('link', { name: 'Fleet' }).click();
  await expect(page.locator('.page-title')).toHaveText('Fleet');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('a wrong password is said in words and the right one goes on', async ({ page }) => {
  await open(page);
  await page.locator('input[name=name]').fill('lin.finance');
  await page.locator('input[name=password]').fill('guessed wrongly');
  await page.locator('button[type=submit]').click();
  await expect(page.getByRole('alert')).toContainText('Name or password is wrong.');
  await page.locator('input[name=password]').fill(PASSWORD);
  await page.locator('button[type=submit]').click();
  await expect(page.locator('.page-title')).toHaveText('Overview');
});

test('an order is found by its number and leads to what happened', async ({ page }) => {
  const { order_number: number } = await desk.ground.db
    .selectFrom('wallet_order')
    .select('order_number')
    .where('airline', '=', '9C')
    .where('state', '=', 'PAID')
    .executeTakeFirstOrThrow();
  await signIn(page, 'lin.finance');
  await page.getByRole('link', { name: 'Bills and orders' }).first().click();
  await page.getByRole('searchbox').fill(number.toUpperCase());
  await expect(page.getByRole('row')).toHaveCount(2);
  await page.getByRole('link', { name: number }).click();
  await expect(page.locator('.history-step')).toHaveCount(7);
  await page.goBack();
  await expect(page.getByRole('searchbox')).toHaveValue(number.toUpperCase());
});

test('operations release a terminal, with a reason, and it stands in the audit trail', async ({ page }) => {
  const { leg, dev } = await desk.ground.db
    .selectFrom('leg_terminal')
    .innerJoin('flight', 'flight.leg', 'leg_terminal.leg')
    .select(['flight.leg', 'dev'])
    .where('airline', '=', '9C')
    .where('leg_terminal.status', '=', 'expected')
    .where('flight.status', '<>', 'planned')
    .executeTakeFirstOrThrow();
  await signIn(page, 'wu.operations');
  await go(page, `/flights/${leg}`);
  const row = page.getByRole('group', { name: 'Terminals' }).getByRole('row', { name: dev });
  await row.getByRole('button', { name: 'Release' }).click();
  const dialog = page.getByRole('dialog');
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await expect(dialog.getByRole('button', { name: 'Release' })).toBeDisabled();
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('battery is dead, nothing was sold on it');
  await dialog.getByRole('button', { name: 'Release' }).click();
  await expect(row).toContainText('Released by a person');
  await go(page, '/audit');
  await expect(page.getByRole('row', { name: /Released a terminal/ }).first()).toContainText(
    'battery is dead',
  );
});

test('operations let a terminal out of quarantine, with a reason', async ({ page }) => {
  await signIn(page, 'wu.operations');
  await go(page, '/fleet?state=quarantined');
  const row = page.getByRole('row', { name: /T-9C-0034/ });
  await expect(row).toContainText('does not follow the line before it');
  await row.getByRole('button', { name: 'Lift quarantine' }).click();
  const dialog = page.getByRole('dialog');
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await expect(dialog.getByRole('button', { name: 'Lift quarantine' })).toBeDisabled();
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('restored from a disk image, which is gone');
  await dialog.getByRole('button', { name: 'Lift quarantine' }).click();
  await expect(row).toHaveCount(0);
  await go(page, '/audit');
  await expect(page.getByRole('row', { name: /Lifted a terminal's quarantine/ }).first()).toContainText(
    'restored from a disk image',
  );
});

test('operations upload a catalogue; one with a fault is refused with its name and place', async ({
  page,
}) => {
  await signIn(page, 'wu.operations');
  await go(page, '/catalogue');
  const catalogue = demoCatalogue();
  const [first, ...others] = catalogue.items;
  const upload = async (items: readonly unknown[]): Promise<void> => {
    await page.locator('input[type=file]').setInputFiles({
      name: 'winter.json',
      mimeType: 'application/json',
      buffer: Buffer.from(
        JSON.stringify({ catalogue: { ...catalogue, items }, promotions: demoPromotions() }),
      ),
    });
    await page.getByRole('dialog').getByRole('button', { name: 'Upload a catalogue' }).click();
  };
  await page.getByRole('button', { name: 'Upload a catalogue' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('winter menu');
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await upload([{ ...first, priceMinor: -1 }, ...others]);
  await expect(dialog.getByRole('alert')).toContainText('items.0.priceMinor');
  await upload([{ ...first, priceMinor: 4321 }, ...others]);
  await expect(dialog).toHaveCount(0);
  await expect(page.locator('main')).toContainText('Version 2, saved by wu.operations');
  await expect(page.locator('main')).toContainText('43.21');
});

test('finance resolve a follow-up and a difference', async ({ page }) => {
  await signIn(page, 'lin.finance');
  for (const [path, words] of [
    ['/follow-ups', 'paid in cash at the gate'],
    ['/differences', 'the wallet corrected it'],
  ] as const) {
    await go(page, path);
    const before = await page.getByRole('row').count();
    await page.getByRole('button', { name: 'Resolve' }).first().click();
    await page.getByRole('textbox', { name: 'Reason' }).fill(words);
    await page.getByRole('dialog').getByRole('button', { name: 'Resolve' }).click();
    await expect(page.getByRole('row')).toHaveCount(before - 1);
  }
});

test('a code is refused on board and taken off the list again', async ({ page }) => {
  await signIn(page, 'wu.operations');
  await go(page, '/deny-list');
  await page.getByRole('button', { name: 'Add a code' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox').fill('0123456789abcdef');
  await dialog.getByRole('combobox').selectOption('fraud');
  await dialog.getByRole('button', { name: 'Add a code' }).click();
  const row = page.getByRole('row', { name: /0123456789abcdef/ });
  await expect(row).toContainText('Fraud');
  await row.getByRole('button', { name: 'Take off' }).click();
  await page.getByRole('textbox', { name: 'Reason' }).fill('a test of ours');
  await page.getByRole('dialog').getByRole('button', { name: 'Take off' }).click();
  await expect(row).toHaveCount(0);
});

test('a damaged file is taken and its status said in words', async ({ page }) => {
  await signIn(page, 'lin.finance');
  await go(page, '/batches');
  await page.getByRole('button', { name: 'Upload a batch' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('input[type=file]').setInputFiles({
    name: 'stick.cpb',
    mimeType: 'application/octet-stream',
    buffer: Buffer.from('not a batch'),
  });
  await dialog.getByRole('button', { name: 'Upload' }).click();
  await expect(page.locator('main')).toContainText('The file is incomplete or altered.');
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download file' }).click();
  expect((await download).suggestedFilename()).toMatch(/^unreadable-[0-9a-f]{12}\.cpb$/);
});

test('a viewer sees no button that changes anything', async ({ page }) => {
  await signIn(page, 'gu.viewer');
  for (const path of await pages()) {
    await go(page, path);
    const names = await page.locator('main button').allInnerTexts();
    const acts = names.filter(
      (name) => !/^(Show more|Follow-up|Set aside|Clear filters|)$/.test(name.trim()),
    );
    expect([path, acts]).toEqual([path, []]);
  }
});

test('a list comes as CSV with the filters of the page', async ({ page }) => {
  await signIn(page, 'lin.finance');
  await go(page, '/flights?status=settled');
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'CSV' }).click();
  const stream = await (await download).createReadStream();
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Uint8Array));
  const lines = Buffer.concat(chunks).toString('utf8').split('\r\n').slice(0, -1);
  expect(lines[0]).toBe(
    '\uFEFFFlight,Departure,Arrival,Aircraft,Status,Terminals,Passengers,Not charged,Collecting,Paid,Charged,Paid,Follow-up',
  );
  expect(lines.slice(1).every((line) => line.includes(',Settled,'))).toBe(true);
});

test('an ended session leads to the sign-in page and back to where one was', async ({ page }) => {
  await signIn(page, 'lin.finance');
  await go(page, '/orders');
  await desk.ground.db.deleteFrom('console_session').execute();
  await page.getByRole('link', { name: 'Batches' }).click();
  await page.locator('input[name=name]').fill('lin.finance');
  await page.locator('input[name=password]').fill(PASSWORD);
  await page.locator('button[type=submit]').click();
  await expect(page.locator('.page-title')).toHaveText('Batches');
});

test('all of it works with the keyboard alone', async ({ page }) => {
  await signIn(page, 'lin.finance');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Skip to content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('main')).toBeFocused();
  await go(page, '/follow-ups');
  await page.getByRole('tab', { name: 'Follow-up' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('tab', { name: 'Set aside' })).toBeFocused();
  const accept = page.getByRole('button', { name: 'Accept' }).first();
  await accept.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(accept).toBeFocused();
});
