// What a program needs that drives the real app: a display, an Electron, a folder to start it on.
import { withDisplay } from './display.mjs';
import { electronExecutable, sharedTempDir, stageApp } from './launch.mjs';

/**
 * Runs something with the variables that lead a program to the app, and tidies up after it:
 * CABINTILL_ELECTRON (executable path), CABINTILL_APP_DIR (what to start it on), DISPLAY, and a TMPDIR that the
 * user who runs Electron can reach.
 * @template T
 * @param {(env: NodeJS.ProcessEnv) => Promise<T>} use
 * @returns {Promise<T>}
 */
export async function withApp(use) {
  const executable = await electronExecutable();
  const display = await withDisplay();
  const app = await stageApp();
  try {
    return await use({
      ...process.env,
      ...display.env,
      TMPDIR: sharedTempDir(),
      CABINTILL_ELECTRON: executable,
      CABINTILL_APP_DIR: app.appDir,
    });
  } finally {
    await app.cleanup();
    await display.stop();
  }
}
