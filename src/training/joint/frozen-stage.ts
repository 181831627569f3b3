import { totalmem } from 'node:os';
import { at, createRandom, floatsOf, type Random, type Session } from '../../base/index.ts';
import { type LabelledStudy, studyKey } from '../../cohort/index.ts';
import type { Weights } from '../../network/index.ts';
import { gruMaskFeeds } from '../common/feeds.ts';
import { addGradients, type Gradients, gradientsOf, meanGradients } from '../common/gradients.ts';
import { type OptimiserState, startOptimiser, stepOptimiser } from '../common/optimiser.ts';
import type { Best } from './best-weights.ts';
import { type Checkpoint, FROZEN_STAGE, startPosition } from './checkpoint.ts';
import { createFrozenBridges, type FrozenBridges } from './frozen-bridges.ts';
import { frozenGraphs } from './graphs.ts';
import { run } from './scan-chunks.ts';
import { lossOfScan, refuseNotFinite } from './scan-step.ts';
import { studyTargets } from './scans.ts';
import { frozenRateOf, networkOf } from './settings.ts';
import { refuseAborted, type TrainingStage } from './training-stage.ts';
import { validate } from './validation.ts';

/** Where the stage keeps what must outlive a kill. */
export interface FrozenStageFiles {
  /** Called after each epoch. */
  keep(checkpoint: Checkpoint): Promise<void>;
  keepBest(weights: Weights, best: Best): Promise<void>;
  readBest(): Promise<Weights>;
}

/**
 * Before the epochs of the joint network from given convolutions: these stay as they are, and whatever reads them learns,
 * so that it does not pull them apart before it can read. Scans go through the convolutions once a copy, and what they
 * leave is kept. Goes on from a checkpoint within the stage, bit for bit; gives the one before the first epoch, with the
 * weights of the lowest validation loss. Throws IchorError `aborted`, `training-diverged`.
 */
export async function trainFrozenStage(
  options: TrainingStage,
  from: Checkpoint,
  files: FrozenStageFiles,
  mostKeptBytes = Math.min(2 ** 31, totalmem() / 8),
): Promise<Checkpoint> {
  const { runtime, form } = options;
  const { settings, task } = form;
  const graphs = frozenGraphs(form, runtime.device);
  const sessions: Session[] = [];
  const load = async (onnx: Uint8Array, name: string): Promise<Session> => {
    const session = await runtime.load(onnx, { name: `${task}: ${name}` });
    sessions.push(session);
    return session;
  };
  try {
    const convolutions = await load(graphs.convolutions(), 'convolutions');
    const bridges = createFrozenBridges(options, convolutions, from.state.weights, mostKeptBytes);
    const [step, judge] = [
      await load(graphs.step(), 'frozen step'),
      await load(graphs.judge(), 'frozen judge'),
    ];
    await bridges.fill();
    let checkpoint = from;
    while (frozenEpochsOf(checkpoint) < settings.frozen.epochs)
      checkpoint = await runFrozenEpoch(options, checkpoint, bridges, { step, judge }, files);
    return await beforeFirstEpoch(checkpoint, files);
  } finally {
    for (const session of sessions) await session.close();
  }
}

/** How many epochs a checkpoint within the stage has behind it. */
const frozenEpochsOf = ({ position }: Checkpoint): number => position.frozenEpochs ?? 0;

async function runFrozenEpoch(
  options: TrainingStage,
  from: Checkpoint,
  bridges: FrozenBridges,
  sessions: { readonly step: Session; readonly judge: Session },
  files: FrozenStageFiles,
): Promise<Checkpoint> {
  const { form, validation } = options;
  const { settings, task } = form;
  const epoch = frozenEpochsOf(from);
  const { state, loss: trainingLoss } = await passOver(options, epoch, from.state, bridges, sessions.step);
  const judgements = judged(options, validation, state.weights, bridges, sessions.judge);
  const { loss: validationLoss, subjectAuc } = await validate(judgements, task);
  const known = from.position.best;
  const best = known !== undefined && known.loss <= validationLoss ? known : { epoch, loss: validationLoss };
  if (best !== known) await files.keepBest(state.weights, { epoch: FROZEN_STAGE, loss: validationLoss });
  await options.log.write({
    kind: 'frozen-epoch',
    task,
    epoch,
    trainingLoss,
    validationLoss,
    ...(subjectAuc !== undefined && { validationSubjectAuc: subjectAuc }),
    rate: frozenRateOf(settings, epoch),
    best: best.epoch,
  });
  const position = { ...from.position, steps: state.steps, frozenEpochs: epoch + 1, best };
  const checkpoint = { position, state };
  await files.keep(checkpoint);
  return checkpoint;
}

const beforeFirstEpoch = async (
  { position: { run: name, best } }: Checkpoint,
  files: FrozenStageFiles,
): Promise<Checkpoint> => ({
  position: { ...startPosition(name), ...(best && { best: { ...best, epoch: FROZEN_STAGE } }) },
  state: startOptimiser(await files.readBest()),
});

/** One epoch over the training scans; `loss` is their mean. */
async function passOver(
  options: TrainingStage,
  epoch: number,
  from: OptimiserState,
  bridges: FrozenBridges,
  session: Session,
): Promise<{ state: OptimiserState; loss: number }> {
  const { form, training } = options;
  const { settings, task } = form;
  const random = createRandom(settings.seed).fork(task).fork(`frozen epoch ${epoch}`);
  const rate = frozenRateOf(settings, epoch);
  let [state, lossSum] = [from, 0];
  let sums: Gradients = {};
  for (const [i, study] of random.fork('order').shuffle(training).entries()) {
    refuseAborted(options);
    const { loss, gradients } = await stepOn(options, study, bridges, session, state.weights, random);
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
    state = stepOptimiser(state, meanGradients(sums, summed), () => rate, settings);
    sums = {};
  }
  return { state, loss: lossSum / training.length };
}

async function stepOn(
  { form: { settings, task } }: TrainingStage,
  study: LabelledStudy,
  bridges: FrozenBridges,
  session: Session,
  weights: Weights,
  epoch: Random,
): Promise<{ loss: number; gradients: Gradients }> {
  const random = epoch.fork(studyKey(study));
  const bridge = await bridges.of(study, random.integer(0, settings.frozen.copies - 1));
  const masks = gruMaskFeeds(at(bridge.shape, 0), networkOf(settings), random.fork('dropout'));
  const found = await run(session, {
    bridge,
    ...studyTargets(study, task),
    ...masks,
    ...weights,
  });
  return { loss: lossOfScan(found.loss, { study }), gradients: gradientsOf(found) };
}

async function* judged(
  options: TrainingStage,
  studies: readonly LabelledStudy[],
  weights: Weights,
  bridges: FrozenBridges,
  session: Session,
) {
  for (const study of studies) {
    refuseAborted(options);
    const targets = studyTargets(study, options.form.task);
    const found = await run(session, {
      bridge: await bridges.of(study, 0),
      ...targets,
      ...weights,
    });
    const subjectLogits = floatsOf(found, 'subjectLogits');
    yield { targets, judgement: { loss: lossOfScan(found.loss, { study }), subjectLogits } };
  }
}
