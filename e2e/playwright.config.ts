import { defineConfig } from '@playwright/test';
import { findBrowser } from '@checkout/testkit';

const { launch } = await findBrowser();
const FAULTS = ['connect-away.spec.ts', 'kills.spec.ts', 'outcomes*.spec.ts'];

/**
 * Each project has a system of its own (see fixtures.ts): what kills processes is kept from what
 * looks at pages. One worker, because two systems at once on a small machine would measure each
 * other.
 */
export default defineConfig({
  testDir: '.',
  outputDir: './test-results',
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  reporter: [['list']],
  timeout: 60_000,
  expect: { timeout: 15_000 },
  use: {
    launchOptions: launch,
    locale: 'en-GB',
    contextOptions: { reducedMotion: 'reduce' },
    screenshot: 'only-on-failure',
  },
  projects: [
    {
      name: 'shop',
      testIgnore: [...FAULTS, 'audit.spec.ts'],
    },
    { name: 'audit', testMatch: ['audit.spec.ts'] },
    { name: 'faults', testMatch: FAULTS, timeout: 120_000 },
  ],
});
