import { defineConfig } from 'vitest/config';

/** `npm run test:database`: the index and the jobs in a database, embedded and on PostgreSQL. */
export default defineConfig({
  test: {
    include: ['test/database/**/*.test.ts'],
    setupFiles: ['test/support/matchers.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    maxWorkers: 1,
  },
});
