// As root we never run Electron: Chromium then insists on --no-sandbox, which switches the renderer's protection off.
// It runs as the ordinary user 65534 ("nobody") instead; this file knows what that user can reach.
import { chownSync, existsSync, lstatSync, readdirSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask } from './command.mjs';
import { isRoot } from './project.mjs';

/** User and group number of "nobody" on Linux. */
export const ordinaryUserId = 65534;

/** Arguments to `setpriv` that give up root for good. */
export const becomeOrdinaryUser = [
  '--reuid',
  String(ordinaryUserId),
  '--regid',
  String(ordinaryUserId),
  '--clear-groups',
];

/**
 * Asks a program for a short answer, as the user that will run Electron.
 * @param {string} command
 * @param {readonly string[]} args
 */
export function askAsElectronUser(command, args) {
  return isRoot() ? ask('setpriv', [...becomeOrdinaryUser, command, ...args]) : ask(command, args);
}

/**
 * Whether the user that will run Electron can read everything below the given paths.
 * @param {readonly string[]} paths absolute
 * @returns {boolean} always true when we are that user
 */
export function canElectronUserRead(paths) {
  if (!isRoot()) return true;
  const { isOk, text } = askAsElectronUser('find', [...paths, '!', '-readable', '-print', '-quit']);
  return isOk && text === '';
}

/**
 * Whether the user that will run Electron can pass through a folder and all the folders above it.
 * @param {string} dir absolute
 */
export function canElectronUserEnter(dir) {
  return !isRoot() || askAsElectronUser('test', ['-x', dir]).isOk;
}

/**
 * A temporary folder that the user that will run Electron can use too: ours, unless it is private to root.
 * @returns {string} absolute path
 */
export function sharedTempDir() {
  return [tmpdir(), '/tmp', '/var/tmp'].find((dir) => canElectronUserEnter(dir)) ?? tmpdir();
}

/**
 * As root, gives a folder or file and all below it to the user that will run Electron; otherwise does nothing.
 * A path that is itself a link (a pty made by socat) is followed; links further down are not.
 * @param {string} path
 */
export function openToOrdinaryUser(path) {
  if (!isRoot() || !existsSync(path)) return;
  give(realpathSync(path));
}

/** @param {string} path */
function give(path) {
  const entry = lstatSync(path);
  if (entry.isSymbolicLink()) return;
  chownSync(path, ordinaryUserId, ordinaryUserId);
  if (!entry.isDirectory()) return;
  for (const name of readdirSync(path)) give(join(path, name));
}
