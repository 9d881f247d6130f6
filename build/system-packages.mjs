// The system libraries Electron links against and the programs the tests use, on Debian, Ubuntu and their relatives.
import { spawnSync } from 'node:child_process';
import { ask, mustRun, run } from './command.mjs';
import { hasRealDisplay } from './display.mjs';
import { isRoot, say, SetUpProblem } from './project.mjs';

/**
 * @typedef {object} SystemPackage
 * @property {readonly [string, ...string[]]} names any of these will do; newer distributions renamed some
 * @property {boolean} isOptional whether the till itself runs without it
 */

/**
 * What this machine needs. The tests of ground run a browser and a PostgreSQL of their own.
 * @param {{ needsDisplay: boolean, needsUnzip: boolean, needsGroundTests: boolean }} machine
 * @returns {SystemPackage[]}
 */
export function neededPackages({ needsDisplay, needsUnzip, needsGroundTests }) {
  return [
    ...required('libnss3'),
    ...required('libatk-bridge2.0-0', 'libatk-bridge2.0-0t64'),
    ...required('libgtk-3-0', 'libgtk-3-0t64'),
    ...required('libgbm1'),
    ...required('libasound2', 'libasound2t64'),
    ...(needsDisplay ? required('xvfb') : []),
    ...(needsUnzip ? required('unzip') : []),
    ...(needsGroundTests ? [...required('chromium', 'chromium-browser'), ...required('postgresql')] : []),
    { names: ['socat'], isOptional: true },
    // Ground's pages use the phone's own fonts; without these a bare machine shows boxes for Chinese.
    ...(needsGroundTests ? [{ names: /** @type {const} */ (['fonts-noto-cjk']), isOptional: true }] : []),
  ];
}

/**
 * @param {...string} names
 * @returns {SystemPackage[]}
 */
function required(...names) {
  const [first, ...others] = names;
  return first === undefined ? [] : [{ names: [first, ...others], isOptional: false }];
}

/**
 * @param {readonly SystemPackage[]} needed
 * @param {ReadonlySet<string>} installed
 * @returns {SystemPackage[]} those of which no name is installed
 */
export function missingPackages(needed, installed) {
  return needed.filter(({ names }) => !names.some((name) => installed.has(name)));
}

/**
 * Reads dpkg-query's answer; a package that was removed but left its settings behind does not count.
 * @param {string} answer lines of `package<tab>status`
 * @returns {Set<string>}
 */
export function installedPackages(answer) {
  const lines = answer.split('\n').map((line) => line.split('\t'));
  return new Set(lines.flatMap(([name = '', status = '']) => (status.startsWith('ii') ? [name] : [])));
}

/**
 * The one command that installs the packages, for a person to type.
 * @param {readonly string[]} names
 */
export function installCommand(names) {
  return `sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends ${names.join(' ')}'`;
}

/**
 * Installs the missing system packages as root; tells an ordinary user how to.
 * Throws a SetUpProblem when a required one is missing and cannot be installed from here.
 * @param {{ needsDisplay?: boolean, needsUnzip: boolean, needsGroundTests: boolean }} machine
 */
export async function installSystemPackages({
  needsDisplay = !hasRealDisplay(process),
  needsUnzip,
  needsGroundTests,
}) {
  if (process.platform !== 'linux') return;
  if (!ask('dpkg-query', ['--version']).isOk) {
    say(
      'This is no Debian or Ubuntu: whether Electron finds its libraries (GTK 3, NSS, GBM, ALSA) is not checked.',
    );
    return;
  }
  const needed = neededPackages({ needsDisplay, needsUnzip, needsGroundTests });
  const missing = missingPackages(needed, queryInstalled(needed));
  if (missing.length === 0) return;
  if (isRoot()) await install(missing);
  else tellHowTo(missing);
}

/** @param {readonly SystemPackage[]} needed */
function queryInstalled(needed) {
  const names = needed.flatMap((each) => each.names);
  // Exits with 1 when it knows nothing of one of the names, and still lists the others.
  const { stdout } = spawnSync('dpkg-query', ['-W', '-f', '${Package}\\t${db:Status-Abbrev}\\n', ...names], {
    encoding: 'utf8',
  });
  return installedPackages(stdout);
}

/** @param {readonly SystemPackage[]} missing */
async function install(missing) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const patience = ['-o', 'DPkg::Lock::Timeout=120', '-o', 'Acquire::Retries=3', '-o', 'Dpkg::Use-Pty=0'];
  say(`Installing system packages: ${missing.map(({ names }) => names[0]).join(' ')} ...`);
  // One broken source must not matter when the others have what is needed.
  await run('apt-get', [...patience, '-qq', 'update'], { env });
  const names = missing.map((each) => each.names.find((name) => ask('apt-cache', ['show', name]).isOk));
  const known = names.map((name, index) => name ?? missing[index]?.names[0] ?? '');
  const args = [...patience, '-qq', 'install', '-y', '--no-install-recommends', ...known];
  await mustRun('Installing system packages', 'apt-get', args, { env });
}

/** @param {readonly SystemPackage[]} missing */
function tellHowTo(missing) {
  const command = installCommand(missing.map(({ names }) => names[0]));
  if (missing.every(({ isOptional }) => isOptional)) {
    say(`Some tests need system packages that are missing here. To install them:\n  ${command}`);
    return;
  }
  throw new SetUpProblem(
    `Electron needs system packages that are missing here. Install them with:\n  ${command}`,
  );
}
