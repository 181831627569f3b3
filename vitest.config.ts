import { defineConfig } from 'vitest/config';

/** Slow, and run by `npm run test:full-size` and `.ci/run` instead. */
export const FULL_SIZE = ['src/network/full-size.test.ts'];

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['test/corpus/**', 'node_modules/**', ...FULL_SIZE],
    setupFiles: ['test/support/matchers.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});
