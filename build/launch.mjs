// How anything starts Electron. On Linux that is through a small script ("wrapper") in the cache, because Playwright
// wants one executable path, and because root must first become an ordinary user for Chromium's sandbox to stay on.
import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { resolveElectron } from './electron-runtime.mjs';
import {
  askAsElectronUser,
  becomeOrdinaryUser,
  canElectronUserRead,
  openToOrdinaryUser,
  ordinaryUserId,
  sharedTempDir,
} from './ordinary-user.mjs';
import { cacheDir, isRoot, makeReadableDir, say, sha256 } from './project.mjs';
import { copyForOrdinaryUsers, writeWhole } from './stand-in.mjs';

export { openToOrdinaryUser, ordinaryUserId, sharedTempDir } from './ordinary-user.mjs';
export { stageApp } from './stage.mjs';

/** The variable that names Electron's home folder when the wrapper runs as root. */
const homeVariable = 'CABINTILL_ELECTRON_HOME';

/**
 * Writes the wrapper script.
 * As an ordinary user it only drops --no-sandbox, which Playwright adds unless it is told not to, and starts Electron.
 * As root it becomes the ordinary user first, with a home of that user's own and nothing of root's session.
 * @param {{ executable: string, flags: readonly string[], home: string }} electron
 * @returns {string} a POSIX shell script
 */
export function wrapperScript({ executable, flags, home }) {
  const ids = `${String(ordinaryUserId)} -g ${String(ordinaryUserId)}`;
  const start = [quote(executable), ...flags.map(quote), '"$@"'].join(' ');
  return `#!/bin/sh
# Written by CabinTill's build/launch.mjs: starts Electron with Chromium's sandbox on, also for root.
set -eu
for argument do
  shift
  [ "$argument" = --no-sandbox ] || set -- "$@" "$argument"
done
unset ELECTRON_RUN_AS_NODE
if [ "$(id -u)" != 0 ]; then exec ${start}; fi
HOME="\${${homeVariable}:-${home}}"
export HOME
[ -d "$HOME" ] || install -d -o ${ids} -m 700 "$HOME"
become="setpriv ${becomeOrdinaryUser.join(' ')}"
if [ -r "\${XAUTHORITY:-}" ]; then
  # Written by the ordinary user: root must not write into another user's folder.
  $become sh -c 'umask 077; cat > "$HOME/.Xauthority"' < "$XAUTHORITY"
  XAUTHORITY="$HOME/.Xauthority"
  export XAUTHORITY
fi
unset XDG_RUNTIME_DIR XDG_CONFIG_HOME XDG_CACHE_HOME XDG_DATA_HOME DBUS_SESSION_BUS_ADDRESS
exec $become ${start}
`;
}

/** @param {string} word */
function quote(word) {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/**
 * Flags that this machine needs, none on a healthy one.
 * @param {{ canSandbox: boolean, isRoot: boolean, sharedMemoryBytes: number }} machine
 * @returns {string[]}
 */
export function machineFlags({ canSandbox, isRoot: asRoot, sharedMemoryBytes }) {
  return [
    ...(asRoot && !canSandbox ? ['--no-sandbox'] : []),
    // Containers often have 64 MB there, and Chromium's processes die of it.
    ...(sharedMemoryBytes < 256 * 1024 * 1024 ? ['--disable-dev-shm-usage'] : []),
  ];
}

/** Chromium's sandbox needs new user, process and network namespaces; some containers and systems forbid them. */
function canStartSandbox() {
  return askAsElectronUser('unshare', ['--user', '--map-root-user', '--pid', '--net', '--fork', 'true']).isOk;
}

function sayNoSandbox() {
  if (isRoot()) {
    say('!!! This machine forbids user namespaces, so Chromium cannot start its sandbox.');
    say(
      '!!! Electron is started with --no-sandbox, HERE AND FOR DEVELOPMENT ONLY. The product never does this.',
    );
  } else {
    say(
      'This system forbids user namespaces to programs like Electron. If it ends with a sandbox error, allow them:',
    );
    say(
      '  sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0   (or kernel.unprivileged_userns_clone=1)',
    );
  }
}

function sharedMemoryBytes() {
  if (!existsSync('/dev/shm')) return 0;
  const { blocks, bsize } = statfsSync('/dev/shm');
  return blocks * bsize;
}

/** @type {Promise<string> | undefined} */
let wrapper;

/**
 * The executable path to give to anything that starts Electron (Playwright's `executablePath`).
 * @returns {Promise<string>} absolute path: the wrapper on Linux, Electron itself elsewhere
 */
export function electronExecutable() {
  wrapper ??= prepareExecutable();
  return wrapper;
}

async function prepareExecutable() {
  const electron = await resolveElectron();
  if (process.platform !== 'linux') return electron.executable;
  const executable = await reachable(electron);
  const canSandbox = canStartSandbox();
  if (!canSandbox) sayNoSandbox();
  const flags = machineFlags({ canSandbox, isRoot: isRoot(), sharedMemoryBytes: sharedMemoryBytes() });
  const script = wrapperScript({ executable, flags, home: join(cacheDir(), 'home') });
  // Named by its content: checkouts with different Electrons share the cache.
  const file = join(cacheDir(), `run-electron-${sha256(script).slice(0, 8)}`);
  if (!existsSync(file) || readFileSync(file, 'utf8') !== script) {
    makeReadableDir(cacheDir());
    await writeWhole(file, script, 0o755);
  }
  return file;
}

/** @param {import('./electron-runtime.mjs').Electron} electron */
async function reachable({ executable, version }) {
  if (canElectronUserRead([dirname(executable)])) return executable;
  say('Electron lies where only root can read: using a copy in the cache.');
  return copyForOrdinaryUsers(executable, version);
}

/**
 * A command that starts Electron on an app. Call `cleanup` when Electron has ended.
 * @param {{ appDir: string, args?: readonly string[], env?: NodeJS.ProcessEnv }} app appDir: from stageApp()
 * @returns {Promise<{ command: string, args: string[], env: NodeJS.ProcessEnv, cleanup: () => Promise<void> }>}
 */
export async function electronCommand({ appDir, args = [], env = process.env }) {
  const command = await electronExecutable();
  if (!isRoot()) return { command, args: [appDir, ...args], env, cleanup: () => Promise.resolve() };
  const home = await mkdtemp(join(sharedTempDir(), 'cabintill-home-'));
  await chmod(home, 0o700);
  openToOrdinaryUser(home);
  return {
    command,
    args: [appDir, ...args],
    env: { ...env, [homeVariable]: home },
    cleanup: () => rm(home, { recursive: true, force: true }),
  };
}
