import type { Tensor } from '../../base/index.ts';
import { type AdamBuffers, stepAdamInPlace } from '../../graph/index.ts';
import type { Weights } from '../../network/index.ts';
import { floatsIn } from './feeds.ts';
import type { Gradients } from './gradients.ts';

/** Weights with Adam's two moments, all on shared memory: the computing thread reads what a step wrote. */
export interface OptimiserState {
  readonly weights: Weights;
  readonly firstMoments: Weights;
  readonly secondMoments: Weights;
  /** Steps taken. */
  readonly steps: number;
}

export const startOptimiser = (weights: Weights): OptimiserState => ({
  weights: mapped(weights, (tensor) => shared(tensor, floatsIn(tensor))),
  firstMoments: mapped(weights, (tensor) => shared(tensor)),
  secondMoments: mapped(weights, (tensor) => shared(tensor)),
  steps: 0,
});

/** On shared memory again what a checkpoint gave. */
export const restoreOptimiser = (state: OptimiserState): OptimiserState => {
  const moved = (tensors: Weights) => mapped(tensors, (tensor) => shared(tensor, floatsIn(tensor)));
  return {
    steps: state.steps,
    weights: moved(state.weights),
    firstMoments: moved(state.firstMoments),
    secondMoments: moved(state.secondMoments),
  };
};

/** One step of Adam on every tensor that has a gradient, each by its own rate, in place; gives the state one step on. */
export function stepOptimiser(
  state: OptimiserState,
  gradients: Gradients,
  rateOf: (parameter: string) => number,
  { weightDecay }: { readonly weightDecay: number },
): OptimiserState {
  const step = state.steps + 1;
  for (const [name, gradient] of Object.entries(gradients)) {
    const buffers: AdamBuffers = {
      parameter: floatsIn(state.weights[name]),
      firstMoment: floatsIn(state.firstMoments[name]),
      secondMoment: floatsIn(state.secondMoments[name]),
    };
    stepAdamInPlace(buffers, gradient, { rate: rateOf(name), step, weightDecay });
  }
  return { ...state, steps: step };
}

const mapped = (tensors: Weights, change: (tensor: Tensor) => Tensor): Weights =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, change(tensor)]));

function shared(like: Tensor, values?: ArrayLike<number>): Tensor {
  const data = new Float32Array(new SharedArrayBuffer(4 * like.data.length));
  if (values !== undefined) data.set(values);
  return { element: 'float32', shape: like.shape, data };
}
