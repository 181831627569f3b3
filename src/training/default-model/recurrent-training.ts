import type { ProgressListener, Random, Runtime, Tensor } from '../../base/index.ts';
import { initialiseWeights, MOBILENET_SETTINGS, type Weights } from '../../network/index.ts';
import { createOptimiser, rateAt } from './adam.ts';
import type { Recipe } from './recipe.ts';
import { maskFeeds, RECURRENT_PARAMETERS, recurrentStep, targetFeeds } from './recurrent-graph.ts';
import { startAsCnn } from './recurrent-start.ts';
import { lossOf, pickWeighted } from './warm-up.ts';

/** The features of one copy of a series, with its targets. */
export interface SeriesFeatures {
  readonly features: Float32Array;
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

/** Trains both recurrent parts on whole series; gives their weights. */
export async function trainRecurrent(task: RecurrentTask): Promise<Weights> {
  const { recurrent } = task.recipe;
  const session = await task.runtime.load(recurrentStep(), { name: 'recurrent step' });
  const start = startAsCnn(initialiseWeights(RECURRENT_PARAMETERS, task.seed), task.cnn);
  const parameters = Object.fromEntries(
    Object.entries(start).map(([name, tensor]) => [name, Float32Array.from(tensor.data as Float32Array)]),
  );
  const optimiser = createOptimiser(parameters, { ...SETTINGS, weightDecay: recurrent.weightDecay });
  const draw = drawSeries(task);
  for (let step = 0; step < recurrent.steps; step++) {
    const results = await session.run({
      ...feedsOf(draw(), task.random, recurrent.featureDropout),
      ...asTensors(start, parameters),
    });
    const loss = lossOf(results.loss);
    const slopes = Object.keys(parameters).map(
      (n) => [n, results[`gradient/${n}`]?.data as Float32Array] as const,
    );
    optimiser.step(Object.fromEntries(slopes), rateAt(step, recurrent.steps, recurrent.rate));
    task.log?.({ step: step + 1, loss });
    task.onProgress?.({
      task: 'training the recurrent parts',
      done: step + 1,
      total: recurrent.steps,
      detail: `loss ${loss.toFixed(3)}`,
    });
  }
  await session.close();
  return asTensors(start, optimiser.averaged);
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

function feedsOf(
  { features, targets }: SeriesFeatures,
  random: Random,
  featureDropout: number,
): Record<string, Tensor> {
  const shape = [targets.length, MOBILENET_SETTINGS.features];
  return {
    features: { element: 'float32', shape, data: features },
    ...maskFeeds(targets.length, random, featureDropout),
    ...targetFeeds(targets),
  };
}
