// The app as Playwright drives it: its windows wait until Playwright is attached. Started by its executable path, the
// app is otherwise in a race with Playwright, which now and then misses the first page's navigation and waits for ever.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openToOrdinaryUser } from '../../build/launch.mjs';

/** `__playwright_run` is what Playwright calls when it is attached; its own loader holds `ready` the same way. */
const HOLD = `import { app } from 'electron';
const isReady = app.whenReady();
const isAttached = new Promise((resolve) => {
  globalThis.__playwright_run = resolve;
});
app.whenReady = () => isAttached.then(() => isReady);
`;

export type DrivenApp = { readonly path: string; readonly remove: () => void };

/** A folder to start Electron on: runs the module `main`, as the app of `appDir`, and waits for Playwright first. */
export function writeDrivenApp(appDir: string, main: string): DrivenApp {
  const path = mkdtempSync(join(tmpdir(), 'cabintill-driven-'));
  const described = JSON.parse(readFileSync(join(appDir, 'package.json'), 'utf8')) as object;
  writeFileSync(join(path, 'package.json'), JSON.stringify({ ...described, main: 'main.mjs' }));
  const start = `await import(${JSON.stringify(pathToFileURL(main).href)});\n`;
  writeFileSync(join(path, 'main.mjs'), HOLD + start);
  openToOrdinaryUser(path);
  return {
    path,
    remove: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
}
