import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { refuseOtherNode } from '../deploy/local/node.mjs';

refuseOtherNode();

const libs = join(import.meta.dirname, '../libs');

export default defineConfig({
  // The registry is read from its sources, so that the checks need no build.
  resolve: {
    alias: {
      '@checkout/events': join(libs, 'events/src/index.ts'),
      '@checkout/money': join(libs, 'money/src/index.ts'),
    },
  },
  test: {
    root: import.meta.dirname,
    include: ['*.test.ts', 'checks/*.test.ts'],
    // Type-aware lint and Nx's graph take seconds to load.
    testTimeout: 30_000,
  },
});
