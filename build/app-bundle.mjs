// What is built into out/: the app and ground's pages, each made anew only when something it is made of has changed.
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { mustRun } from './command.mjs';
import { projectRoot, say, toolScript } from './project.mjs';

/**
 * @typedef {object} Bundle
 * @property {string} name what it is called while it is built
 * @property {readonly string[]} sources what it is made of, relative to the project; missing ones count as empty
 * @property {string} out the folder it is built into
 * @property {readonly string[]} products what a complete build leaves in that folder
 * @property {readonly string[]} leftovers what is removed before a build: files named by their contents pile up
 * @property {readonly [packageName: string, ...args: string[]]} tool what builds it
 */

const everywhere = ['package.json', 'package-lock.json', 'tsconfig.base.json'];

/** @type {Bundle} */
export const app = {
  name: 'the app',
  sources: [
    'domain',
    'bridge',
    'electron',
    'renderer',
    'tests/e2e/root',
    'electron.vite.config.ts',
    ...everywhere,
  ],
  out: 'out',
  products: ['electron/main.js', 'electron/preload.cjs', 'renderer/index.html'],
  leftovers: ['electron', 'renderer'],
  tool: ['electron-vite', 'build'],
};

/**
 * @param {'phone' | 'console'} name
 * @returns {Bundle}
 */
function pages(name) {
  return {
    name: `ground's ${name} pages`,
    sources: ['domain', 'ground/web', `ground/${name}`, ...everywhere],
    out: `out/ground/${name}`,
    products: ['index.html'],
    leftovers: ['.'],
    tool: ['vite', 'build', '--config', `ground/${name}/vite.config.ts`, '--logLevel', 'warn'],
  };
}

/** Ground's web pages. */
export const groundPages = [pages('phone'), pages('console')];

/**
 * A fingerprint of all sources: their names and contents.
 * @param {string} root
 * @param {Bundle} bundle
 * @returns {string}
 */
export function sourceStamp(root, { sources } = app) {
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
 * @param {Bundle} bundle
 * @returns {boolean} whether its folder holds a complete build of these sources
 */
export function isBuilt(root, stamp, { out, products } = app) {
  const folder = join(root, out);
  const file = join(folder, '.cabintill-stamp');
  const isComplete = products.every((product) => existsSync(join(folder, product)));
  return isComplete && existsSync(file) && readFileSync(file, 'utf8') === stamp;
}

/** @param {Bundle} bundle built unless it is up to date */
async function build(bundle) {
  const stamp = sourceStamp(projectRoot, bundle);
  if (isBuilt(projectRoot, stamp, bundle)) return;
  const [tool, ...args] = bundle.tool;
  say(`Building ${bundle.name} ...`);
  const file = join(projectRoot, bundle.out, '.cabintill-stamp');
  rmSync(file, { force: true });
  for (const leftover of bundle.leftovers) {
    rmSync(join(projectRoot, bundle.out, leftover), { recursive: true, force: true });
  }
  await mustRun(`Building ${bundle.name}`, process.execPath, [toolScript(tool), ...args]);
  writeFileSync(file, stamp);
}

/** Builds the app unless out/ is up to date. */
export async function buildApp() {
  await build(app);
}

/** Builds ground's pages unless they are up to date. */
export async function buildGroundPages() {
  for (const bundle of groundPages) await build(bundle);
}
