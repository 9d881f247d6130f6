// Runs inside the stand-in Electron (see stand-in.mjs) in the place of Electron's own "default app", which it lacks:
// `electron [flags] <app folder or main file> [arguments]` starts the app found there.
// process.argv stays as it is: an app reads it exactly as it would under the pinned Electron.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

// Electron gives its default app two setters that it does not document.
const host = /** @type {Electron.App & { setVersion(v: string): void, setAppPath(path: string): void }} */ (
  app
);

/**
 * The first argument that is not a flag. Values belong to their flag by `=`, so a bare word is never one.
 * @param {readonly string[]} args without the executable
 */
function appArgument(args) {
  return args.find((argument) => !argument.startsWith('-'));
}

/**
 * @param {string} dir
 * @returns {string} the folder itself or the nearest above it that has a package.json
 */
function packageFolder(dir) {
  return existsSync(join(dir, 'package.json')) || dirname(dir) === dir ? dir : packageFolder(dirname(dir));
}

/** @typedef {{ name?: string, productName?: string, version?: string, main?: string }} PackageJson */

/**
 * @param {string} dir
 * @returns {PackageJson}
 */
function readPackage(dir) {
  /** @type {unknown} */
  const content = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8'));
  return /** @type {PackageJson} */ (content);
}

/**
 * Takes on the app's path, name and version.
 * @param {string} path its folder or its main file
 * @returns {string} its main file
 */
function becomeApp(path) {
  const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  const dir = isFile ? packageFolder(dirname(path)) : path;
  const { name, productName = name, version, main = 'index.js' } = readPackage(dir);
  if (productName !== undefined) host.setName(productName);
  if (version !== undefined) host.setVersion(version);
  host.setAppPath(dir);
  Object.assign(process, { defaultApp: true });
  return isFile ? path : join(dir, main);
}

const given = appArgument(process.argv.slice(1));
if (given === undefined) {
  console.error('No app given. Usage: electron [flags] <app folder> [arguments]');
  host.exit(2);
} else {
  try {
    // Awaited at the top level: Electron holds back `ready` for it, and what an app must do before `ready`
    // (registerSchemesAsPrivileged) is done in time.
    await import(pathToFileURL(becomeApp(resolve(given))).href);
  } catch (failure) {
    // Electron would show a dialog, which nobody sees where the stand-in runs.
    console.error(failure);
    host.exit(1);
  }
}
