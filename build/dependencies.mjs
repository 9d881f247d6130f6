// The npm packages of the lockfile, installed once. Runs before any of them exists.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun, npm } from './command.mjs';
import { projectRoot, readJson, say, SetUpProblem, sha256 } from './project.mjs';

/** The oldest Node the project runs on. */
const oldestNode = [20, 19];

/**
 * Throws a SetUpProblem when Node is older than the project needs.
 * @param {string} [version] such as `20.20.2`
 */
export function checkNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldestNode;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  throw new SetUpProblem(`This is Node ${version}. CabinTill needs Node ${oldestNode.join('.')} or newer.`);
}

/**
 * Installs what package-lock.json names, unless it is installed already.
 * @param {string} [root]
 */
export async function installDependencies(root = projectRoot) {
  const wanted = sha256(readFileSync(join(root, 'package-lock.json')));
  const stamp = join(root, 'node_modules', '.cabintill-stamp');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  if (!isInstalled(readJson(join(root, 'package-lock.json')), readInstalled(root))) {
    say('Installing the npm packages of the lockfile (npm ci) ...');
    const [command, args] = npm(['ci', '--no-audit', '--no-fund', '--loglevel=error']);
    await mustRun('Installing the npm packages', command, args, { cwd: root });
  }
  writeFileSync(stamp, wanted);
}

/**
 * What npm says it installed: it writes this file last, so a killed install leaves none.
 * @param {string} root
 */
function readInstalled(root) {
  return readJson(join(root, 'node_modules', '.package-lock.json'));
}

/**
 * @typedef {{ version?: string, optional?: boolean, devOptional?: boolean, peer?: boolean, link?: boolean }} LockedPackage
 * @typedef {{ packages?: Record<string, LockedPackage> } | null} Lockfile
 */

/**
 * Whether a developer's own `npm install` left exactly what the lockfile names.
 * @param {unknown} lockfile package-lock.json
 * @param {unknown} installed node_modules/.package-lock.json
 * @returns {boolean}
 */
export function isInstalled(lockfile, installed) {
  const wanted = /** @type {Lockfile} */ (lockfile)?.packages;
  const present = /** @type {Lockfile} */ (installed)?.packages;
  if (wanted === undefined || present === undefined) return false;
  const isWanted = Object.entries(present).every(([path, { version }]) => wanted[path]?.version === version);
  const isPresent = Object.entries(wanted).every(
    ([path, { version, optional = false }]) => path === '' || optional || present[path]?.version === version,
  );
  return isWanted && isPresent;
}
