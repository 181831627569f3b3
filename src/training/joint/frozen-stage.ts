import {
  createRandom,
  IchorError,
  type ProgressListener,
  type Random,
  type Runtime,
  type Session,
  type Tensor,
} from '../../base/index.ts';
import { type LabelledStudy, studyKey } from '../../cohort/index.ts';
import type { TaskName, Weights } from '../../network/index.ts';
import type { Preparation } from '../preparation.ts';
import { floatsOf, type OptimiserState, startOptimiser, stepOptimiser } from './adam.ts';
import { drawAffineMap, NO_CHANGE } from './augmentation.ts';
import { type TrainingGraphs, trainingGraphs } from './graphs.ts';
import type { RunLog } from './run-log.ts';
import { inChunks, mapTensor, paddedScan, run, type Tensors } from './scan-chunks.ts';
import { addGradients, type Gradients, gradientsOf, lossOf, refuseNotFinite } from './scan-step.ts';
import { loadScan, maskFeeds, targetFeeds } from './scans.ts';
import { frozenRateOf, networkOf, type TrainingSettings } from './settings.ts';
import { formOf } from './trained-network.ts';
import { validate } from './validation.ts';

export interface ReaderTraining {
  readonly runtime: Runtime;
  readonly settings: TrainingSettings;
  readonly task: TaskName;
  readonly training: readonly LabelledStudy[];
  readonly validation: readonly LabelledStudy[];
  readonly preparation: Preparation;
  readonly log: RunLog;
  readonly signal?: AbortSignal;
  readonly onProgress?: ProgressListener;
}

/** What the stage gives: of its epoch with the lowest validation loss. */
export interface TaughtReader {
  readonly weights: Weights;
  readonly loss: number;
}

/**
 * Before the epochs of a training whose convolutions are given: they stay as they are, and whatever reads them learns,
 * so that it does not pull them apart before it can read. Scans go through the convolutions once a copy, moved by the
 * augmentation but for the first; what they leave is kept, and a step takes milliseconds. A run that is stopped in this
 * stage begins it again, with the same result. Throws IchorError `aborted`, `training-diverged`.
 */
export async function teachReader(options: ReaderTraining, start: Weights): Promise<TaughtReader> {
  const { runtime, settings, task } = options;
  const graphs = trainingGraphs(settings, task);
  const bridges = createBridges(options, graphs, start);
  const [reader, judge] = await Promise.all([
    runtime.load(graphs.reader(), { name: `${task}: reader` }),
    runtime.load(graphs.judgeBridge(), { name: `${task}: judge of bridges` }),
  ]);
  try {
    return await runEpochs(options, start, bridges, { reader, judge });
  } finally {
    await Promise.all([bridges.close(), reader.close(), judge.close()]);
  }
}

interface Sessions {
  /** Loss and gradients. */
  readonly reader: Session;
  readonly judge: Session;
}

async function runEpochs(
  options: ReaderTraining,
  start: Weights,
  bridges: Bridges,
  { reader, judge }: Sessions,
): Promise<TaughtReader> {
  const { settings, task, validation, log } = options;
  const { epochs } = settings.frozen;
  let best: TaughtReader | undefined;
  let state = startOptimiser(start);
  for (let epoch = 0; epoch < epochs; epoch++) {
    const pass = await passOver(options, epoch, state, bridges, reader);
    state = pass.state;
    const { loss } = await validate(judged(validation, task, state.weights, bridges, judge), task);
    if (best === undefined || loss < best.loss) best = { loss, weights: copied(state.weights) };
    const losses = { trainingLoss: pass.loss, validationLoss: loss };
    await log.write({ kind: 'frozen-epoch', task, epoch, ...losses });
  }
  return best as TaughtReader;
}

/** One epoch over the training scans; `loss` is their mean. */
async function passOver(
  options: ReaderTraining,
  epoch: number,
  from: OptimiserState,
  bridges: Bridges,
  reader: Session,
): Promise<{ state: OptimiserState; loss: number }> {
  const { settings, task, training } = options;
  const random = createRandom(settings.seed).fork(task).fork(`frozen epoch ${epoch}`);
  const rate = frozenRateOf(settings, epoch);
  let [state, sums, lossSum] = [from, {} as Gradients, 0];
  for (const [i, study] of random.fork('order').shuffle(training).entries()) {
    refuseAborted(options);
    const { loss, gradients } = await stepOn(options, study, bridges, reader, state.weights, random);
    lossSum += loss;
    addGradients(sums, gradients);
    refuseNotFinite(sums, { study });
    options.onProgress?.({
      task: `training ${task}, convolutions frozen`,
      done: epoch * training.length + i + 1,
      total: settings.frozen.epochs * training.length,
      detail: `loss ${(lossSum / (i + 1)).toFixed(4)}`,
    });
    const summed = (i % settings.scansAStep) + 1;
    if (summed < settings.scansAStep && i + 1 < training.length) continue;
    state = stepOptimiser(state, sums, summed, () => rate, settings);
    sums = {};
  }
  return { state, loss: lossSum / training.length };
}

async function stepOn(
  { settings, task }: ReaderTraining,
  study: LabelledStudy,
  bridges: Bridges,
  reader: Session,
  weights: Weights,
  epoch: Random,
): Promise<{ loss: number; gradients: Gradients }> {
  const random = epoch.fork(studyKey(study));
  const bridge = await bridges.of(study, random.integer(0, settings.frozen.copies - 1));
  const masks = maskFeeds(bridge.shape[0] as number, networkOf(settings), random.fork('dropout'));
  const { loss, ...found } = await run(reader, { bridge, ...targetFeeds(study, task), ...masks, ...weights });
  return { loss: lossOf(loss, { study }), gradients: gradientsOf(found) };
}

async function* judged(
  studies: readonly LabelledStudy[],
  task: TaskName,
  weights: Weights,
  bridges: Bridges,
  judge: Session,
) {
  for (const study of studies) {
    const feeds = { bridge: await bridges.of(study, 0), ...targetFeeds(study, task), ...weights };
    const { loss, subjectLogits } = await run(judge, feeds);
    const judgement = { loss: lossOf(loss, { study }), subjectLogits: floatsOf(subjectLogits) };
    yield { study, judgement };
  }
}

/** What the frozen convolutions leave of a scan's copies; the first copy is the scan as it is. */
interface Bridges {
  of(study: LabelledStudy, copy: number): Promise<Tensor>;
  close(): Promise<void>;
}

/** So much is kept; what is beyond goes through the convolutions each time. */
const MOST_KEPT_BYTES = 2 ** 31;

function createBridges(options: ReaderTraining, graphs: TrainingGraphs, weights: Weights): Bridges {
  const { runtime, settings, task, preparation } = options;
  const isWhole = formOf(settings, task).sees === 'scan';
  const sessions = new Map<string, Promise<Session>>();
  const sessionOf = (slices: number | 'slices'): Promise<Session> => {
    const name = `${task}: bridge of ${slices}`;
    const found = sessions.get(name) ?? runtime.load(graphs.bridge(slices), { name });
    sessions.set(name, found);
    return found;
  };
  const compute = async (study: LabelledStudy, copy: number): Promise<Tensor> => {
    const loaded = await loadScan(study, preparation);
    const scan = isWhole ? paddedScan(loaded) : loaded;
    const random = createRandom(settings.seed).fork(task).fork(`frozen copy ${copy}`).fork(studyKey(study));
    const map = mapTensor(copy === 0 ? NO_CHANGE : drawAffineMap(settings.augmentation, random));
    const feeds: Tensors = { map, ...weights };
    const session = await sessionOf(isWhole ? scan.slices : 'slices');
    return inChunks(session, scan, isWhole ? scan.slices : settings.chunk, feeds);
  };
  const kept = new Map<string, Tensor>();
  let bytes = 0;
  return {
    of: async (study, copy) => {
      const key = `${studyKey(study)}, copy ${copy}`;
      const found = kept.get(key) ?? (await compute(study, copy));
      if (!kept.has(key) && bytes < MOST_KEPT_BYTES) {
        kept.set(key, found);
        bytes += 4 * found.data.length;
      }
      return found;
    },
    close: async () => {
      for (const session of sessions.values()) await (await session.catch(() => undefined))?.close();
    },
  };
}

/** Off the shared memory that the next step changes. */
const copied = (weights: Weights): Weights =>
  Object.fromEntries(
    Object.entries(weights).map(([name, tensor]) => [
      name,
      { element: 'float32' as const, shape: tensor.shape, data: Float32Array.from(floatsOf(tensor)) },
    ]),
  );

function refuseAborted({ signal }: ReaderTraining): void {
  if (signal?.aborted)
    throw new IchorError(
      'aborted',
      'stopped before the first epoch; the same command begins again (ichor train: with --resume)',
    );
}
