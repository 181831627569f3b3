import { defineConfig } from 'vitest/config';
import { SLOW } from './vitest.config.ts';

/** `npm run test:slow`: full-size networks against PyTorch's numbers, the job queue on an embedded database. */
export default defineConfig({
  test: {
    include: SLOW,
    setupFiles: ['test/support/matchers.ts'],
    testTimeout: 300_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});
