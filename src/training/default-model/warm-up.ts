import {
  at,
  floatsOf,
  type ProgressListener,
  type Random,
  type Runtime,
  type Tensor,
} from '../../base/index.ts';
import { foldNormalisation, MOBILENET_SETTINGS, type Weights } from '../../network/index.ts';
import { floatTensor } from '../common/feeds.ts';
import { blendWeights, copyOf } from './moving-average.ts';
import type { Recipe, WarmUpSettings } from './recipe.ts';
import { type BatchMaterial, createBatches } from './slice-batches.ts';
import { sliceGridOf } from './slice-grid.ts';
import { takeSteps } from './training-steps.ts';
import { HEAD_SHAPES, type TrainingGraph, warmUpStep } from './warm-up-graph.ts';

export interface WarmUpTask extends BatchMaterial {
  readonly runtime: Runtime;
  /** What its progress is called. */
  readonly name: string;
  readonly recipe: Pick<Recipe, 'lastFrozen' | 'imageSide'>;
  readonly settings: WarmUpSettings;
  /** Batch normalisation apart: ImageNet's, or what an earlier training gave. */
  readonly start: Weights;
  /** Of weights that `start` lacks. */
  readonly random: Random;
  readonly batches: Random;
  readonly checkpointFile?: string;
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
  const graph = warmUpStep(task.recipe, settings);
  const session = await runtime.load(graph.onnx, { name: 'warm-up step' });
  const parameters = startParameters(graph, task.start, random.fork('heads'));
  const statistics = copyOf(picked(task.start, graph.statistics));
  const { checkpointFile: file } = task;
  try {
    const averaged = await takeSteps({
      ...task,
      ...settings,
      session,
      parameters,
      optimiser: { ...OPTIMISER, weightDecay: settings.weightDecay },
      nextFeeds: createBatches(task, settings, sliceGridOf(task.recipe), task.batches),
      checkpoint: file === undefined ? undefined : { file, random: task.batches, statistics },
      onStep: (results) => blendWeights(statistics, results, 1 - STATISTICS_MOMENTUM),
    });
    return { ...task.start, ...averaged, ...statistics };
  } finally {
    await session.close();
  }
}

/** Batch normalisation folded into the convolutions, as networks and feature graphs take them. */
export function foldedWeights(trained: Weights): Weights {
  return {
    ...foldNormalisation(MOBILENET_SETTINGS.cnn, trained),
    ...picked(trained, Object.keys(HEAD_SHAPES)),
  };
}

/** Those of the names, which the weights have: a wrong name is a fault of ours. */
const picked = (weights: Weights, names: readonly string[]): Weights =>
  Object.fromEntries(
    names.map((name) => [name, floatTensor(weights[name]?.shape ?? [], floatsOf(weights, name))]),
  );

/** What the start has, the rest drawn. */
function startParameters(graph: TrainingGraph, start: Weights, random: Random): Weights {
  const entries = Object.entries(graph.trained).map(([name, shape]): [string, Tensor] => {
    const values = name in start ? floatsOf(start, name) : freshHead(shape, random.fork(name));
    return [name, floatTensor(shape, values)];
  });
  return Object.fromEntries(entries);
}

/** Uniform within 1 / sqrt(inputs), biases 0. */
function freshHead(shape: readonly number[], random: Random): Float32Array {
  const count = shape.reduce((a, b) => a * b, 1);
  const bound = shape.length === 1 ? 0 : 1 / Math.sqrt(at(shape, 1));
  return Float32Array.from({ length: count }, () => random.uniform(-bound, bound));
}
