// The till or a blank window, started without a debugger and watched from its own main process.
import { copyFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { makeAppFolder, runElectron } from './run-electron.ts';

/** `usableAfterMs`: from spawning the process to a page that answered and was painted. `memoryMb` is empty unless wanted. */
export type WindowRun = { readonly usableAfterMs: number; readonly memoryMb: readonly number[] };

export type WindowApp = {
  readonly run: (what: { readonly isMemoryWanted: boolean }) => Promise<WindowRun>;
  readonly remove: () => void;
};

type Fact = { readonly usableAtMs?: number; readonly workingSet?: number };

const BLANK_PAGE = '<!doctype html><meta charset="utf-8"><title>blank</title>\n';
const BYTES_PER_MB = 1024 * 1024;

/** A blank window is usable when its first frame is painted. */
export function openBlankWindow(): Promise<WindowApp> {
  return makeWindowApp(null, [], sourceOf(untilPainted));
}

/** The till is usable when an item tapped on its sell screen is in the basket, and that frame is painted. */
export function openTillWindow(demoDir: string, switches: readonly string[] = []): Promise<WindowApp> {
  const { CABINTILL_APP_DIR: appDir = '' } = process.env;
  const main = pathToFileURL(join(appDir, 'out', 'electron', 'main.js')).href;
  return makeWindowApp(main, [`--demo=${demoDir}`, ...switches], sourceOf(untilTapWorks));
}

async function makeWindowApp(
  target: string | null,
  args: readonly string[],
  probe: string,
): Promise<WindowApp> {
  const app = await makeAppFolder((main) => {
    copyFileSync(fileURLToPath(new URL('window-app.mjs', import.meta.url)), main);
    writeFileSync(join(dirname(main), 'blank.html'), BLANK_PAGE);
  });
  const plan = { target, probe, blankPage: join(app.path, 'blank.html'), userData: app.profile };
  return {
    run: async ({ isMemoryWanted }) => {
      const spawnedAtMs = Date.now();
      const facts = (await runElectron(app, args, { ...plan, isMemoryWanted })) as readonly Fact[];
      return readRun(facts, spawnedAtMs);
    },
    remove: app.remove,
  };
}

function readRun(facts: readonly Fact[], spawnedAtMs: number): WindowRun {
  const usableAtMs = facts.find((fact) => fact.usableAtMs !== undefined)?.usableAtMs;
  if (usableAtMs === undefined) throw new Error('the window was never usable');
  const memoryMb = facts.flatMap(({ workingSet }) =>
    workingSet === undefined ? [] : [workingSet / BYTES_PER_MB],
  );
  return { usableAfterMs: usableAtMs - spawnedAtMs, memoryMb };
}

/** The text of a function that runs in the page and answers an epoch time in ms. */
function sourceOf(probe: () => Promise<number>): string {
  // The loader that runs this file marks functions with their names, by a function the page does not have.
  return `(() => { const __name = (value) => value; return (${probe.toString()})(); })()`;
}

function untilPainted(): Promise<number> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        resolve(Date.now());
      };
      port2.postMessage(null);
    });
  });
}

/** Taps the first item as soon as the sell screen is there; the basket is emptied again afterwards. */
function untilTapWorks(): Promise<number> {
  const whenThere = (selector: string, then: (element: HTMLElement) => void): void => {
    const known = document.querySelector<HTMLElement>(selector);
    if (known !== null) {
      then(known);
      return;
    }
    const observer = new MutationObserver(() => {
      const found = document.querySelector<HTMLElement>(selector);
      if (found === null) return;
      observer.disconnect();
      then(found);
    });
    observer.observe(document, { childList: true, subtree: true });
  };
  const whenPainted = (then: () => void): void => {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = then;
      port2.postMessage(null);
    });
  };
  return new Promise((resolve) => {
    whenThere('[data-testid="scan-state"]', () => {
      whenThere('[data-testid^="item-"]', (tile) => {
        tile.click();
        whenThere('[data-testid^="basket-line-"]', () => {
          whenPainted(() => {
            const usableAtMs = Date.now();
            document.querySelector<HTMLElement>('[data-testid="clear-basket"]')?.click();
            resolve(usableAtMs);
          });
        });
      });
    });
  });
}
