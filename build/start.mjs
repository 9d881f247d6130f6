// `npm start`: the demo till in a window; on a machine without a display, the demo flight played in a virtual one.
import { join } from 'node:path';
import { exitWith, run, runTypeScript } from './command.mjs';
import { hasRealDisplay } from './display.mjs';
import { electronCommand, openToOrdinaryUser, stageApp } from './launch.mjs';
import { canElectronUserEnter } from './ordinary-user.mjs';
import { cacheDir, projectRoot, say, SetUpProblem, sha256 } from './project.mjs';
import { setUp } from './set-up.mjs';

/** The demo world lies in the project, or, where the user that runs Electron cannot enter it, in the cache. */
function demoDir() {
  if (canElectronUserEnter(projectRoot)) return join(projectRoot, '.demo');
  return join(cacheDir(), `demo-${sha256(projectRoot).slice(0, 8)}`);
}

/** Makes the demo world, or leaves it alone while it is still valid; the ground program decides that. */
async function makeDemoWorld() {
  const dir = demoDir();
  if ((await runTypeScript('ground/main.ts', ['make-demo', '--out', dir])) !== 0) {
    throw new SetUpProblem('The demo world could not be made.');
  }
  openToOrdinaryUser(dir);
  return dir;
}

/** @returns {Promise<number>} Electron's exit code */
async function startTill() {
  const demo = await makeDemoWorld();
  const app = await stageApp();
  const electron = await electronCommand({ appDir: app.appDir, args: [`--demo=${demo}`] });
  try {
    return await run(electron.command, electron.args, { env: electron.env, output: 'inherit' });
  } finally {
    await electron.cleanup();
    await app.cleanup();
  }
}

/** @returns {Promise<number>} the demo's exit code */
function playDemoFlight() {
  say('No display found: starting a virtual one and playing the demo flight instead (npm run demo)');
  return run(process.execPath, [join(projectRoot, 'build', 'run.mjs'), 'demo', '--out', 'demo-out'], {
    output: 'inherit',
  });
}

try {
  await setUp({ system: true, electron: true, app: true, display: true });
  process.exitCode = hasRealDisplay(process) ? await startTill() : await playDemoFlight();
} catch (failure) {
  exitWith(failure);
}
