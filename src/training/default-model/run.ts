import {
  at,
  createRandom,
  floatsOf,
  IchorError,
  type ProgressListener,
  type Random,
  type Runtime,
  type Session,
} from '../../base/index.ts';
import {
  CNN_PLANS,
  convolutionNames,
  convolutionsOf,
  MOBILENET_SETTINGS,
  TASKS,
  type TaskName,
  trunkOf,
  type Weights,
} from '../../network/index.ts';
import { floatTensor } from '../common/feeds.ts';
import { type KeptCopy, readMaps } from './map-store.ts';
import { meanWeights } from './mean-weights.ts';
import { networkOf, type Recipe } from './recipe.ts';
import { logitNames, recurrentGraph } from './recurrent-graph.ts';
import { type SeriesFeatures, trainRecurrent } from './recurrent-training.ts';
import { PHANTOM_SOURCE } from './series-copy.ts';
import { sliceGridOf } from './slice-grid.ts';
import { keptTraining } from './steps-checkpoint.ts';
import { foldedWeights, trainWarmUp } from './warm-up.ts';
import { CLASSES, FEATURE_HEAD, featureGraph, SERVING_HEADS } from './warm-up-graph.ts';

const PHANTOM_STAGE_SEED = 1;

export interface RunTask {
  readonly runtime: Runtime;
  readonly recipe: Recipe;
  readonly start: Weights;
  /** What the CNN learnt on phantoms alone is kept here, for every run of the recipe. */
  readonly phantomCnnFile: string;
  /** Of the patients that train, and of phantoms. */
  readonly copies: readonly KeptCopy[];
  /** Of phantoms with little noise, which the stage on phantoms alone lacks. */
  readonly quietCopies: readonly KeptCopy[];
  readonly seed: number;
  /** What is trained is kept in files that begin so: a run that was stopped goes on. */
  readonly stem: string;
  readonly onProgress?: ProgressListener;
  readonly log?: (entry: Readonly<Record<string, number | string>>) => void;
}

/** A trained model, the convolutions folded: `conv1/weights`, ..., `dense/weights`, `twoType/gru1/...`. */
export interface TrainedRun {
  readonly weights: Weights;
}

/**
 * CNN on slices, first of phantoms alone, then both recurrent parts on series: the whole recipe for one set of patients
 * and one seed.
 */
export async function trainRun(task: RunTask): Promise<TrainedRun> {
  const random = createRandom(task.seed);
  const cnn = await trainedCnn(task, random.fork('warm-up'));
  const reader = await createReader(task.runtime, task.recipe, cnn);
  const { copies, phantomCopies } = task.recipe.recurrent;
  const drawn = task.copies.filter(
    ({ study, copy }) => copy.index < (study.source === PHANTOM_SOURCE ? phantomCopies : copies),
  );
  const seriesOf = (kept: KeptCopy, origin: SeriesFeatures['origin']): SeriesFeatures => {
    return { features: readOnce(reader, kept), targets: kept.targets, origin };
  };
  const series = [
    ...drawn.map((kept) => seriesOf(kept, originOf(kept))),
    ...task.quietCopies.map((kept) => seriesOf(kept, 'quiet')),
  ];
  const log = (entry: Readonly<Record<string, number | string>>) =>
    task.log?.({ stage: 'recurrent', ...entry });
  try {
    const recurrent = await trainRecurrent({ ...task, cnn, series, random: random.fork('recurrent'), log });
    return { weights: { ...cnn, ...recurrent } };
  } finally {
    await reader.close();
  }
}

/** What chance in the batches makes of one CNN, a bleed out of a calcification say, their mean does not keep. */
async function trainedCnn(task: RunTask, random: Random): Promise<Weights> {
  const { warmUps, warmUp: settings } = task.recipe;
  const start = await phantomCnn(task);
  const trained: Weights[] = [];
  for (let run = 1; run <= warmUps; run++) {
    const name = `training the CNN, ${run} of ${warmUps}`;
    const batches = random.fork(`batches ${run}`);
    const log = (entry: Readonly<Record<string, number>>) => task.log?.({ stage: 'cnn', run, ...entry });
    const warmUp = { ...task, name, start, settings, random, batches, log };
    const file = `${task.stem}.cnn-${run}.weights`;
    trained.push(await keptTraining(file, (checkpointFile) => trainWarmUp({ ...warmUp, checkpointFile })));
  }
  return foldedWeights(meanWeights(trained));
}

/** No patient is in it: all folds and seeds start from the same. Throws IchorError `phantoms-unmasked`. */
async function phantomCnn({ recipe, copies, ...task }: RunTask): Promise<Weights> {
  const file = task.phantomCnnFile;
  const phantoms = copies.filter(({ study }) => study.source === PHANTOM_SOURCE);
  if (phantoms.length === 0) return task.start;
  const unmasked = phantoms.find(({ cells }) => cells === undefined);
  if (unmasked !== undefined) {
    const text = `the manifest names no mask for phantom ${unmasked.study.study}: run ichor phantom on its folder again`;
    throw new IchorError('phantoms-unmasked', text);
  }
  const { phantomStage: settings } = recipe;
  const log = (entry: Readonly<Record<string, number>>) => task.log?.({ stage: 'phantoms', ...entry });
  const random = createRandom(PHANTOM_STAGE_SEED);
  const name = 'training the CNN on phantoms';
  const batches = random.fork('batches');
  const warmUp = { ...task, recipe, name, copies: phantoms, settings, random, batches, log };
  return keptTraining(file, (checkpointFile) => trainWarmUp({ ...warmUp, checkpointFile }));
}

/** Only the copies that are drawn go through the CNN, each once. */
function readOnce(reader: Awaited<ReturnType<typeof createReader>>, kept: KeptCopy) {
  let features: Promise<Float32Array> | undefined;
  return () => {
    features ??= reader.read(kept).then((reading) => reading.features);
    return features;
  };
}

const originOf = ({ study, copy }: KeptCopy): SeriesFeatures['origin'] => {
  if (study.source === PHANTOM_SOURCE) return 'phantom';
  return copy.bleeds ? 'inserted' : 'real';
};

export interface Reading {
  /** [slices, 256]. */
  readonly features: Float32Array;
  /** [slices, 6]: of the CNN alone. */
  readonly logits: Float32Array;
}

/** Kept maps through the trained upper convolutions. */
export async function createReader(runtime: Runtime, recipe: Recipe, weights: Weights) {
  const grid = sliceGridOf(recipe);
  const session = await runtime.load(featureGraph(recipe, weights), { name: 'features' });
  const read = async (kept: KeptCopy): Promise<Reading> => {
    const data = await readMaps(kept, grid);
    const results = await session.run({
      maps: { element: 'uint8', shape: [kept.targets.length, ...grid.mapShape], data },
    });
    return { features: floatsOf(results, 'features'), logits: floatsOf(results, 'logits') };
  };
  return { read, close: () => session.close() };
}

export interface SeriesLogits {
  readonly twoType: { readonly slices: number[]; readonly subject: number };
  readonly fiveType: { readonly slices: number[][]; readonly subject: number[] };
  /** The six of each slice, of the CNN alone. */
  readonly cnn: number[][];
}

/** What a trained run says of kept copies. */
export async function createJudge(runtime: Runtime, recipe: Recipe, { weights }: TrainedRun) {
  const reader = await createReader(runtime, recipe, weights);
  const recurrent = await runtime.load(recurrentGraph(networkOf(recipe), weights), { name: 'recurrent' });
  const judge = async (kept: KeptCopy): Promise<SeriesLogits> => {
    const { features, logits } = await reader.read(kept);
    return { ...(await askRecurrent(recurrent, features)), cnn: rowsOf(logits, CLASSES) };
  };
  return { judge, close: () => Promise.all([reader.close(), recurrent.close()]) };
}

async function askRecurrent(session: Session, features: Float32Array): Promise<Omit<SeriesLogits, 'cnn'>> {
  const { features: width } = MOBILENET_SETTINGS;
  const results = await session.run({ features: floatTensor([features.length / width, width], features) });
  const logitsOf = (task: TaskName) => {
    const [names, { outputs, positives }] = [logitNames(task), TASKS[task]];
    const ofPositives = (row: readonly number[]) => positives.map((output) => at(row, output));
    return {
      slices: rowsOf(floatsOf(results, names.slices), outputs).map(ofPositives),
      subject: ofPositives([...floatsOf(results, names.subject)]),
    };
  };
  const twoType = logitsOf('twoType');
  return {
    twoType: { slices: twoType.slices.map((row) => at(row, 0)), subject: at(twoType.subject, 0) },
    fiveType: logitsOf('fiveType'),
  };
}

const rowsOf = (data: Float32Array, width: number): number[][] =>
  Array.from({ length: data.length / width }, (_, i) => [...data.subarray(i * width, (i + 1) * width)]);

/** The trained tensors under the names that networks and model files use; the logits that served the CNN's training stay behind. */
export function networkWeights({ weights }: TrainedRun): Weights {
  const trunk = trunkOf(MOBILENET_SETTINGS, 'twoType');
  const ofCnn = convolutionsOf(CNN_PLANS[MOBILENET_SETTINGS.cnn]).flatMap(({ name }) => {
    const ours = convolutionNames(trunk, name);
    return [
      [`${name}/weights`, ours.weights],
      [`${name}/bias`, ours.bias],
    ] as const;
  });
  const ofHead = Object.keys(FEATURE_HEAD).map((name) => [name, `${trunk}/${name}`] as const);
  const renamed = new Map<string, string>([...ofCnn, ...ofHead]);
  return Object.fromEntries(
    Object.entries(weights).flatMap(([name, tensor]) =>
      name in SERVING_HEADS ? [] : [[renamed.get(name) ?? name, tensor]],
    ),
  );
}
