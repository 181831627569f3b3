import path from 'node:path';
import { createRandom, IchorError, type Random } from '../../base/index.ts';
import { studyKey } from '../../cohort/index.ts';
import { checkWeights, initialiseWeights, type Weights } from '../../network/index.ts';
import { gruMaskFeeds } from '../common/feeds.ts';
import { addGradients, type Gradients, meanGradients } from '../common/gradients.ts';
import { restoreOptimiser, startOptimiser, stepOptimiser } from '../common/optimiser.ts';
import { readWeights } from '../weights-file.ts';
import { drawAffineMap } from './augmentation.ts';
import { type Best, bestWeightsFile, writeBestWeights } from './best-weights.ts';
import {
  type Checkpoint,
  type Position,
  readCheckpoint,
  startPosition,
  writeCheckpoint,
} from './checkpoint.ts';
import { explainFault } from './explain-fault.ts';
import { trainFrozenStage } from './frozen-stage.ts';
import type { EpochEntry } from './log-entry.ts';
import { scaleToScans } from './scaled-start.ts';
import { createScanStepper, refuseNotFinite, type ScanStepper } from './scan-step.ts';
import { loadScan, type Scan, scansInOrder, studyTargets } from './scans.ts';
import { hasFrozenStage, networkOf, ofEpochs, rateOf, type TrainingSettings } from './settings.ts';
import type { StartingWeights } from './starting-weights.ts';
import { ratesOf } from './trained-network.ts';
import { refuseAborted, type TrainingStage } from './training-stage.ts';
import { validate } from './validation.ts';

export interface NetworkTraining extends TrainingStage {
  /** Holds `<task>.checkpoint` and `<task>.best.weights`. */
  readonly folder: string;
  /** Fingerprint of settings, split and data: a checkpoint of another run is refused. */
  readonly run: string;
  readonly start?: StartingWeights;
  /** Seconds between two checkpoints within an epoch. */
  readonly checkpointSeconds: number;
  /** At each epoch's end, once its checkpoint is on disk. */
  readonly onEpoch?: (epoch: EndedEpoch) => void;
}

/** An epoch's figures, and how long it took this process with its validation. */
export interface EndedEpoch extends EpochEntry {
  readonly seconds: number;
}

export interface TrainedNetwork {
  /** Of the epoch with the lowest validation loss. */
  readonly weights: Weights;
  readonly best: Best;
  readonly epochs: number;
  readonly ended: NonNullable<Position['ended']>;
}

/**
 * Trains one network until its patience or its epochs end, from its last checkpoint where there is one: whatever is
 * drawn depends on seed, epoch and scan alone, so a resumed run goes on bit for bit. Throws IchorError `aborted` (with
 * a checkpoint on disk), `training-diverged`, `no-training-scans`.
 */
export async function trainNetwork(options: NetworkTraining): Promise<TrainedNetwork> {
  refuseEmpty(options);
  const stepper = createScanStepper(options.runtime, options.form);
  try {
    const start = await startOrResume(options);
    let checkpoint = await afterFrozenStage(options, start).catch((thrown) =>
      explainFault(thrown, options, 'frozen'),
    );
    while (checkpoint.position.ended === undefined)
      checkpoint = await runEpoch(options, stepper, checkpoint).catch((thrown) =>
        explainFault(thrown, options, 'epochs'),
      );
    const { best, ended, epoch } = checkpoint.position;
    const weights = await readWeights(bestFile(options));
    return { weights, best: best as Best, ended, epochs: epoch };
  } finally {
    await stepper.close();
  }
}

/** Enough for the moments of a channel: some dozens of slices. */
const SCANS_OF_A_START = 4;

const checkpointFile = ({ folder, form }: NetworkTraining) => path.join(folder, `${form.task}.checkpoint`);
const bestFile = ({ folder, form }: NetworkTraining) => bestWeightsFile(folder, form.task);

async function startOrResume(options: NetworkTraining): Promise<Checkpoint> {
  const { form, run } = options;
  const { settings, task, specs } = form;
  const found = await readCheckpoint(checkpointFile(options), `${run}/${task}`);
  await options.log.keepUntil(task, found?.position);
  if (found) return { position: reopened(found.position, settings), state: restoreOptimiser(found.state) };
  const given = (await options.start?.of(task)) ?? {};
  const drawn = { ...initialiseWeights(specs, settings.seed), ...given };
  checkWeights(specs, drawn);
  const started = settings.initialisation === 'scaled' ? await scaled(options, drawn, given) : drawn;
  const position = startPosition(`${run}/${task}`);
  const state = startOptimiser(started);
  if (!hasFrozenStage(settings)) return { position, state };
  const checkpoint = { position: { ...position, frozenEpochs: 0 }, state };
  await writeCheckpoint(checkpointFile(options), checkpoint);
  return checkpoint;
}

/** A training that its epochs cut goes on where more are asked for. */
function reopened({ ended, ...position }: Position, { mostEpochs }: TrainingSettings): Position {
  const goesOn = ended === undefined || (ended === 'most-epochs' && position.epoch < mostEpochs);
  return goesOn ? position : { ...position, ended };
}

/** Where the checkpoint lies in the stage before the epochs, from there to its end. */
async function afterFrozenStage(options: NetworkTraining, from: Checkpoint): Promise<Checkpoint> {
  if (from.position.frozenEpochs === undefined) return from;
  const file = checkpointFile(options);
  let keptAt = Date.now();
  const files = {
    keep: async (checkpoint: Checkpoint) => {
      const isDue = Date.now() - keptAt >= 1000 * options.checkpointSeconds;
      if (!isDue && !options.signal?.aborted) return;
      await writeCheckpoint(file, checkpoint);
      keptAt = Date.now();
    },
    keepBest: (weights: Weights, best: Best) => writeBestWeights(bestFile(options), weights, best),
    readBest: () => readWeights(bestFile(options)),
  };
  const checkpoint = await trainFrozenStage(options, from, files);
  await writeCheckpoint(file, checkpoint);
  return checkpoint;
}

/** Fitted to the first training scans. */
async function scaled(options: NetworkTraining, drawn: Weights, given: Weights): Promise<Weights> {
  const studies = options.training.slice(0, SCANS_OF_A_START);
  const scans = await Promise.all(studies.map((study) => loadScan(study, options.preparation)));
  return scaleToScans(options.runtime, options.form, scans, drawn, given);
}

/** One pass over the training scans, then the validation scans; goes on within an epoch where a checkpoint lies in it. */
async function runEpoch(
  options: NetworkTraining,
  stepper: ScanStepper,
  from: Checkpoint,
): Promise<Checkpoint> {
  const { form, training, preparation, log } = options;
  const { settings, task } = form;
  const random = createRandom(settings.seed).fork(task).fork(`epoch ${from.position.epoch}`);
  const order = random.fork('order').shuffle(training);
  const ofEpoch = ofEpochs(settings);
  const rates = ratesOf(form, { ...ofEpoch, rate: rateOf(ofEpoch, from.position.epoch) });
  let { position, state } = from;
  // After the last step of Adam: between two of them there is no checkpoint
  let kept = from;
  let sums: Gradients = {};
  let keptAt = Date.now();
  const startedAt = performance.now();
  let [waitedMs, waitsSince] = [0, startedAt];
  for await (const scan of scansInOrder(order.slice(position.scans), preparation)) {
    waitedMs += performance.now() - waitsSince;
    await stopIfAborted(options, kept);
    const feeds = drawFeeds(options, scan, random.fork(studyKey(scan.study)));
    const { loss, gradients } = await stepper.step(scan, state.weights, feeds);
    addGradients(sums, gradients);
    refuseNotFinite(sums, scan);
    position = { ...position, scans: position.scans + 1, lossSum: position.lossSum + loss };
    await log.write({ kind: 'scan', task, epoch: position.epoch, scan: position.scans, loss });
    const last = position.scans === order.length;
    if (position.scans % settings.scansAStep === 0 || last) {
      const summed = ((position.scans - 1) % settings.scansAStep) + 1;
      state = stepOptimiser(state, meanGradients(sums, summed), rates, settings);
      sums = {};
      position = { ...position, steps: state.steps };
      kept = { position, state };
      if (!last && Date.now() - keptAt >= 1000 * options.checkpointSeconds) {
        await writeCheckpoint(checkpointFile(options), kept);
        keptAt = Date.now();
      }
    }
    options.onProgress?.({
      task: `training ${task}, epoch ${position.epoch + 1}`,
      done: position.scans,
      total: order.length,
      detail: `loss ${(position.lossSum / position.scans).toFixed(4)}`,
    });
    waitsSince = performance.now();
  }
  const ms = performance.now() - startedAt;
  await log.writeTiming({ task, epoch: position.epoch, seconds: ms / 1000, computeBusy: 1 - waitedMs / ms });
  return endEpoch(options, stepper, kept, startedAt);
}

function drawFeeds({ form: { settings, task } }: NetworkTraining, scan: Scan, random: Random) {
  return {
    map: drawAffineMap(settings.augmentation, random.fork('map')),
    targets: studyTargets(scan.study, task),
    masks: gruMaskFeeds(scan.slices, networkOf(settings), random.fork('dropout')),
  };
}

async function endEpoch(
  options: NetworkTraining,
  stepper: ScanStepper,
  { position, state }: Checkpoint,
  startedAt: number,
): Promise<Checkpoint> {
  const { settings, task } = options.form;
  const found = await validate(judged(options, stepper, { position, state }), task);
  const improved = position.best === undefined || found.loss < position.best.loss;
  const best = improved ? { epoch: position.epoch, loss: found.loss } : (position.best as Best);
  if (improved) await writeBestWeights(bestFile(options), state.weights, best);
  const epoch = position.epoch + 1;
  const trainingLoss = position.lossSum / position.scans;
  const ended =
    epoch - 1 - best.epoch >= settings.patienceEpochs
      ? 'patience'
      : epoch >= settings.mostEpochs
        ? 'most-epochs'
        : undefined;
  const next: Position = { ...position, epoch, scans: 0, lossSum: 0, best, ...(ended && { ended }) };
  const entry: EpochEntry = {
    kind: 'epoch',
    task,
    epoch: position.epoch,
    trainingLoss,
    validationLoss: found.loss,
    ...(found.subjectAuc !== undefined && { validationSubjectAuc: found.subjectAuc }),
    rate: rateOf(ofEpochs(settings), position.epoch),
    best: best.epoch,
  };
  await options.log.write(entry);
  await writeCheckpoint(checkpointFile(options), { position: next, state });
  options.onEpoch?.({ ...entry, seconds: (performance.now() - startedAt) / 1000 });
  return { position: next, state };
}

async function* judged(options: NetworkTraining, stepper: ScanStepper, kept: Checkpoint) {
  const { validation, preparation, form } = options;
  for await (const scan of scansInOrder(validation, preparation)) {
    await stopIfAborted(options, kept);
    const targets = studyTargets(scan.study, form.task);
    yield { targets, judgement: await stepper.judge(scan, kept.state.weights, targets) };
  }
}

async function stopIfAborted(options: NetworkTraining, kept: Checkpoint): Promise<void> {
  if (!options.signal?.aborted) return;
  await writeCheckpoint(checkpointFile(options), kept);
  refuseAborted(options);
}

function refuseEmpty({ form: { task }, training, validation }: NetworkTraining): void {
  const lacking = training.length === 0 ? 'train' : validation.length === 0 ? 'validate' : undefined;
  if (lacking === undefined) return;
  const whose = task === 'fiveType' ? 'subjects with hemorrhage' : 'subjects';
  throw new IchorError(
    'no-training-scans',
    `the cohort has no ${whose} to ${lacking} the ${task} network with`,
  );
}
