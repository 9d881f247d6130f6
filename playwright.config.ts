import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'tests',
  testMatch: ['e2e/**/*.spec.ts', 'faults/**/*.spec.ts'],
  // One till at a time: it holds a display, a camera and a serial port, and machines have two cores.
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  // Once more on a noisy machine; the output names what needed it.
  retries: 1,
  timeout: 180_000,
  expect: { timeout: 30_000 },
  outputDir: 'test-results',
});
