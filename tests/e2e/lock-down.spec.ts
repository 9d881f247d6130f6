import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { CONTENT_SECURITY_POLICY } from '../../electron/app/content-security-policy.ts';
import { expect, test } from './till-test.ts';

test('the page is sandboxed and knows nothing but the bridge', async ({ openTill }) => {
  const till = await openTill();
  const preferences = await till.app.evaluate(({ webContents }) => {
    const [contents] = webContents.getAllWebContents();
    return (
      contents as unknown as { getLastWebPreferences: () => Record<string, unknown> }
    ).getLastWebPreferences();
  });
  expect(preferences).toMatchObject({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    webSecurity: true,
    webviewTag: false,
  });
  const seen = await till.page.evaluate(() => ({
    require: typeof (globalThis as Record<string, unknown>)['require'],
    process: typeof (globalThis as Record<string, unknown>)['process'],
    bridge: Object.keys((globalThis as unknown as { till: object }).till).sort(),
    url: location.origin + location.pathname,
  }));
  expect(seen).toEqual({
    require: 'undefined',
    process: 'undefined',
    bridge: ['call', 'on'],
    url: 'app://pos/index.html',
  });
});

test('Chromium runs the page in its real sandbox', async ({ openTill }) => {
  const till = await openTill();
  const switches = await till.app.evaluate(({ app }) => app.commandLine.hasSwitch('no-sandbox'));
  expect(switches).toBe(false);
});

test('the policy is sent with the page, and code from strings or elsewhere does not run', async ({
  openTill,
}) => {
  const till = await openTill();
  const attempts = await till.page.evaluate(async () => {
    const outcome = async (attempt: () => unknown): Promise<string> => {
      try {
        await attempt();
        return 'done';
      } catch {
        return 'refused';
      }
    };
    const header = (await fetch('index.html')).headers.get('content-security-policy');
    const div = document.createElement('div');
    return {
      header,
      eval: await outcome(() => (0, eval)('1')),
      remote: await outcome(() => fetch('https://example.org/')),
      html: await outcome(() => {
        div.innerHTML = '<img src=x onerror=alert(1)>';
      }),
    };
  });
  expect(attempts).toEqual({
    header: CONTENT_SECURITY_POLICY,
    eval: 'refused',
    remote: 'refused',
    html: 'refused',
  });
});

test('the page cannot leave, open windows, or read files outside its folder', async ({ openTill }) => {
  const till = await openTill();
  const opened = await till.page.evaluate(() => window.open('https://example.org/') === null);
  expect(opened).toBe(true);
  await till.page.evaluate(() => {
    location.href = 'https://example.org/';
  });
  const outside = await till.page.evaluate(async () =>
    Promise.all(
      [
        'app://pos/../electron/main.js',
        'app://pos/..%2felectron/main.js',
        'app://pos/%2e%2e/package.json',
      ].map(async (url) => (await fetch(url).catch(() => ({ status: 0 }))).status),
    ),
  );
  expect(outside.every((status) => status !== 200)).toBe(true);
  expect(till.page.url()).toMatch(/^app:\/\/pos\//);
  expect(till.app.windows()).toHaveLength(1);
});

test('every permission is refused but the camera', async ({ openTill }) => {
  const till = await openTill();
  const states = await till.page.evaluate(async () => {
    const names = ['geolocation', 'notifications', 'midi', 'microphone', 'clipboard-read', 'camera'];
    const entries = names.map(async (name) => {
      const status = await navigator.permissions.query({ name: name as PermissionName });
      return [name, status.state] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  });
  expect(states).toEqual({
    geolocation: 'denied',
    notifications: 'denied',
    midi: 'denied',
    microphone: 'denied',
    'clipboard-read': 'denied',
    camera: 'granted',
  });
});

test('calls with more or other fields than agreed are refused and record nothing', async ({ openTill }) => {
  const till = await openTill();
  const kinds = await till.page.evaluate(async () => {
    const { till: bridge } = globalThis as unknown as {
      till: { call: (name: string, request: unknown) => Promise<{ error?: { problem: { kind: string } } }> };
    };
    const sale = { bill: 'T-0001.1.5', basket: 'basket-0001', items: [{ sku: 'SKU-1', q: 1 }] };
    const requests: [string, unknown][] = [
      ['confirmSale', { ...sale, price: 1 }],
      ['confirmSale', { ...sale, items: [{ sku: 'SKU-1', q: 1, p: 1 }] }],
      ['confirmSale', { ...sale, items: [{ sku: 'SKU-1', q: -1 }] }],
      ['scan', { text: 'x'.repeat(1025) }],
      ['exportBatch', { volume: '../../etc' }],
      ['voidSale', { seq: 1, reason: 'because' }],
    ];
    const answers = await Promise.all(requests.map(([name, request]) => bridge.call(name, request)));
    return answers.map((answer) => answer.error?.problem.kind);
  });
  expect(kinds).toEqual(Array.from({ length: 6 }, () => 'bad-request'));
});

test('a second start ends at once and leaves the first till alone', async ({ openTill }) => {
  const till = await openTill();
  const { CABINTILL_ELECTRON: executablePath = '', CABINTILL_APP_DIR: appDir = '' } = process.env;
  // Not through Playwright: it may be attached to a process that has just ended.
  const second = spawn(executablePath, [appDir, `--demo=${till.dir}`], { stdio: 'ignore' });
  expect(await once(second, 'exit')).toEqual([0, null]);
  await expect(till.page.getByTestId('scan-state')).toBeVisible();
});
