import { defineConfig } from 'vitest/config';
import { refuseOtherNode } from '../../deploy/local/node.mjs';

refuseOtherNode();

// A first start on a cold machine builds everything.
export default defineConfig({
  test: { root: import.meta.dirname, include: ['*.test.ts'], testTimeout: 5 * 60_000 },
});
