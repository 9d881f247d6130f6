// Start and memory, each against a blank window that is opened in turn with the till's.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_SETTINGS, type Settings } from '../../bridge/settings.ts';
import { openToOrdinaryUser } from '../../build/launch.mjs';
import { makeDemo } from '../../ground/demo/make-demo.ts';
import { cameraSwitches, openPhoneCamera } from '../support/phone-camera.ts';
import { openBlankWindow, openTillWindow, type WindowApp, type WindowRun } from './open-window-app.ts';
import { median, type Measured } from './row.ts';

const START_RUNS = 9;
const MEMORY_RUNS = 3;

/** The camera is switched off: with it the picture would be waited for by nobody, and cost the start all the same. */
export async function measureStart(): Promise<Measured> {
  return withDemo('off', async (dir) => {
    const runs = await runInTurn(await openBlankWindow(), await openTillWindow(dir), START_RUNS, false);
    return {
      name: 'start',
      unit: 'ms',
      values: runs.map(({ till }) => till.usableAfterMs),
      yardsticks: runs.map(({ blank }) => blank.usableAfterMs),
    };
  });
}

/** The idle sell screen; the camera has never been started. */
export async function measureMemory(): Promise<Measured> {
  return withDemo('off', async (dir) => {
    const runs = await runInTurn(await openBlankWindow(), await openTillWindow(dir), MEMORY_RUNS, true);
    return memoryRow('memory', runs);
  });
}

/** The same with the camera open and every frame searched for codes. */
export async function measureMemoryWithCamera(): Promise<Measured> {
  return withDemo('on', async (dir) => {
    const { path } = openPhoneCamera(join(dir, 'camera.y4m'));
    openToOrdinaryUser(dir);
    const runs = await runInTurn(
      await openBlankWindow(),
      await openTillWindow(dir, cameraSwitches(path)),
      MEMORY_RUNS,
      true,
    );
    return memoryRow('memory_camera', runs);
  });
}

type Pair = { readonly blank: WindowRun; readonly till: WindowRun };

function memoryRow(name: Measured['name'], runs: readonly Pair[]): Measured {
  return {
    name,
    unit: 'MB',
    values: runs.map(({ till }) => median(till.memoryMb)),
    yardsticks: runs.map(({ blank }) => median(blank.memoryMb)),
  };
}

/** One pair before the others fills the disk cache and both profiles, and does not count. */
async function runInTurn(
  blank: WindowApp,
  till: WindowApp,
  runs: number,
  isMemoryWanted: boolean,
): Promise<readonly Pair[]> {
  try {
    const pairs: Pair[] = [];
    await blank.run({ isMemoryWanted: false });
    await till.run({ isMemoryWanted: false });
    for (let i = 0; i < runs; i++) {
      pairs.push({ blank: await blank.run({ isMemoryWanted }), till: await till.run({ isMemoryWanted }) });
    }
    return pairs;
  } finally {
    blank.remove();
    till.remove();
  }
}

async function withDemo<T>(camera: Settings['camera'], use: (dir: string) => Promise<T>): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), 'cabintill-bench-'));
  try {
    const made = await makeDemo({ out: dir, nowMs: Date.now() });
    if (!made.ok) throw new Error(made.error);
    mkdirSync(join(dir, 'till'));
    const settings: Settings = { ...DEFAULT_SETTINGS, camera };
    writeFileSync(join(dir, 'till', 'settings.json'), JSON.stringify(settings));
    openToOrdinaryUser(dir);
    return await use(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
