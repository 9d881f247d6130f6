// The built app in out/, made anew only when something it is made of has changed.
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { mustRun } from './command.mjs';
import { projectRoot, say, toolScript } from './project.mjs';

/** What the app is made of, relative to the project. Missing ones count as empty. */
const sources = [
  'domain',
  'bridge',
  'electron',
  'renderer',
  'tests/e2e/root',
  'electron.vite.config.ts',
  'package.json',
  'package-lock.json',
  'tsconfig.base.json',
];

/** What a complete build leaves in out/. */
const products = ['electron/main.js', 'electron/preload.cjs', 'renderer/index.html'];

/**
 * A fingerprint of all sources: their names and contents.
 * @param {string} root
 * @returns {string}
 */
export function sourceStamp(root) {
  const hash = createHash('sha256');
  for (const file of sources.flatMap((source) => filesOf(root, source))) {
    const content = readFileSync(join(root, file));
    hash.update(`${file}\0${String(content.length)}\0`).update(content);
  }
  return hash.digest('hex');
}

/**
 * @param {string} root
 * @param {string} path
 * @returns {string[]} the file, or all files below the folder, in a fixed order
 */
function filesOf(root, path) {
  const entry = statSync(join(root, path), { throwIfNoEntry: false });
  if (entry === undefined) return [];
  if (!entry.isDirectory()) return [path];
  return readdirSync(join(root, path))
    .sort()
    .flatMap((name) => filesOf(root, join(path, name)));
}

/**
 * @param {string} root
 * @param {string} stamp of the sources now
 * @returns {boolean} whether out/ holds a complete build of these sources
 */
export function isBuilt(root, stamp) {
  const out = join(root, 'out');
  const file = join(out, '.cabintill-stamp');
  const isComplete = products.every((product) => existsSync(join(out, product)));
  return isComplete && existsSync(file) && readFileSync(file, 'utf8') === stamp;
}

/** Builds the app unless out/ is up to date. */
export async function buildApp() {
  const stamp = sourceStamp(projectRoot);
  if (isBuilt(projectRoot, stamp)) return;
  say('Building the app ...');
  const file = join(projectRoot, 'out', '.cabintill-stamp');
  rmSync(file, { force: true });
  await mustRun('Building the app', process.execPath, [toolScript('electron-vite'), 'build']);
  writeFileSync(file, stamp);
}
