// Running other programs, with our stdout kept clean.
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectRoot, say, SetUpProblem } from './project.mjs';

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd] default: the project
 * @property {NodeJS.ProcessEnv} [env] default: ours
 * @property {'inherit' | 'stderr'} [output] where the program's stdout goes; default `stderr`
 * @property {number} [timeoutMs] after which the program is killed and counts as failed
 */

/** Someone asked us to stop (Ctrl-C). Thrown only after the program we ran has ended, so that we can tidy up. */
export class Interrupted extends Error {
  /** @override */
  name = 'Interrupted';
}

/**
 * Runs a program to its end. SIGINT and SIGTERM are passed on, so that it can tidy up before we do; then Interrupted
 * is thrown.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<number>} its exit code; 127 when it could not be started, 128 + n when signal n ended it
 */
export function run(command, args, options = {}) {
  const { cwd = projectRoot, env = process.env, output = 'stderr', timeoutMs } = options;
  return new Promise((done, fail) => {
    let isInterrupted = false;
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: output === 'inherit' ? 'inherit' : ['ignore', 2, 2],
      ...(timeoutMs === undefined ? {} : { timeout: timeoutMs, killSignal: 'SIGKILL' }),
    });
    /** @param {NodeJS.Signals} signal */
    const passOn = (signal) => {
      isInterrupted = true;
      child.kill(signal);
    };
    process.on('SIGINT', passOn).on('SIGTERM', passOn);
    /** @param {number} code */
    const finish = (code) => {
      process.off('SIGINT', passOn).off('SIGTERM', passOn);
      if (isInterrupted) fail(new Interrupted());
      else done(code);
    };
    child.once('error', () => {
      finish(127);
    });
    child.once('close', (code, signal) => {
      finish(code ?? (signal === 'SIGINT' ? 130 : signal === 'SIGTERM' ? 143 : 137));
    });
  });
}

/**
 * Runs one of the project's TypeScript programs.
 * @param {string} file relative to the project
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<number>} its exit code
 */
export function runTypeScript(file, args, options) {
  const loader = pathToFileURL(join(projectRoot, 'node_modules', 'tsx', 'dist', 'loader.mjs')).href;
  return run(process.execPath, ['--import', loader, join(projectRoot, file), ...args], options);
}

/**
 * Runs a program and throws when it fails.
 * @param {string} what the purpose, for the message
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 */
export async function mustRun(what, command, args, options) {
  const code = await run(command, args, options);
  if (code !== 0) {
    throw new SetUpProblem(`${what} failed (exit code ${String(code)}): ${[command, ...args].join(' ')}`);
  }
}

/**
 * Asks a program for a short answer. It runs in `/`: the user it runs as need not be allowed into our own folder.
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {{ isOk: boolean, text: string }} text: its stdout, trimmed; not ok when it is missing or failed
 */
export function ask(command, args) {
  const answer = spawnSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    cwd: '/',
  });
  return { isOk: answer.status === 0, text: answer.error === undefined ? answer.stdout.trim() : '' };
}

/**
 * The command that starts npm: the very npm that started us, if one did.
 * @param {readonly string[]} args
 * @returns {[command: string, args: string[]]}
 */
export function npm(args) {
  const script = process.env['npm_execpath'];
  if (script?.endsWith('npm-cli.js') === true) return [process.execPath, [script, ...args]];
  return ['npm', [...args]];
}

/**
 * Ends a command line program on a failure: a SetUpProblem with its message alone, a bug with its stack.
 * @param {unknown} failure
 * @returns {never}
 */
export function exitWith(failure) {
  if (failure instanceof Interrupted) process.exit(130);
  const isExpected = failure instanceof SetUpProblem;
  say(
    isExpected ? `\n${failure.message}` : failure instanceof Error ? String(failure.stack) : String(failure),
  );
  process.exit(1);
}
