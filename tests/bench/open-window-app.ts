// Starts Electron the way a person does, without a debugger, on the till or on a blank window.
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { openToOrdinaryUser } from '../../build/launch.mjs';

/** `usableAfterMs`: from spawning the process to a page that answered and was painted. `memoryMb` is empty unless wanted. */
export type WindowRun = { readonly usableAfterMs: number; readonly memoryMb: readonly number[] };

export type WindowApp = {
  readonly run: (what: { readonly isMemoryWanted: boolean }) => Promise<WindowRun>;
  readonly remove: () => void;
};

type Plan = {
  readonly target: string | null;
  readonly blankPage: string;
  readonly userData: string;
  readonly report: string;
  readonly probe: string;
  readonly isMemoryWanted: boolean;
};

type Fact = { readonly usableAtMs?: number; readonly workingSet?: number };

const BLANK_PAGE = '<!doctype html><meta charset="utf-8"><title>blank</title>\n';
const PATIENCE_MS = 120_000;
const BYTES_PER_MB = 1024 * 1024;

/** A blank window is usable when its first frame is painted. */
export function blankWindow(): WindowApp {
  return makeWindowApp(null, [], BLANK_PROBE);
}

/** The till is usable when an item tapped on its sell screen is in the basket, and that frame is painted. */
export function tillWindow(demoDir: string, switches: readonly string[] = []): WindowApp {
  const { CABINTILL_APP_DIR: appDir = '' } = process.env;
  const main = pathToFileURL(join(appDir, 'out', 'electron', 'main.js')).href;
  return makeWindowApp(main, [`--demo=${demoDir}`, ...switches], TILL_PROBE);
}

function makeWindowApp(target: string | null, args: readonly string[], probe: string): WindowApp {
  const dir = mkdtempSync(join(tmpdir(), 'cabintill-bench-app-'));
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  const description = { name: 'cabintill-bench', version, type: 'module', main: 'window-app.mjs' };
  writeFileSync(join(dir, 'package.json'), JSON.stringify(description));
  copyFileSync(fileURLToPath(new URL('window-app.mjs', import.meta.url)), join(dir, 'window-app.mjs'));
  writeFileSync(join(dir, 'blank.html'), BLANK_PAGE);
  mkdirSync(join(dir, 'profile'));
  openToOrdinaryUser(dir);
  const facts = join(dir, 'profile', 'facts.jsonl');
  const plan = {
    target,
    blankPage: join(dir, 'blank.html'),
    userData: join(dir, 'profile'),
    report: facts,
    probe,
  };
  return {
    run: async ({ isMemoryWanted }) => {
      rmSync(facts, { force: true });
      const spawnedAtMs = Date.now();
      await runElectron([dir, ...args], { ...plan, isMemoryWanted });
      return readRun(facts, spawnedAtMs);
    },
    remove: () => {
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function runElectron(args: readonly string[], plan: Plan): Promise<void> {
  const { CABINTILL_ELECTRON: executable = '' } = process.env;
  const child = spawn(executable, [...args, '--force-device-scale-factor=1'], {
    env: { ...process.env, CABINTILL_BENCH: JSON.stringify(plan) },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: PATIENCE_MS,
  });
  let said = '';
  child.stderr.on('data', (bytes: Buffer) => {
    said += bytes.toString();
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`Electron ended with ${String(code)}:\n${said}`);
}

function readRun(path: string, spawnedAtMs: number): WindowRun {
  const facts = readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Fact);
  const usableAtMs = facts.find((fact) => fact.usableAtMs !== undefined)?.usableAtMs;
  if (usableAtMs === undefined) throw new Error('the window was never usable');
  const memoryMb = facts.flatMap(({ workingSet }) =>
    workingSet === undefined ? [] : [workingSet / BYTES_PER_MB],
  );
  return { usableAfterMs: usableAtMs - spawnedAtMs, memoryMb };
}

/** The text of a function that runs in the page and answers an epoch time in ms. */
function probeSource(probe: () => Promise<number>): string {
  // The loader that runs this file keeps the names of inner functions by calls the page knows nothing of.
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
    observer.observe(document, { childList: true, subtree: true, attributes: true });
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

const BLANK_PROBE = probeSource(untilPainted);
const TILL_PROBE = probeSource(untilTapWorks);
export { BLANK_PROBE, TILL_PROBE };
