import { defineConfig } from 'vitest/config';

/** `npm run test:corpus`: against real scans that are not part of the repository (ICHOR_CORPUS names their folder). */
export default defineConfig({
  test: {
    include: ['test/corpus/**/*.test.ts'],
    setupFiles: ['test/support/matchers.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    maxWorkers: 2,
  },
});
