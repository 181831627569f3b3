import { defineConfig } from 'vitest/config';

/** `npm run test:intake`: senders of others, and what the service keeps of what they send. */
export default defineConfig({
  test: {
    include: ['test/intake/**/*.test.ts'],
    setupFiles: ['test/support/matchers.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    maxWorkers: 1,
  },
});
