import type { Direction } from '../forms/recurrence.ts';
import { gruGradient } from '../gru-gradient.ts';
import type { Value } from '../value.ts';
import { ruleOfOne } from './rule.ts';

export const RECURRENCE_GRADIENTS = {
  gru: ruleOfOne<{ direction: Direction }>((dy, { inputs, outputs: [h], attributes: { direction } }) => {
    const [x, input, recurrent, inputBias, recurrentBias] = inputs as [Value, Value, Value, Value, Value];
    const weights = { input, recurrent, inputBias, recurrentBias };
    return gruGradient(x, h as Value, weights, direction, dy);
  }),
  linearRecurrence: {
    noGradient: 'it is itself the gradient through time; second derivatives are not needed',
  },
  matrixRecurrence: { noGradient: 'it serves heat maps, which are not trained' },
};
