import { firstOf } from '../../base/index.ts';
import type { Direction } from '../forms/recurrence.ts';
import { gruGradient } from '../gru-gradient.ts';
import { ruleOfOne } from './rule.ts';

export const RECURRENCE_GRADIENTS = {
  gru: ruleOfOne<{ direction: Direction }>((dy, { inputs, outputs: [h], attributes: { direction } }) => {
    const [x, input, recurrent, inputBias, recurrentBias] = firstOf(inputs, 5);
    const weights = { input, recurrent, inputBias, recurrentBias };
    return gruGradient(x, h, weights, direction, dy);
  }),
  linearRecurrence: {
    noGradient: 'it is itself the gradient through time; second derivatives are not needed',
  },
  matrixRecurrence: { noGradient: 'it serves heat maps, which are not trained' },
};
