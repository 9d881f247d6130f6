import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  globalSetup: './global-setup.config.ts',
  // Machines have two cores, and each test has a server and a browser.
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  // Once more on a noisy machine; the output names what needed it.
  retries: 1,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  outputDir: '../../test-results/e2e-ground',
  use: {
    browserName: 'chromium',
    actionTimeout: 20_000,
    launchOptions: {
      executablePath: process.env['CABINTILL_CHROMIUM'] ?? '/usr/bin/chromium',
      // Chromium's own sandbox does not start for root, and containers have little shared memory.
      args: ['--no-sandbox', '--disable-dev-shm-usage'],
    },
  },
});
