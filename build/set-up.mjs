// Makes a machine ready: packages, system libraries, Electron, the built app. Says what it does on stderr, and does
// nothing that was done before. By hand: `npm run set-up`.
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { buildApp, buildGroundPages } from './app-bundle.mjs';
import { exitWith } from './command.mjs';
import { checkNode, installDependencies } from './dependencies.mjs';
import { mayUnpackStandIn, resolveElectron } from './electron-runtime.mjs';
import { say } from './project.mjs';
import { installSystemPackages } from './system-packages.mjs';

/**
 * Makes ready what is asked for; the npm packages always. Throws a SetUpProblem that says what to do.
 * @param {object} wanted
 * @param {boolean} wanted.system system libraries and programs (Debian, Ubuntu)
 * @param {boolean} wanted.electron an Electron to run
 * @param {boolean} wanted.app the built app in out/
 * @param {boolean} wanted.display whether windows will be shown: then a virtual display if there is no real one
 * @param {boolean} [wanted.pages] ground's pages in out/ground/
 * @param {boolean} [wanted.groundTests] a browser and a PostgreSQL for the tests of ground
 */
export async function setUp({ system, electron, app, display, pages = false, groundTests = false }) {
  checkNode();
  await installDependencies();
  if (system) {
    const needsUnzip = mayUnpackStandIn();
    await installSystemPackages({
      needsUnzip,
      needsGroundTests: groundTests,
      ...(display ? {} : { needsDisplay: false }),
    });
  }
  if (electron) await resolveElectron();
  if (app) await buildApp();
  if (pages) await buildGroundPages();
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  await setUp({ system: true, electron: true, app: true, display: true, pages: true }).catch(exitWith);
  say('Everything is ready.');
}
