import { defineConfig } from 'vitest/config';

// Type-aware lint and Nx's graph take seconds to load, once per test file.
export default defineConfig({
  test: { root: import.meta.dirname, include: ['*.test.ts'], testTimeout: 30_000 },
});
