import { defineConfig } from 'vitest/config';

/** `npm run test:results`: what `ichor predict --dicom` writes, before validators, an archive and a viewer of others. */
export default defineConfig({
  test: {
    include: ['test/results-in-pacs/**/*.test.ts'],
    setupFiles: ['test/support/matchers.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    maxWorkers: 1,
  },
});
