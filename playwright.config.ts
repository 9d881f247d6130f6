import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'tests',
  projects: [
    // Once more on a noisy machine; the output names what needed it.
    { name: 'e2e', testMatch: 'e2e/**/*.spec.ts', retries: 1 },
    // Never again: a sale lost once in fifty kills is what they are looking for.
    { name: 'faults', testMatch: 'faults/**/*.spec.ts', retries: 0 },
  ],
  // One till at a time: it holds a display, a camera and a serial port, and machines have two cores.
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  timeout: 180_000,
  expect: { timeout: 30_000 },
  outputDir: 'test-results',
});
