import { at, type ProgressListener, type Random, type Runtime, type Tensor } from '../../base/index.ts';
import { foldNormalisation, type Weights } from '../../network/index.ts';
import { blend } from './adam.ts';
import type { KeptCopy } from './map-store.ts';
import type { WarmUpSettings } from './recipe.ts';
import { createBatches, MAP_SHAPE } from './slice-batches.ts';
import { takeSteps } from './training-steps.ts';
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
  /** Of weights that `start` lacks. */
  readonly random: Random;
  readonly batches: Random;
  readonly onProgress?: ProgressListener;
  readonly log?: (entry: Readonly<Record<string, number>>) => void;
}

/** Share of the running statistics that each batch renews. */
const STATISTICS_MOMENTUM = 0.05;
const OPTIMISER = { largestNorm: 1, averageDecay: 0.98 };

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
  const keepStatistics = (results: Readonly<Record<string, Tensor>>): void => {
    for (const [name, kept] of Object.entries(statistics))
      blend(kept, results[name]?.data as Float32Array, 1 - STATISTICS_MOMENTUM);
  };
  try {
    const averaged = await takeSteps({
      ...task,
      ...settings,
      session,
      parameters,
      shapes: graph.trained,
      optimiser: { ...OPTIMISER, weightDecay: settings.weightDecay },
      nextFeeds: createBatches(task.copies, settings, task.batches),
      onStep: keepStatistics,
    });
    return trainedWeights(task.start, graph, { ...averaged, ...statistics });
  } finally {
    await session.close();
  }
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
  const bound = shape.length === 1 ? 0 : 1 / Math.sqrt(at(shape, 1));
  return Float32Array.from({ length: count }, () => random.uniform(-bound, bound));
}

function floatsOf(weights: Weights, name: string): Float32Array {
  return (weights[name] as Extract<Tensor, { element: 'float32' }>).data;
}

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
