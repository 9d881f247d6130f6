// Starts Electron on a small app of the bench's own, the way a person would: without a debugger.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openToOrdinaryUser } from '../../build/launch.mjs';

/** A folder Electron can be started on. */
export type AppFolder = {
  readonly path: string;
  /** May be written by the app; also its profile. */
  readonly profile: string;
  readonly remove: () => void;
};

const PATIENCE_MS = 120_000;
const MAIN = 'main.mjs';

/** `putMain` is given the path at which the app's main module belongs. */
export async function makeAppFolder(putMain: (path: string) => unknown): Promise<AppFolder> {
  const path = mkdtempSync(join(tmpdir(), 'cabintill-bench-app-'));
  const profile = join(path, 'profile');
  mkdirSync(profile);
  writeFileSync(join(path, 'package.json'), JSON.stringify({ ...describeProduct(), main: MAIN }));
  await putMain(join(path, MAIN));
  openToOrdinaryUser(path);
  const remove = (): void => {
    rmSync(path, { recursive: true, force: true });
  };
  return { path, profile, remove };
}

/** The till asks Electron for the version of the app it runs in. */
function describeProduct(): object {
  const description: unknown = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  const { version } = description as { version: string };
  return { name: 'cabintill-bench', version, type: 'module' };
}

/** Runs Electron to its end; `plan` reaches the app as CABINTILL_BENCH. Answers what it reported, line by line. */
export async function runElectron(
  app: AppFolder,
  args: readonly string[],
  plan: object,
): Promise<readonly unknown[]> {
  const report = join(app.profile, 'report.jsonl');
  rmSync(report, { force: true });
  const { CABINTILL_ELECTRON: executable = '' } = process.env;
  const child = spawn(executable, [app.path, ...args, '--force-device-scale-factor=1'], {
    env: { ...process.env, CABINTILL_BENCH: JSON.stringify({ ...plan, report }) },
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
  return readFileSync(report, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line): unknown => JSON.parse(line));
}

/** What the executable says of itself from inside; its command line need not answer. */
export async function askElectronVersion(): Promise<string> {
  const app = await makeAppFolder((main) => {
    writeFileSync(main, TELL_VERSION);
  });
  try {
    const [version] = await runElectron(app, [], {});
    return String(version);
  } finally {
    app.remove();
  }
}

const TELL_VERSION = `
import { appendFileSync } from 'node:fs';
import { app } from 'electron';
const { report } = JSON.parse(process.env.CABINTILL_BENCH);
appendFileSync(report, JSON.stringify(process.versions.electron));
app.quit();
`;
