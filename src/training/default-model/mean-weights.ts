import { at, floatsOf, type Tensor } from '../../base/index.ts';
import type { Weights } from '../../network/index.ts';

/**
 * The mean of weights that were trained from one start on batches of their own: as good as the mean of their answers, at
 * the price of one (Wortsman et al., Model soups, ICML 2022).
 */
export function meanWeights(trained: readonly Weights[]): Weights {
  const [first = {}] = trained;
  return Object.fromEntries(
    Object.entries(first).map(([name, { shape }]): [string, Tensor] => {
      const all = trained.map((weights) => floatsOf(weights, name));
      const mean = at(all, 0).map((_, i) => all.reduce((sum, data) => sum + at(data, i), 0) / all.length);
      return [name, { element: 'float32', shape, data: mean }];
    }),
  );
}
