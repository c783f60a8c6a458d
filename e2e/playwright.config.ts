import { defineConfig } from '@playwright/test';
import { findBrowser } from '@checkout/testkit';

const { launch } = await findBrowser();

/**
 * One system for all tests (see fixtures.ts), and one worker: two at once on a small machine would
 * measure each other. Folders go by their names, so the customers come before the outages.
 */
export default defineConfig({
  testDir: '.',
  outputDir: './test-results',
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  reporter: [['list']],
  // Of a test that hangs: a kill under load takes up to half of it.
  timeout: 120_000,
  expect: { timeout: 15_000 },
  use: {
    launchOptions: launch,
    locale: 'en-GB',
    contextOptions: { reducedMotion: 'reduce' },
    screenshot: 'only-on-failure',
  },
});
