import { expect, test } from 'vitest';
import { epochLine } from './epoch-line.ts';

const ended = {
  kind: 'epoch',
  task: 'twoType',
  rate: 1e-4,
  best: 2,
  epoch: 2,
  trainingLoss: 0.51234,
  validationLoss: 0.6,
  seconds: 8.26,
} as const;

test('an epoch is a line: which, losses, validation AUC where there is one, time', () => {
  expect(epochLine({ ...ended, validationSubjectAuc: 0.87654 }, 40)).toBe(
    'twoType, epoch 3 of at most 40: training loss 0.5123, validation loss 0.6000, validation AUC 0.877, 8.3 s',
  );
  // of a part without one kind of subjects
  expect(epochLine({ ...ended, seconds: 83.4 }, 40)).toBe(
    'twoType, epoch 3 of at most 40: training loss 0.5123, validation loss 0.6000, 83 s',
  );
});
