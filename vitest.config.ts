import { defineConfig } from 'vitest/config';

/** What is slow and seldom breaks: run by `npm run test:slow` and `.ci/run` instead. */
export const SLOW = [
  'src/network/full-size.test.ts',
  'src/queue/queue.test.ts',
  'src/training/joint/endings.test.ts',
  'src/training/joint/frozen-stage.test.ts',
  'src/training/joint/scaled-start.test.ts',
  'src/training/joint/seen-patients.test.ts',
  'src/training/joint/training.test.ts',
  'test/browser-engine.test.ts',
  'test/evaluate-cohort.test.ts',
  'test/experiment-command.test.ts',
  'test/experiment.test.ts',
  'test/local-page.test.ts',
  'test/out-of-order.test.ts',
  'test/serve.test.ts',
  'test/page-admin.test.ts',
  'test/page-bad-input.test.ts',
  'test/page-newer-result.test.ts',
  'test/page-pictures.test.ts',
  'test/page-study.test.ts',
  'test/page-tabs.test.ts',
  'test/page-touch.test.ts',
  'test/page-undo.test.ts',
  'test/page-users.test.ts',
  'test/service-page.test.ts',
  'test/shown-picture.test.ts',
  'test/simulate-scanner.test.ts',
  'test/train-stopped.test.ts',
  'test/webgpu.test.ts',
  'test/worklist-page.test.ts',
];

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'web/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: [
      'test/corpus/**',
      'test/database/**',
      'test/intake/**',
      'test/results-in-pacs/**',
      'node_modules/**',
      ...SLOW,
    ],
    setupFiles: ['test/support/matchers.ts'],
    // Against what hangs: on a busy machine the longest have taken a third of a minute
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // What is polled comes late on a busy machine; the default is a second
    expect: { poll: { timeout: 30_000 } },
    maxWorkers: 2,
  },
});
