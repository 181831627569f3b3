import { afterEach, expect, test } from 'vitest';
import { openPredictor } from './predictor.ts';

const { execPath } = process;
afterEach(() => {
  process.execPath = execPath;
});

test('a process that cannot be started is told of as such, and ends nothing else', async () => {
  process.execPath = '/nowhere/node';
  await expect(openPredictor({})).rejects.toMatchObject({
    code: 'worker-not-started',
    message: expect.stringContaining('spawn /nowhere/node ENOENT'),
  });
});
