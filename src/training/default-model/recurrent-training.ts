import {
  floatsOf,
  IchorError,
  type ProgressListener,
  type Random,
  type Runtime,
  type Tensor,
} from '../../base/index.ts';
import {
  hearsCnn,
  initialiseWeights,
  MOBILENET_SETTINGS,
  type TaskName,
  type Weights,
} from '../../network/index.ts';
import { floatTensor, subjectMarks, targetFeeds } from '../common/feeds.ts';
import { meanWeights } from './mean-weights.ts';
import { networkOf, type Recipe } from './recipe.ts';
import { bothParameters, maskFeeds, recurrentStep } from './recurrent-graph.ts';
import { cnnHeads, startAsCnn } from './recurrent-start.ts';
import { pickWeighted } from './slice-batches.ts';
import { keptTraining } from './steps-checkpoint.ts';
import { takeSteps } from './training-steps.ts';

/** The features of one copy of a series, with its targets. */
export interface SeriesFeatures {
  features(): Promise<Float32Array>;
  readonly targets: readonly (readonly number[])[];
  readonly origin: 'real' | 'inserted' | 'phantom' | 'quiet';
}

export interface RecurrentTask {
  readonly runtime: Runtime;
  readonly recipe: Recipe;
  readonly series: readonly SeriesFeatures[];
  /** Among them `warmUp/...`: what gives the CNN's own logits. */
  readonly cnn: Weights;
  readonly random: Random;
  readonly seed: number;
  /** Each run of a part is kept in a file that begins so; without it, nothing is. */
  readonly stem?: string;
  readonly onProgress?: ProgressListener;
  readonly log?: (entry: Readonly<Record<string, number | string>>) => void;
}

const bleeds = ({ targets }: SeriesFeatures): boolean => targets.some((row) => row[0] === 1);

const OPTIMISER = { largestNorm: 1, averageDecay: 0.99 };

/**
 * Trains both recurrent parts on whole series, the five-type one on bleeding ones; gives their weights, each the mean of
 * its runs.
 */
export async function trainRecurrent(task: RecurrentTask): Promise<Weights> {
  const network = trainedNetwork(task.recipe);
  const start = startAsCnn(initialiseWeights(bothParameters(network), task.seed), task.cnn, network);
  const bleeding = task.series.filter(bleeds);
  if (bleeding.length === 0)
    throw new IchorError('no-hemorrhage', 'no series bleeds: the subtypes cannot be learnt');
  const twoType = await trainRuns('twoType', start, task);
  const fiveType = await trainRuns('fiveType', start, { ...task, series: bleeding });
  const parts = { ...withSubjectOffset(twoType, task.recipe.recurrent.subjectOffset), ...fiveType };
  return hearsCnn(networkOf(task.recipe)) ? { ...parts, ...cnnHeads(task.cnn) } : parts;
}

/** Without the CNN's opinion, which has seen these series: what the recurrent part learns would only be what that lacks on them. */
const trainedNetwork = (recipe: Recipe) => ({ ...networkOf(recipe), sliceReads: undefined });

const SUBJECT_BIAS = 'twoType/subjectHead/bias';

/** The two-type outputs are [no ICH, ICH]: what one gains the other loses. */
function withSubjectOffset(twoType: Weights, offset: number): Weights {
  const data = floatsOf(twoType, SUBJECT_BIAS).map((b, output) => b + (output === 1 ? offset : -offset));
  return { ...twoType, [SUBJECT_BIAS]: floatTensor([data.length], data) };
}

async function trainRuns(name: TaskName, start: Weights, task: RecurrentTask): Promise<Weights> {
  const trained: Weights[] = [];
  for (let run = 1; run <= task.recipe.recurrent[name].runs; run++) {
    const train = (checkpointFile?: string) => trainPart({ name, run, start, checkpointFile }, task);
    trained.push(await (task.stem ? keptTraining(`${task.stem}.${name}-${run}.weights`, train) : train()));
  }
  return meanWeights(trained);
}

interface PartRun {
  readonly name: TaskName;
  /** From 1. */
  readonly run: number;
  readonly start: Weights;
  readonly checkpointFile: string | undefined;
}

async function trainPart({ name, run, start, ...part }: PartRun, task: RecurrentTask): Promise<Weights> {
  const { recurrent } = task.recipe;
  const { runs } = recurrent[name];
  const of = runs === 1 ? '' : `, ${run} of ${runs}`;
  const random = task.random.fork(run === 1 ? name : `${name} ${run}`);
  const session = await task.runtime.load(recurrentStep(trainedNetwork(task.recipe), name), {
    name: `${name} step`,
  });
  const own = Object.entries(start).filter(([parameter]) => parameter.startsWith(`${name}/`));
  const { checkpointFile: file } = part;
  const draw = drawSeries({ ...task, random });
  const nextFeeds = async (): Promise<Record<string, Tensor>> => {
    const { features, targets } = draw();
    const shape = [targets.length, MOBILENET_SETTINGS.features];
    return {
      features: floatTensor(shape, await features()),
      ...maskFeeds(targets.length, random, recurrent.featureDropout),
      ...targetFeeds(name, { subject: subjectMarks(targets), slices: targets }),
    };
  };
  try {
    return await takeSteps({
      ...task,
      ...recurrent[name],
      session,
      parameters: Object.fromEntries(own),
      optimiser: { ...OPTIMISER, weightDecay: recurrent.weightDecay },
      nextFeeds,
      checkpoint: file === undefined ? undefined : { file, random },
      name: `training the ${name === 'twoType' ? 'two' : 'five'}-type recurrent part${of}`,
      log: (entry) => task.log?.({ part: name, run, ...entry }),
    });
  } finally {
    await session.close();
  }
}

/** Healthy, really bleeding, phantoms, those with little noise, and bleeding by our making, in the recipe's shares. */
function drawSeries({ series, recipe, random }: RecurrentTask): () => SeriesFeatures {
  const { healthy, real, phantoms, quiet = 0 } = recipe.recurrent.shares;
  const groups = [
    { share: healthy, series: series.filter((s) => s.origin === 'real' && !bleeds(s)) },
    { share: real, series: series.filter((s) => s.origin === 'real' && bleeds(s)) },
    { share: phantoms, series: series.filter((s) => s.origin === 'phantom') },
    { share: quiet, series: series.filter((s) => s.origin === 'quiet') },
    {
      share: 1 - healthy - real - phantoms - quiet,
      series: series.filter((s) => s.origin === 'inserted' && bleeds(s)),
    },
  ].filter((group) => group.series.length > 0);
  const weights = groups.map(({ share }) => share);
  return () => random.pick(pickWeighted(groups, weights, random).series);
}
