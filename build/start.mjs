// `npm start`: the demo till in a window; on a machine without a display, the demo flight played in a virtual one.
import { join } from 'node:path';
import { exitWith, run, runTypeScript } from './command.mjs';
import { hasRealDisplay } from './display.mjs';
import { withApp } from './app-environment.mjs';
import { canElectronUserEnter } from './ordinary-user.mjs';
import { cacheDir, projectRoot, say, sha256 } from './project.mjs';
import { setUp } from './set-up.mjs';

/** The demo world lies in the project, or, where the user that runs Electron cannot enter it, in the cache. */
function demoDir() {
  if (canElectronUserEnter(projectRoot)) return join(projectRoot, '.demo');
  return join(cacheDir(), `demo-${sha256(projectRoot).slice(0, 8)}`);
}

/**
 * The till on the demo flight, with a camera and a printer around it (tests/demo/start.ts).
 * @param {readonly string[]} args
 * @returns {Promise<number>} Electron's exit code
 */
function startTill(args) {
  return withApp((env) =>
    runTypeScript('tests/demo/start.ts', ['--dir', demoDir(), ...args], { env, output: 'inherit' }),
  );
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
  process.exitCode = hasRealDisplay(process)
    ? await startTill(process.argv.slice(2))
    : await playDemoFlight();
} catch (failure) {
  exitWith(failure);
}
