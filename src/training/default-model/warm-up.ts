import {
  IchorError,
  type ProgressListener,
  type Random,
  type Runtime,
  type Tensor,
} from '../../base/index.ts';
import { foldNormalisation, MOBILENET_SETTINGS, type Weights } from '../../network/index.ts';
import { blend, createOptimiser, rateAt } from './adam.ts';
import { type KeptCopy, readMaps } from './map-store.ts';
import type { Recipe } from './recipe.ts';
import { PHANTOM_SOURCE } from './series-copy.ts';
import { HEAD_SHAPES, stepFeeds, type TrainingGraph, warmUpStep } from './warm-up-graph.ts';

export interface WarmUpTask {
  readonly runtime: Runtime;
  readonly recipe: Recipe;
  /** ImageNet's, batch normalisation apart. */
  readonly start: Weights;
  readonly copies: readonly KeptCopy[];
  readonly random: Random;
  readonly onProgress?: ProgressListener;
  readonly log?: (entry: Readonly<Record<string, number>>) => void;
}

/** Maps after the last frozen convolution. */
export const MAP_SHAPE = [256, 32, 32] as const;
export const SLICE_BYTES = 256 * 32 * 32;
/** Share of the running statistics that each batch renews. */
const STATISTICS_MOMENTUM = 0.05;
const LARGEST_NORM = 1;
const AVERAGE_DECAY = 0.98;

/** Trains the upper convolutions slice by slice; gives all weights folded: `conv1/weights`, ..., `dense/weights`. */
export async function trainWarmUp(task: WarmUpTask): Promise<Weights> {
  const { recipe, random, runtime } = task;
  const settings = recipe.warmUp;
  const graph = warmUpStep(recipe.lastFrozen, MAP_SHAPE, settings.subtypeWeight);
  const session = await runtime.load(graph.onnx, { name: 'warm-up step' });
  const parameters = startParameters(graph, task.start, random.fork('heads'));
  const statistics = Object.fromEntries(graph.statistics.map((n) => [n, floatsOf(task.start, n).slice()]));
  const optimiser = createOptimiser(parameters, {
    weightDecay: settings.weightDecay,
    largestNorm: LARGEST_NORM,
    averageDecay: AVERAGE_DECAY,
  });
  const drawBatch = createBatches(task.copies, recipe, random.fork('batches'));
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
      task: 'training the CNN',
      done: step + 1,
      total: settings.steps,
      detail: `loss ${loss.toFixed(3)}`,
    });
  }
  await session.close();
  return folded(task.start, graph, { ...optimiser.averaged, ...statistics });
}

function startParameters(graph: TrainingGraph, start: Weights, random: Random): Record<string, Float32Array> {
  const entries = Object.entries(graph.trained).map(([name, shape]): [string, Float32Array] => {
    const values = name in HEAD_SHAPES ? freshHead(shape, random.fork(name)) : floatsOf(start, name);
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

function folded(
  start: Weights,
  graph: TrainingGraph,
  values: Readonly<Record<string, Float32Array>>,
): Weights {
  const tensor = (name: string, data: Float32Array): Tensor => ({
    element: 'float32',
    shape: start[name]?.shape ?? graph.trained[name] ?? [data.length],
    data: data.slice(),
  });
  const trained = Object.fromEntries(
    Object.entries(values).map(([name, data]) => [name, tensor(name, data)]),
  );
  const heads = Object.fromEntries(Object.keys(HEAD_SHAPES).map((name) => [name, trained[name] as Tensor]));
  return { ...foldNormalisation('mobilenet-v1', { ...start, ...trained }), ...heads };
}

/** Draws batches of slices with real hemorrhage, with inserted bleeds, of phantoms, and without any. */
function createBatches(copies: readonly KeptCopy[], { warmUp }: Recipe, random: Random) {
  const drawSlice = createSliceDraw(copies, warmUp, random);
  return async () => {
    const drawn = Array.from({ length: warmUp.batch }, (_, i) => drawSlice(i));
    const maps = new Uint8Array(drawn.length * SLICE_BYTES);
    for (const [i, { kept, slice }] of drawn.entries())
      maps.set(await readMaps(kept, SLICE_BYTES, slice), i * SLICE_BYTES);
    const targets = Float32Array.from(drawn.flatMap(({ kept, slice }) => kept.targets[slice] as number[]));
    const keep = 1 - warmUp.dropout;
    const mask = Float32Array.from({ length: drawn.length * MOBILENET_SETTINGS.features }, () =>
      random.chance(keep) ? 1 / keep : 0,
    );
    return stepFeeds(maps, MAP_SHAPE, targets, mask);
  };
}

interface DrawnSlice {
  readonly kept: KeptCopy;
  readonly slice: number;
  readonly bleeds: boolean;
}

/** The slice at a place of a batch: real bleeds first, then inserted ones, phantoms, and healthy ones. */
function createSliceDraw(
  copies: readonly KeptCopy[],
  { real, inserted, phantoms }: Recipe['warmUp'],
  random: Random,
): (place: number) => DrawnSlice {
  const slices = copies.flatMap((kept) =>
    kept.targets.map((row, slice): DrawnSlice => ({ kept, slice, bleeds: row[0] === 1 })),
  );
  const isPhantom = ({ kept }: DrawnSlice) => kept.study.source === PHANTOM_SOURCE;
  const [ofPhantoms, own] = [slices.filter(isPhantom), slices.filter((s) => !isPhantom(s))];
  const drawReal = drawByPatient(
    own.filter((s) => s.bleeds && !s.kept.copy.bleeds),
    random,
  );
  const withInserted = own.filter((s) => s.bleeds && s.kept.copy.bleeds);
  // Those of copies with inserted bleeds as well: how a copy was transformed must not tell whether it bleeds
  const healthy = own.filter((s) => !s.bleeds);
  const phantomSlices = (bleeds: boolean) => ofPhantoms.filter((s) => s.bleeds === bleeds);
  const [bleedingPhantoms, healthyPhantoms] = [phantomSlices(true), phantomSlices(false)];
  const pickOr = (choices: readonly DrawnSlice[]) => random.pick(choices.length > 0 ? choices : healthy);
  return (place) => {
    if (place < real) return drawReal();
    if (place < real + inserted) return pickOr(withInserted);
    if (place >= real + inserted + phantoms) return random.pick(healthy);
    return pickOr(random.chance(0.5) ? bleedingPhantoms : healthyPhantoms);
  };
}

/** A patient's chance grows with the root of its bleeding slices: long bleeds do not drown the short ones. */
function drawByPatient(slices: readonly DrawnSlice[], random: Random): () => DrawnSlice {
  const byPatient = Map.groupBy(slices, (s) => s.kept.study.patient);
  const patients = [...byPatient.keys()];
  const roots = patients.map((p) => Math.sqrt(byPatient.get(p)?.length ?? 0));
  return () => random.pick(byPatient.get(pickWeighted(patients, roots, random)) ?? slices);
}

export function pickWeighted<T>(choices: readonly T[], weights: readonly number[], random: Random): T {
  let left = random.uniform(
    0,
    weights.reduce((a, b) => a + b, 0),
  );
  for (const [i, weight] of weights.entries()) {
    left -= weight;
    if (left <= 0) return choices[i] as T;
  }
  return choices.at(-1) as T;
}

/** Throws `training-diverged` when the loss is no number. */
export function lossOf(result: Tensor | undefined): number {
  const loss = Number(result?.data[0]);
  if (Number.isFinite(loss)) return loss;
  throw new IchorError('training-diverged', `the loss is ${loss}: start again with a lower rate`);
}
