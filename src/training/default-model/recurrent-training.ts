import type { ProgressListener, Random, Runtime, Tensor } from '../../base/index.ts';
import {
  initialiseWeights,
  MOBILENET_SETTINGS,
  TASK_NAMES,
  type TaskName,
  type Weights,
} from '../../network/index.ts';
import { createOptimiser, rateAt } from './adam.ts';
import type { Recipe, RecurrentSettings } from './recipe.ts';
import { maskFeeds, RECURRENT_PARAMETERS, recurrentStep, targetFeeds } from './recurrent-graph.ts';
import { startAsCnn } from './recurrent-start.ts';
import { lossOf, pickWeighted } from './warm-up.ts';

/** The features of one copy of a series, with its targets. */
export interface SeriesFeatures {
  features(): Promise<Float32Array>;
  readonly targets: readonly (readonly number[])[];
  readonly origin: 'real' | 'inserted' | 'phantom';
}

export interface RecurrentTask {
  readonly runtime: Runtime;
  readonly recipe: Recipe;
  readonly series: readonly SeriesFeatures[];
  /** Among them `warmUp/...`: what gives the CNN's own logits. */
  readonly cnn: Weights;
  readonly random: Random;
  readonly seed: number;
  readonly onProgress?: ProgressListener;
  readonly log?: (entry: Readonly<Record<string, number>>) => void;
}

const SETTINGS = { largestNorm: 1, averageDecay: 0.99 };

/** Trains both recurrent parts on whole series, each for its own steps; gives their weights. */
export async function trainRecurrent(task: RecurrentTask): Promise<Weights> {
  const { recurrent } = task.recipe;
  const session = await task.runtime.load(recurrentStep(), { name: 'recurrent step' });
  const start = startAsCnn(initialiseWeights(RECURRENT_PARAMETERS, task.seed), task.cnn);
  const trainers = TASK_NAMES.map((name) => createTrainer(name, start, recurrent));
  const parameters = Object.assign({}, ...trainers.map((trainer) => trainer.parameters));
  const draw = drawSeries(task);
  const total = Math.max(...TASK_NAMES.map((name) => recurrent[name].steps));
  for (let step = 0; step < total; step++) {
    const results = await session.run({
      ...(await feedsOf(draw(), task.random, recurrent.featureDropout)),
      ...asTensors(start, parameters),
    });
    const loss = lossOf(results.loss);
    for (const trainer of trainers) trainer.step(results, step);
    task.log?.({ step: step + 1, loss });
    task.onProgress?.({
      task: 'training the recurrent parts',
      done: step + 1,
      total,
      detail: `loss ${loss.toFixed(3)}`,
    });
  }
  await session.close();
  return asTensors(start, Object.assign({}, ...trainers.map((trainer) => trainer.averaged)));
}

/** One network's recurrent part with its own optimiser; after its last step it stays as it is. */
function createTrainer(name: TaskName, start: Weights, recurrent: RecurrentSettings) {
  const own = Object.entries(start).filter(([parameter]) => parameter.startsWith(`${name}/`));
  const parameters = Object.fromEntries(
    own.map(([parameter, { data }]) => [parameter, Float32Array.from(data as Float32Array)]),
  );
  const optimiser = createOptimiser(parameters, { ...SETTINGS, weightDecay: recurrent.weightDecay });
  const { steps, rate } = recurrent[name];
  const step = (results: Readonly<Record<string, Tensor>>, at: number): void => {
    if (at >= steps) return;
    const slopes = Object.keys(parameters).map((parameter) => [
      parameter,
      results[`gradient/${parameter}`]?.data as Float32Array,
    ]);
    optimiser.step(Object.fromEntries(slopes), rateAt(at, steps, rate));
  };
  return { parameters, step, averaged: optimiser.averaged };
}

const asTensors = (like: Weights, values: Readonly<Record<string, Float32Array>>): Record<string, Tensor> =>
  Object.fromEntries(
    Object.entries(values).map(([name, data]) => [
      name,
      { element: 'float32', shape: like[name]?.shape ?? [data.length], data },
    ]),
  );

/** Healthy, really bleeding, phantoms, and bleeding by our making, in the recipe's shares. */
function drawSeries({ series, recipe, random }: RecurrentTask): () => SeriesFeatures {
  const bleeds = (s: SeriesFeatures) => s.targets.some((row) => row[0] === 1);
  const { shares } = recipe.recurrent;
  const groups = [
    { share: shares.healthy, series: series.filter((s) => s.origin === 'real' && !bleeds(s)) },
    { share: shares.real, series: series.filter((s) => s.origin === 'real' && bleeds(s)) },
    { share: shares.phantoms, series: series.filter((s) => s.origin === 'phantom') },
    {
      share: 1 - shares.healthy - shares.real - shares.phantoms,
      series: series.filter((s) => s.origin === 'inserted' && bleeds(s)),
    },
  ].filter((group) => group.series.length > 0);
  const weights = groups.map(({ share }) => share);
  return () => random.pick(pickWeighted(groups, weights, random).series);
}

async function feedsOf(
  { features, targets }: SeriesFeatures,
  random: Random,
  featureDropout: number,
): Promise<Record<string, Tensor>> {
  const shape = [targets.length, MOBILENET_SETTINGS.features];
  return {
    features: { element: 'float32', shape, data: await features() },
    ...maskFeeds(targets.length, random, featureDropout),
    ...targetFeeds(targets),
  };
}
