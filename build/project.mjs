// Where things are: the project, its tools, and the cache that outlives a checkout.
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of the folder that holds package.json. */
export const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** A condition the person at the keyboard can mend; its message says how. Shown without a stack. */
export class SetUpProblem extends Error {
  /** @override */
  name = 'SetUpProblem';
}

/**
 * Writes one line to stderr: stdout belongs to the command's own result.
 * @param {string} line
 */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** @returns {boolean} true when this process runs as root on a system that has such a user */
export function isRoot() {
  return process.getuid?.() === 0;
}

/**
 * The folder for what is fetched or made once and used by every checkout.
 * Root's cache lies where ordinary users may read, because root never runs Electron itself (see launch.mjs).
 * @param {{ env?: NodeJS.ProcessEnv, platform?: NodeJS.Platform, isRoot?: boolean }} [machine]
 * @returns {string} absolute path; not created
 */
export function cacheDir(machine = {}) {
  const { env = process.env, platform = process.platform } = machine;
  if (platform === 'win32') {
    return join(env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'cabintill', 'cache');
  }
  if (machine.isRoot ?? isRoot()) return '/var/cache/cabintill';
  const home = env['HOME'] ?? homedir();
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'cabintill');
  const xdg = env['XDG_CACHE_HOME'];
  // The XDG rules say that a relative path is to be ignored.
  return join(xdg !== undefined && isAbsolute(xdg) ? xdg : join(home, '.cache'), 'cabintill');
}

/**
 * Creates a folder that every user may enter and read, whatever the umask is.
 * @param {string} dir absolute path
 */
export function makeReadableDir(dir) {
  if (existsSync(dir)) return;
  makeReadableDir(dirname(dir));
  mkdirSync(dir, { recursive: true });
  if (isRoot()) chmodSync(dir, 0o755);
}

/**
 * Reads a JSON file.
 * @param {string} file absolute path
 * @returns {unknown} null when the file is missing or is not JSON
 */
export function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/**
 * @typedef {object} PackageJson
 * @property {string} [name]
 * @property {string} [productName]
 * @property {string} [version]
 * @property {string} [main]
 * @property {string} [type]
 * @property {string | Record<string, string>} [bin]
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [optionalDependencies]
 */

/**
 * Reads the package.json of a folder.
 * @param {string} dir
 * @returns {PackageJson | null} null when there is none
 */
export function readPackage(dir) {
  return /** @type {PackageJson | null} */ (readJson(join(dir, 'package.json')));
}

/**
 * The script behind a development tool's command, to be run by this very Node: quicker than npx, and the same on
 * every system.
 * @param {string} packageName such as `prettier`
 * @param {string} [command] when the package has several
 * @returns {string} absolute path
 */
export function toolScript(packageName, command = packageName.split('/').at(-1) ?? packageName) {
  const dir = join(projectRoot, 'node_modules', packageName);
  const bin = readPackage(dir)?.bin;
  const script = typeof bin === 'string' ? bin : bin?.[command];
  if (script === undefined) {
    throw new SetUpProblem(`The tool "${command}" is not installed. Run: npm ci`);
  }
  return join(dir, script);
}

/**
 * @param {string | Buffer} content
 * @returns {string} SHA-256 in lower-case hex
 */
export function sha256(content) {
  return createHash('sha256').update(content).digest('hex');
}
