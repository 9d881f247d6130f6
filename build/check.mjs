// Every rule of the project, one after the other. A failure does not keep the rest from running.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withApp } from './app-environment.mjs';
import { buildApp, buildGroundPages } from './app-bundle.mjs';
import { Interrupted, run } from './command.mjs';
import { readJson, say, toolScript } from './project.mjs';

/** @typedef {{ passed: number, failed: number }} Count */

/** Ground's pages in a real browser. */
export const groundTestConfig = 'tests/e2e-ground/playwright.config.ts';

/**
 * Rules that pass or fail as a whole.
 * @type {readonly { heading: string, tool: readonly [packageName: string, command?: string], args: readonly string[] }[]}
 */
const rules = [
  { heading: 'Format (prettier)', tool: ['prettier'], args: ['--check', '--log-level', 'warn', '.'] },
  { heading: 'Lint (eslint)', tool: ['eslint'], args: ['--max-warnings', '0', '.'] },
  { heading: 'Types (vue-tsc)', tool: ['vue-tsc'], args: ['-b'] },
  {
    heading: 'Rooms (dependency-cruiser)',
    tool: ['dependency-cruiser', 'depcruise'],
    args: ['domain', 'bridge', 'electron', 'renderer', 'ground', 'build', 'tests'],
  },
  { heading: 'Dead code (knip)', tool: ['knip'], args: [] },
];

/**
 * Runs every rule and every test.
 * @returns {Promise<Count>} a rule that holds counts as one passed, every test as itself
 */
export async function check() {
  /** @type {{ heading: string, count: Count }[]} */
  const results = [];
  const reports = await mkdtemp(join(tmpdir(), 'cabintill-check-'));
  try {
    results.push({ heading: 'Build', count: await step('Build', buildWhole) });
    for (const { heading, tool, args } of rules) {
      results.push({ heading, count: await step(heading, () => runRule(tool, args)) });
    }
    const unit = 'Tests of every room (vitest)';
    results.push({ heading: unit, count: await step(unit, () => runVitest(join(reports, 'vitest.json'))) });
    const browser = "Tests of ground's pages in a real browser (playwright)";
    results.push({
      heading: browser,
      count: await step(browser, () =>
        runPlaywright(join(reports, 'browser.json'), process.env, ['--config', groundTestConfig]),
      ),
    });
    const real = 'Tests in the real Electron (playwright)';
    results.push({
      heading: real,
      count: await step(real, () =>
        withApp((env) => runPlaywright(join(reports, 'playwright.json'), env, [])),
      ),
    });
  } finally {
    await rm(reports, { recursive: true, force: true });
  }
  say('');
  for (const { heading, count } of results) {
    say(`${count.failed === 0 ? 'ok    ' : 'FAILED'}  ${heading}: ${verdict(count)}`);
  }
  return results.map(({ count }) => count).reduce(add, { passed: 0, failed: 0 });
}

/**
 * @param {string} heading
 * @param {() => Promise<Count>} work
 * @returns {Promise<Count>} one failed when the work could not even be started
 */
async function step(heading, work) {
  say(`\n=== ${heading} ===`);
  try {
    return await work();
  } catch (failure) {
    if (failure instanceof Interrupted) throw failure;
    say(failure instanceof Error ? failure.message : String(failure));
    return { passed: 0, failed: 1 };
  }
}

/** @returns {Promise<Count>} */
async function buildWhole() {
  await buildApp();
  await buildGroundPages();
  return { passed: 1, failed: 0 };
}

/**
 * @param {readonly [packageName: string, command?: string]} tool
 * @param {readonly string[]} args
 * @returns {Promise<Count>}
 */
async function runRule([packageName, command], args) {
  const code = await run(process.execPath, [toolScript(packageName, command), ...args]);
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/**
 * @param {string} report file for vitest's own numbers
 * @returns {Promise<Count>}
 */
async function runVitest(report) {
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const code = await run(process.execPath, [toolScript('vitest'), ...args], { timeoutMs: 30 * 60_000 });
  return settle(countVitest(readJson(report)), code);
}

/**
 * @param {string} report file for playwright's own numbers
 * @param {NodeJS.ProcessEnv} env
 * @param {readonly string[]} args
 * @returns {Promise<Count>}
 */
async function runPlaywright(report, env, args) {
  const script = toolScript('@playwright/test', 'playwright');
  const code = await run(process.execPath, [script, 'test', '--reporter=list,json', ...args], {
    env: { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: report },
  });
  return settle(countPlaywright(readJson(report)), code);
}

/**
 * Reads vitest's JSON report. A test file that could not even be loaded counts as one failed.
 * @param {unknown} report
 * @returns {Count}
 */
export function countVitest(report) {
  const {
    numPassedTests = 0,
    numFailedTests = 0,
    testResults = [],
  } = /** @type {{ numPassedTests?: number, numFailedTests?: number, testResults?: { status: string, assertionResults: { status: string }[] }[] }} */ (
    report ?? {}
  );
  const brokenFiles = testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  return { passed: numPassedTests, failed: numFailedTests + brokenFiles.length };
}

/**
 * Reads playwright's JSON report. A test of the real app that passed when it was repeated once passed: machines are
 * slow and noisy, and it is named in the output as flaky, to be looked into.
 * @param {unknown} report
 * @returns {Count}
 */
export function countPlaywright(report) {
  const { stats = {}, errors = [] } =
    /** @type {{ stats?: { expected?: number, unexpected?: number, flaky?: number }, errors?: unknown[] }} */ (
      report ?? {}
    );
  const { expected = 0, unexpected = 0, flaky = 0 } = stats;
  return { passed: expected + flaky, failed: unexpected + errors.length };
}

/**
 * A runner that failed without a failed test, and one that ran no test at all, are failures too.
 * @param {Count} count
 * @param {number} exitCode
 * @returns {Count}
 */
export function settle(count, exitCode) {
  const isSilentFailure = count.failed === 0 && (exitCode !== 0 || count.passed === 0);
  return isSilentFailure ? { ...count, failed: 1 } : count;
}

/**
 * @param {Count} one
 * @param {Count} other
 * @returns {Count}
 */
function add(one, other) {
  return { passed: one.passed + other.passed, failed: one.failed + other.failed };
}

/**
 * The line that ends the output.
 * @param {Count} count
 */
export function verdict({ passed, failed }) {
  return `${String(passed)} passed, ${String(failed)} failed`;
}
