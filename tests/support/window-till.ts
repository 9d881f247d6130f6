// The real till in a real Electron window, driven through its devices: what demo, end-to-end tests and screens share.
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron as electron, type ElectronApplication, type Page } from '@playwright/test';
import { DEFAULT_SETTINGS, type Settings } from '../../bridge/settings.ts';
import { openToOrdinaryUser } from '../../build/launch.mjs';
import { makeDemo } from '../../ground/demo/make-demo.ts';
import { writeDrivenApp } from './driven-app.ts';
import { cameraSwitches, NO_CAMERA_SWITCHES } from './phone-camera.ts';
import { demoPassengers, showCode, type DemoPassenger } from './demo-passengers.ts';
import { NO_FAULTS, type Faults } from '../e2e/root/faults.ts';

export type WindowTillOptions = {
  /** A demo folder to fly in; a fresh one in the temporary folder otherwise. */
  readonly dir?: string;
  readonly settings?: Partial<Settings>;
  readonly size?: string;
  /** A video the camera plays (phone-camera.ts); null: none is plugged in; without it the camera is switched off. */
  readonly cameraFile?: string | null;
  /** The product's own main, or the end-to-end tests' root with faults. */
  readonly root?: 'main' | 'test-main';
  /** By how much the wall clock is wrong from the beginning; only with the root that has faults. */
  readonly clockOffsetMs?: number;
  readonly isReady?: boolean;
};

export type WindowTill = {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly dir: string;
  readonly people: readonly DemoPassenger[];
  readonly setFaults: (faults: Partial<Faults>) => void;
  /** A wedge scanner: keys in quick succession, Enter at the end, wherever the focus is. */
  readonly wedge: (text: string) => Promise<void>;
  readonly wedgePassenger: (passenger: DemoPassenger) => Promise<void>;
  readonly close: () => Promise<void>;
  /** Opens the same folder again. */
  readonly reopen: (options?: WindowTillOptions) => Promise<WindowTill>;
};

export async function openWindowTill(options: WindowTillOptions = {}): Promise<WindowTill> {
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'cabintill-e2e-'));
  const made = await makeDemo({ out: dir, nowMs: Date.now() });
  if (!made.ok) throw new Error(made.error);
  const dataDir = join(dir, 'till');
  mkdirSync(dataDir, { recursive: true });
  const camera = options.cameraFile === undefined ? 'off' : 'on';
  const settings: Settings = { ...DEFAULT_SETTINGS, camera, ...options.settings };
  writeFileSync(join(dataDir, 'settings.json'), JSON.stringify(settings));
  if (options.clockOffsetMs !== undefined) writeFaults(dir, { clockOffsetMs: options.clockOffsetMs });
  openToOrdinaryUser(dir);
  const app = await launch(dir, options);
  const page = await app.firstWindow();
  if (options.isReady !== false) await page.getByTestId('scan-state').waitFor();
  return describeTill(app, page, dir, options);
}

function writeFaults(dir: string, faults: Partial<Faults>): void {
  writeFileSync(join(dir, 'till', 'faults.json'), JSON.stringify({ ...NO_FAULTS, ...faults }));
}

async function launch(dir: string, options: WindowTillOptions): Promise<ElectronApplication> {
  const { cameraFile } = options;
  const camera =
    cameraFile === null ? NO_CAMERA_SWITCHES : cameraFile === undefined ? [] : cameraSwitches(cameraFile);
  const size = options.size === undefined ? [] : [`--size=${options.size}`];
  return startElectron([`--demo=${dir}`, ...size, ...camera], options.root);
}

/** The built app with these arguments, whatever it makes of them. */
export async function startElectron(
  args: readonly string[],
  root: 'main' | 'test-main' = 'main',
): Promise<ElectronApplication> {
  const { CABINTILL_ELECTRON: executablePath, CABINTILL_APP_DIR: appDir } = process.env;
  if (executablePath === undefined || appDir === undefined) {
    throw new Error('run through `npm run check` or build/run.mjs: CABINTILL_ELECTRON is not set');
  }
  const env = Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const driven = writeDrivenApp(appDir, join(appDir, 'out', 'electron', `${root}.js`));
  const app = await electron.launch({
    executablePath,
    args: [driven.path, ...args, '--force-device-scale-factor=1'],
    env,
    chromiumSandbox: true,
  });
  app.on('close', driven.remove);
  return app;
}

async function describeTill(
  app: ElectronApplication,
  page: Page,
  dir: string,
  options: WindowTillOptions,
): Promise<WindowTill> {
  const wedge = async (text: string): Promise<void> => {
    await page.keyboard.type(text, { delay: 0 });
    await page.keyboard.press('Enter');
  };
  return {
    app,
    page,
    dir,
    people: await demoPassengers(dir),
    setFaults: (faults) => {
      writeFaults(dir, faults);
    },
    wedge,
    wedgePassenger: (passenger) => wedge(showCode(passenger, Math.floor(Date.now() / 1000))),
    close: async () => {
      // Already closed or killed by the test: the folder still has to go.
      await app.close().catch(() => undefined);
      if (options.dir === undefined) rmSync(dir, { recursive: true, force: true });
    },
    reopen: (again = {}) => openWindowTill({ ...options, ...again, dir }),
  };
}
