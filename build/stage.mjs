// As root the project may lie where the ordinary user that runs Electron cannot look (below /root, in a private
// temporary folder). Then the built app, and nothing else, is copied to where that user can.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path';
import { mustRun } from './command.mjs';
import { canElectronUserRead, sharedTempDir } from './ordinary-user.mjs';
import { projectRoot, readPackage, say } from './project.mjs';

/**
 * The packages that bundled code still imports at run time.
 * @param {string} code JavaScript
 * @returns {string[]} package names, sorted; Node's and Electron's own modules left out
 */
export function importedPackages(code) {
  // Bundlers write their own `__require(...)` into ES modules.
  const specifiers = code.matchAll(/(?:\b(?:from|import)|require)\s*\(?\s*["']([^"'\s]+)["']/gu);
  const names = [...specifiers].flatMap(([, specifier = '']) => {
    const name = /^(?:@[^/]+\/)?[^./@][^/]*/u.exec(specifier)?.[0];
    const isForeign = name !== undefined && !name.includes(':') && name !== 'electron';
    return isForeign && !builtinModules.includes(name) ? [name] : [];
  });
  return [...new Set(names)].sort();
}

/**
 * The folders of some packages and of all they depend on.
 * @param {readonly string[]} names
 * @param {string} root the folder whose node_modules holds them
 * @returns {string[]} absolute paths; names that are not installed are left out
 */
export function packageFolders(names, root) {
  /** @type {Set<string>} */
  const folders = new Set();
  /** @type {{ name: string, from: string }[]} */
  const open = names.map((name) => ({ name, from: root }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const folder = findPackage(next.name, next.from, root);
    if (folder === null || folders.has(folder)) continue;
    folders.add(folder);
    const { dependencies, optionalDependencies } = readPackage(folder) ?? {};
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies }))
      open.push({ name, from: folder });
  }
  return [...folders].sort();
}

/**
 * Node's own search: the nearest node_modules at or above a folder.
 * @param {string} name
 * @param {string} from
 * @param {string} root
 * @returns {string | null}
 */
function findPackage(name, from, root) {
  const folder = join(from, 'node_modules', name);
  if (existsSync(join(folder, 'package.json'))) return folder;
  return from === root || dirname(from) === from ? null : findPackage(name, dirname(from), root);
}

/**
 * What the running app reads, relative to the project.
 * @param {string} root
 * @returns {string[]}
 */
export function appFiles(root) {
  const code = filesBelow(join(root, 'out', 'electron'))
    .filter((file) => /\.[cm]?js$/u.test(file))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  const packages = packageFolders(importedPackages(code), root).map((folder) =>
    folder.slice(root.length + 1),
  );
  return ['package.json', 'out', ...packages];
}

/**
 * @param {string} dir
 * @returns {string[]}
 */
function filesBelow(dir) {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/**
 * The folder to start Electron on: the project itself if the user that runs Electron can read it, otherwise a copy
 * of the built app. Call `cleanup` at the end.
 * @param {{ root?: string, canRead?: (paths: readonly string[]) => boolean }} [project]
 * @returns {Promise<{ appDir: string, cleanup: () => Promise<void> }>}
 */
export async function stageApp({ root = projectRoot, canRead = canElectronUserRead } = {}) {
  const files = appFiles(root);
  if (canRead(files.map((file) => join(root, file))))
    return { appDir: root, cleanup: () => Promise.resolve() };
  const appDir = await mkdtemp(join(sharedTempDir(), 'cabintill-app-'));
  say(`The project can be read by root alone: running a copy of the app in ${appDir}`);
  for (const file of files) {
    await cp(join(root, file), join(appDir, file), { recursive: true, dereference: true });
  }

  await mustRun('Making the app readable', 'chmod', ['-R', 'a+rX', appDir]);
  return { appDir, cleanup: () => rm(appDir, { recursive: true, force: true }) };
}
