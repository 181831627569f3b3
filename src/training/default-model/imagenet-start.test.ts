import { expect, test } from 'vitest';
import { UsageError } from '../../base/index.ts';
import { floatTensor } from '../common/feeds.ts';
import { refuseOtherStart } from './imagenet-start.ts';

test('weights that the recipe does not start from are refused by name', () => {
  const other = { 'conv1/weights': floatTensor([2], Float32Array.of(1, 2)) };
  const refusing = () => refuseOtherStart(other, 'mobilenet');
  expect(refusing).toThrow(UsageError);
  expect(refusing).toThrow(expect.objectContaining({ code: 'starting-weights-unlike' }));
  expect(refusing).toThrow(/^mobilenet holds weights of SHA-256 [0-9a-f]{64}, and the recipe starts from/);
});
