// A display to show windows on: the real one, or a virtual one (Xvfb) on a Linux machine that has none.
import { spawn } from 'node:child_process';
import { ask } from './command.mjs';
import { SetUpProblem } from './project.mjs';

/**
 * @param {{ env: NodeJS.ProcessEnv, platform: NodeJS.Platform }} machine
 * @returns {boolean}
 */
export function hasRealDisplay({ env, platform }) {
  if (platform !== 'linux') return true;
  return [env['DISPLAY'], env['WAYLAND_DISPLAY']].some((name) => name !== undefined && name !== '');
}

/**
 * @typedef {object} Display
 * @property {NodeJS.ProcessEnv} env variables that lead a program to this display
 * @property {boolean} isVirtual
 * @property {() => Promise<void>} stop ends a virtual display; does nothing to a real one
 */

/**
 * Finds or starts a display. A virtual one is large enough for windows of 1280 x 800 and of 800 x 1280, and ends
 * with this process at the latest.
 * @returns {Promise<Display>}
 */
export async function withDisplay() {
  if (hasRealDisplay(process)) return { env: {}, isVirtual: false, stop: () => Promise.resolve() };
  const xvfb = ['Xvfb', '-displayfd', '3', '-screen', '0', '1366x1366x24', '-nolisten', 'tcp', '-ac'];
  // The kernel ends Xvfb with us, even when we are killed and cannot do it ourselves.
  const canTie = ask('setpriv', ['--pdeathsig', 'TERM', 'true']).isOk;
  const [command = '', ...args] = canTie ? ['setpriv', '--pdeathsig', 'TERM', ...xvfb] : xvfb;
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const ended = new Promise((done) => {
    child.once('close', done).once('error', done);
  });
  const end = () => child.kill();
  process.once('exit', end);
  const number = await Promise.race([
    readLine(/** @type {import('node:stream').Readable} */ (child.stdio[3])),
    ended.then(() => null),
  ]);
  if (number === null)
    throw new SetUpProblem('The virtual display (Xvfb) did not start. Is "xvfb" installed?');
  return {
    env: { DISPLAY: `:${number}` },
    isVirtual: true,
    async stop() {
      process.off('exit', end);
      end();
      await ended;
    },
  };
}

/**
 * @param {import('node:stream').Readable} stream
 * @returns {Promise<string>} its first line
 */
function readLine(stream) {
  return new Promise((done) => {
    let text = '';
    stream.setEncoding('utf8').on('data', (/** @type {string} */ part) => {
      text += part;
      if (text.includes('\n')) done(text.trim());
    });
  });
}
