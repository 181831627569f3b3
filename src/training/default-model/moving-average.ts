import type { Weights } from '../../network/index.ts';
import { floatsIn } from '../common/feeds.ts';

/** A copy to be averaged over steps. */
export const copyOf = (weights: Weights): Weights =>
  Object.fromEntries(
    Object.entries(weights).map(([name, tensor]) => [
      name,
      { element: 'float32', shape: tensor.shape, data: floatsIn(tensor).slice() },
    ]),
  );

/** Blends every tensor of the average, in place. */
export function blendWeights(average: Weights, fresh: Weights, keep: number): void {
  for (const [name, tensor] of Object.entries(average)) blend(floatsIn(tensor), floatsIn(fresh[name]), keep);
}

/** average = keep * average + (1 - keep) * fresh. */
function blend(average: Float32Array, fresh: Float32Array, keep: number): void {
  for (let i = 0; i < average.length; i++)
    average[i] = keep * (average[i] as number) + (1 - keep) * (fresh[i] as number);
}
