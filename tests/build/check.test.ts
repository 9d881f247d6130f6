import { describe, expect, it } from 'vitest';
import { countPlaywright, countVitest, settle, verdict } from '../../build/check.mjs';

describe('the numbers of a check', () => {
  it('are those of the runners', () => {
    const vitest = { numPassedTests: 7, numFailedTests: 2, testResults: [] };
    expect(countVitest(vitest)).toEqual({ passed: 7, failed: 2 });
    const playwright = { stats: { expected: 5, unexpected: 1, flaky: 0 }, errors: [] };
    expect(countPlaywright(playwright)).toEqual({ passed: 5, failed: 1 });
  });

  it('count a test file that could not be loaded as one failed', () => {
    const testResults = [
      { status: 'failed', assertionResults: [] },
      { status: 'failed', assertionResults: [{ status: 'failed' }] },
      { status: 'passed', assertionResults: [{ status: 'passed' }] },
    ];
    expect(countVitest({ numPassedTests: 1, numFailedTests: 1, testResults })).toEqual({
      passed: 1,
      failed: 2,
    });
  });

  it('count a test that passed when repeated as passed, and an error outside of tests as failed', () => {
    const report = { stats: { expected: 3, unexpected: 0, flaky: 1 }, errors: [{ message: 'no config' }] };
    expect(countPlaywright(report)).toEqual({ passed: 4, failed: 1 });
  });

  it('show a failure when a runner failed without a report or without a failed test', () => {
    expect(settle(countVitest(null), 1)).toEqual({ passed: 0, failed: 1 });
    expect(settle({ passed: 9, failed: 0 }, 1)).toEqual({ passed: 9, failed: 1 });
    expect(settle({ passed: 9, failed: 2 }, 1)).toEqual({ passed: 9, failed: 2 });
  });

  it('show a failure when no test ran at all', () => {
    expect(settle(countPlaywright({ stats: {} }), 0)).toEqual({ passed: 0, failed: 1 });
  });

  it('are told in one line', () => {
    expect(verdict({ passed: 12, failed: 0 })).toBe('12 passed, 0 failed');
  });
});
