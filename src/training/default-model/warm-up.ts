import {
  IchorError,
  type ProgressListener,
  type Random,
  type Runtime,
  type Tensor,
} from '../../base/index.ts';
import { foldNormalisation, type Weights } from '../../network/index.ts';
import { blend, createOptimiser, rateAt } from './adam.ts';
import type { KeptCopy } from './map-store.ts';
import type { WarmUpSettings } from './recipe.ts';
import { createBatches, MAP_SHAPE } from './slice-batches.ts';
import { HEAD_SHAPES, type TrainingGraph, warmUpStep } from './warm-up-graph.ts';

export interface WarmUpTask {
  readonly runtime: Runtime;
  /** What its progress is called. */
  readonly name: string;
  readonly lastFrozen: string;
  readonly settings: WarmUpSettings;
  /** Batch normalisation apart: ImageNet's, or what an earlier training gave. */
  readonly start: Weights;
  readonly copies: readonly KeptCopy[];
  readonly random: Random;
  readonly onProgress?: ProgressListener;
  readonly log?: (entry: Readonly<Record<string, number>>) => void;
}

/** Share of the running statistics that each batch renews. */
const STATISTICS_MOMENTUM = 0.05;
const LARGEST_NORM = 1;
const AVERAGE_DECAY = 0.98;

/**
 * Trains the convolutions above the frozen ones slice by slice; gives all weights, batch normalisation apart:
 * `conv1/weights`, `conv1/scale`, ..., `dense/weights`.
 */
export async function trainWarmUp(task: WarmUpTask): Promise<Weights> {
  const { settings, random, runtime } = task;
  const graph = warmUpStep(task.lastFrozen, MAP_SHAPE, settings);
  const session = await runtime.load(graph.onnx, { name: 'warm-up step' });
  const parameters = startParameters(graph, task.start, random.fork('heads'));
  const statistics = Object.fromEntries(graph.statistics.map((n) => [n, floatsOf(task.start, n).slice()]));
  const optimiser = createOptimiser(parameters, {
    weightDecay: settings.weightDecay,
    largestNorm: LARGEST_NORM,
    averageDecay: AVERAGE_DECAY,
  });
  const drawBatch = createBatches(task.copies, settings, random.fork('batches'));
  try {
    for (let step = 0; step < settings.steps; step++) {
      const batch = await drawBatch();
      const results = await session.run({ ...batch, ...tensorsOf(graph, parameters) });
      const loss = lossOf(results.loss);
      const slopes = Object.fromEntries(
        Object.keys(parameters).map((n) => [n, results[`gradient/${n}`]?.data as Float32Array]),
      );
      optimiser.step(slopes, rateAt(step, settings.steps, settings.rate));
      for (const [name, kept] of Object.entries(statistics))
        blend(kept, results[name]?.data as Float32Array, 1 - STATISTICS_MOMENTUM);
      task.log?.({ step: step + 1, loss });
      task.onProgress?.({
        task: task.name,
        done: step + 1,
        total: settings.steps,
        detail: `loss ${loss.toFixed(3)}`,
      });
    }
  } finally {
    await session.close();
  }
  return trainedWeights(task.start, graph, { ...optimiser.averaged, ...statistics });
}

/** Batch normalisation folded into the convolutions, as networks and feature graphs take them. */
export function foldedWeights(trained: Weights): Weights {
  const heads = Object.keys(HEAD_SHAPES).map((name) => [name, trained[name] as Tensor]);
  return { ...foldNormalisation('mobilenet-v1', trained), ...Object.fromEntries(heads) };
}

function startParameters(graph: TrainingGraph, start: Weights, random: Random): Record<string, Float32Array> {
  const entries = Object.entries(graph.trained).map(([name, shape]): [string, Float32Array] => {
    const values = name in start ? floatsOf(start, name) : freshHead(shape, random.fork(name));
    return [name, shared(values)];
  });
  return Object.fromEntries(entries);
}

/** On memory that the computing thread sees: fed at every step without a copy. */
function shared(values: Float32Array): Float32Array {
  const copy = new Float32Array(new SharedArrayBuffer(values.byteLength));
  copy.set(values);
  return copy;
}

/** Uniform within 1 / sqrt(inputs), biases 0. */
function freshHead(shape: readonly number[], random: Random): Float32Array {
  const count = shape.reduce((a, b) => a * b, 1);
  const bound = shape.length === 1 ? 0 : 1 / Math.sqrt(shape[1] as number);
  return Float32Array.from({ length: count }, () => random.uniform(-bound, bound));
}

export function floatsOf(weights: Weights, name: string): Float32Array {
  return (weights[name] as Extract<Tensor, { element: 'float32' }>).data;
}

const tensorsOf = (
  graph: TrainingGraph,
  parameters: Readonly<Record<string, Float32Array>>,
): Record<string, Tensor> =>
  Object.fromEntries(
    Object.entries(graph.trained).map(([name, shape]) => [
      name,
      { element: 'float32', shape, data: parameters[name] as Float32Array },
    ]),
  );

function trainedWeights(
  start: Weights,
  graph: TrainingGraph,
  values: Readonly<Record<string, Float32Array>>,
): Weights {
  const trained = Object.entries(values).map(([name, data]): [string, Tensor] => {
    const shape = start[name]?.shape ?? graph.trained[name] ?? [data.length];
    return [name, { element: 'float32', shape, data: data.slice() }];
  });
  return { ...start, ...Object.fromEntries(trained) };
}

/** Throws `training-diverged` when the loss is no number. */
export function lossOf(result: Tensor | undefined): number {
  const loss = Number(result?.data[0]);
  if (Number.isFinite(loss)) return loss;
  throw new IchorError('training-diverged', `the loss is ${loss}: start again with a lower rate`);
}
