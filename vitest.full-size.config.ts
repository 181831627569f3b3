import { defineConfig } from 'vitest/config';
import { FULL_SIZE } from './vitest.config.ts';

/** `npm run test:full-size`: the full-size networks against PyTorch's numbers: minutes, and seldom another answer. */
export default defineConfig({
  test: {
    include: FULL_SIZE,
    setupFiles: ['test/support/matchers.ts'],
    testTimeout: 300_000,
    maxWorkers: 2,
  },
});
