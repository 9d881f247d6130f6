// The one entry for the npm scripts: `node build/run.mjs <name> [arguments]`. It makes ready what the program needs,
// then runs it. Only the program's own result goes to stdout.
import { resolve } from 'node:path';
import { withApp } from './app-environment.mjs';
import { check, groundTestConfig, verdict } from './check.mjs';
import { exitWith, run, runTypeScript } from './command.mjs';
import { say, SetUpProblem, toolScript } from './project.mjs';
import { setUp } from './set-up.mjs';

/** @typedef {(args: readonly string[]) => Promise<number>} Program given its arguments, answers the exit code */

/** @type {Record<string, Program>} */
const programs = {
  test: () => checkAfter({ system: true, electron: true, app: false, display: true, groundTests: true }),
  check: () => checkAfter({ system: false, electron: true, app: false, display: false }),
  demo: (args) => runWithApp('tests/demo/main.ts', args),
  bench: (args) => runWithApp('tests/bench/main.ts', args, { groundTests: true }),
  async screens(args) {
    const code = await runWithApp('tests/screens/main.ts', args, { pages: true, groundTests: true });
    return code === 0 && !args.includes('--only') ? photographGround(args) : code;
  },
  async e2e(args) {
    await setUp({ system: true, electron: true, app: true, display: true });
    const playwright = toolScript('@playwright/test', 'playwright');
    return withApp((env) => run(process.execPath, [playwright, 'test', ...args], { env, output: 'inherit' }));
  },
  async 'e2e-ground'(args) {
    await setUp({
      system: true,
      electron: false,
      app: false,
      display: false,
      pages: true,
      groundTests: true,
    });
    const playwright = toolScript('@playwright/test', 'playwright');
    return run(process.execPath, [playwright, 'test', '--config', groundTestConfig, ...args], {
      output: 'inherit',
    });
  },
  async 'virtual-printer'(args) {
    await setUp({ system: true, electron: false, app: false, display: false });
    return runTypeScript('tests/support/virtual-printer/main.ts', args, { output: 'inherit' });
  },
  async ground(args) {
    const pages = args[0] === 'serve';
    await setUp({ system: false, electron: false, app: false, display: false, pages });
    return runTypeScript('ground/main.ts', args, { output: 'inherit' });
  },
};

/**
 * Runs every rule and test; the last line of the output always tells the numbers.
 * @param {Parameters<typeof setUp>[0]} needs
 */
async function checkAfter(needs) {
  const count = await setUp(needs)
    .then(check)
    .catch((/** @type {unknown} */ failure) => {
      if (!(failure instanceof SetUpProblem)) throw failure;
      say(`\n${failure.message}`);
      return { passed: 0, failed: 1 };
    });
  process.stdout.write(`${verdict(count)}\n`);
  return count.failed === 0 ? 0 : 1;
}

/**
 * @param {string} file a program that drives the real app
 * @param {readonly string[]} args
 * @param {{ pages?: boolean, groundTests?: boolean }} [more]
 */
async function runWithApp(file, args, { pages = false, groundTests = false } = {}) {
  await setUp({ system: true, electron: true, app: true, display: true, pages, groundTests });
  return withApp((env) => runTypeScript(file, args, { env, output: 'inherit' }));
}

/**
 * Pictures of ground's pages, taken by the tests that walk through all of them, beside those of the till.
 * @param {readonly string[]} args of `screens`
 */
function photographGround(args) {
  const out = args[args.indexOf('--out') + 1] ?? '';
  const folder = resolve(args.includes('--out') ? out : 'screens-out');
  const tests = ['--config', groundTestConfig, '--grep', 'all pages fit|every page is accessible'];
  return run(process.execPath, [toolScript('@playwright/test', 'playwright'), 'test', ...tests], {
    env: { ...process.env, CABINTILL_SCREENS: folder },
  });
}

const [name = '', ...args] = process.argv.slice(2);
const program = programs[name];
if (program === undefined) {
  say(`Usage: node build/run.mjs <${Object.keys(programs).join(' | ')}> [arguments]`);
  process.exit(2);
}
try {
  process.exitCode = await program(args);
} catch (failure) {
  exitWith(failure);
}
