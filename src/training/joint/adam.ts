import type { Tensor } from '../../base/index.ts';
import { type AdamBuffers, stepAdamInPlace } from '../../graph/index.ts';
import type { Weights } from '../../network/index.ts';
import type { TrainingSettings } from './settings.ts';

/** Weights with Adam's two moments, all on shared memory: the computing thread reads what a step wrote. */
export interface OptimiserState {
  readonly weights: Weights;
  readonly firstMoments: Weights;
  readonly secondMoments: Weights;
  /** Steps taken. */
  readonly steps: number;
}

export function startOptimiser(weights: Weights): OptimiserState {
  const like = (fill: (tensor: Tensor) => ArrayLike<number> | undefined): Weights =>
    Object.fromEntries(Object.entries(weights).map(([name, tensor]) => [name, shared(tensor, fill(tensor))]));
  return {
    weights: like((tensor) => floatsOf(tensor)),
    firstMoments: like(() => undefined),
    secondMoments: like(() => undefined),
    steps: 0,
  };
}

/** On shared memory again what a checkpoint gave. */
export const restoreOptimiser = (state: OptimiserState): OptimiserState => {
  const moved = (tensors: Weights): Weights =>
    Object.fromEntries(Object.entries(tensors).map(([name, t]) => [name, shared(t, floatsOf(t))]));
  return {
    steps: state.steps,
    weights: moved(state.weights),
    firstMoments: moved(state.firstMoments),
    secondMoments: moved(state.secondMoments),
  };
};

/**
 * One step of Adam on every tensor that has a gradient, each by its own rate, in place; gives the state with its steps
 * counted up. `sums` are the gradients of so many scans added up: they become their mean.
 */
export function stepOptimiser(
  state: OptimiserState,
  sums: Readonly<Record<string, Float32Array>>,
  scans: number,
  rateOf: (parameter: string) => number,
  { weightDecay }: Pick<TrainingSettings, 'weightDecay'>,
): OptimiserState {
  const step = state.steps + 1;
  for (const [name, gradient] of Object.entries(sums)) {
    if (scans > 1) for (let i = 0; i < gradient.length; i++) gradient[i] = (gradient[i] as number) / scans;
    const buffers: AdamBuffers = {
      parameter: floatsOf(state.weights[name]),
      firstMoment: floatsOf(state.firstMoments[name]),
      secondMoment: floatsOf(state.secondMoments[name]),
    };
    stepAdamInPlace(buffers, gradient, { rate: rateOf(name), step, weightDecay });
  }
  return { ...state, steps: step };
}

export const floatsOf = (tensor: Tensor | undefined): Float32Array =>
  (tensor as Extract<Tensor, { element: 'float32' }>).data;

function shared(like: Tensor, values: ArrayLike<number> | undefined): Tensor {
  const data = new Float32Array(new SharedArrayBuffer(4 * like.data.length));
  if (values !== undefined) data.set(values);
  return { element: 'float32', shape: like.shape, data };
}
