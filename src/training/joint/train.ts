import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { codeOf, type ProgressListener, RefusedInput, type Runtime, UsageError } from '../../base/index.ts';
import {
  type Cohort,
  countLabels,
  type LabelledStudy,
  patientKey,
  type Split,
  studyKey,
  validationFrom,
} from '../../cohort/index.ts';
import { writeFileWhole } from '../../files/index.ts';
import { exportModel, type TaskName } from '../../network/index.ts';
import { createPreparation, type Preparation, refuseStored } from '../preparation.ts';
import { trainedCard } from './card.ts';
import { byLabels, type LeftOutStudy, labelledFor } from './label-needs.ts';
import { oneKindNotes, refuseOneClass } from './one-class.ts';
import { otherSettings } from './other-settings.ts';
import { unreadableScans } from './readable-scans.ts';
import { type RunBeginning, readRunBeginning, readRunSettings, SETTINGS_FILE } from './run-folder.ts';
import { openRunLog } from './run-log.ts';
import type { RunState } from './run-page.ts';
import { withScanHashes } from './scan-hashes.ts';
import { refuseSeenPatients } from './seen-patients.ts';
import { hasFrozenStage, networkOf, type TrainingSettings } from './settings.ts';
import type { StartingWeights } from './starting-weights.ts';
import { type EndedEpoch, type NetworkTraining, type TrainedNetwork, trainNetwork } from './train-network.ts';
import { formOf } from './trained-network.ts';

export interface TrainOptions {
  readonly runtime: Runtime;
  readonly settings: TrainingSettings;
  /** Everybody in it trains or validates; whoever is to be tested on must not be in it. */
  readonly cohort: Cohort;
  /** Keys of the patients who say when to stop; without them a part of the cohort, by settings and seed. */
  readonly validationPatients?: readonly string[];
  /** Those who are to be tested on, where that is known: they are kept apart from whatever the run starts from. */
  readonly test?: readonly LabelledStudy[];
  /** The run's own folder: settings, log, curves, checkpoints, model. */
  readonly folder: string;
  /** Where prepared scans are kept; another run on the same cohort finds them. */
  readonly preparedFolder: string;
  /** Goes on with the run that lies in the folder. */
  readonly resume: boolean;
  /** Its `about` stands in the settings. */
  readonly start?: StartingWeights;
  /** Seconds between two checkpoints within an epoch. */
  readonly checkpointSeconds?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: ProgressListener;
  /** Told at each epoch's end. */
  readonly onEpoch?: (epoch: EndedEpoch) => void;
  /** Told once, before the first step: studies that neither train nor validate, for their labels or their images. */
  readonly onLeftOut?: (leftOut: readonly LeftOutStudy[]) => void;
  /** Told before the first step: what the labels of a part cannot teach or say. */
  readonly onNote?: (note: string) => void;
}

export interface TrainResult {
  readonly networks: Readonly<Partial<Record<TaskName, TrainedNetwork>>>;
  /** The model file; absent for rivals, and where only one of the two networks was trained. */
  readonly model?: string;
}

/** Loss of at most so much time when a run is killed. */
const CHECKPOINT_SECONDS = 300;

/**
 * Trains the two-type network on all scans and the five-type one on those with hemorrhage (Ye et al., supplement 5),
 * and writes the model file. Throws UsageError `run-exists`; RefusedInput `store-form`, `labels-missing`,
 * `no-scan-readable`, `one-class`, `checkpoint-of-another-run`, `scan-changed`; UsageError `start-run-saw`.
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const { settings, cohort } = options;
  refuseOtherRun(options);
  refuseStored(cohort.studies, settings.preprocessing);
  const preparation = await createPreparation(options.runtime, options.preparedFolder, networkOf(settings));
  try {
    return await trainPrepared(options, preparation);
  } finally {
    await preparation.close();
  }
}

async function trainPrepared(options: TrainOptions, preparation: Preparation): Promise<TrainResult> {
  const { settings, folder } = options;
  const drawn = divided(options);
  const begun = options.resume ? await readRunBeginning(folder) : undefined;
  const { start, test = [], cohort } = options;
  if (start) refuseSeenPatients(start, cohort.studies, { validation: drawn.validation, test });
  const { usable, leftOut } = await usableStudies(options, preparation, begun);
  options.onLeftOut?.(leftOut);
  const isUsable = new Set(usable);
  const ofUsable = (part: readonly LabelledStudy[]) => part.filter((study) => isUsable.has(study));
  const [training, validation] = [ofUsable(drawn.training), ofUsable(drawn.validation)];
  if (!options.resume) refuseOneClass('the part that trains', training, settings);
  for (const [part, studies] of [
    ['the part that trains', training],
    ['the part that validates', validation],
  ] as const)
    for (const note of oneKindNotes(part, studies, settings)) options.onNote?.(note);
  const firstEpochs = epochsAskedFirst(settings, begun);
  const run = fingerprint({ ...settings, mostEpochs: firstEpochs }, training, validation);
  if (begun) await refuseOtherSettings(folder, begun, run, settings);
  const described = {
    schema: 'ichor-training-run-1',
    run,
    ...(firstEpochs !== settings.mostEpochs && { firstEpochs }),
    settings,
    ...describeSplit(training, validation),
    ...(leftOut.length > 0 && { leftOut }),
  };
  await writeFileWhole(path.join(folder, SETTINGS_FILE), `${JSON.stringify(described, undefined, 2)}\n`);
  const log = openRunLog(folder, settings);
  await log.begin();
  try {
    const hashed = await withScanHashes(preparation, folder);
    const result = await trainAll({ ...options, preparation: hashed, run, log }, training, validation);
    await log.finish('over');
    return result;
  } catch (thrown) {
    // The fault is what must be told, even where the page can no longer be written
    await log.finish(endingOf(thrown)).catch(() => undefined);
    throw thrown;
  }
}

async function trainAll(
  options: TrainOptions & Pick<NetworkTraining, 'preparation' | 'run' | 'log'>,
  training: readonly LabelledStudy[],
  validation: readonly LabelledStudy[],
): Promise<TrainResult> {
  const { settings } = options;
  const networks: Partial<Record<TaskName, TrainedNetwork>> = {};
  for (const task of settings.tasks)
    networks[task] = await trainNetwork({
      checkpointSeconds: CHECKPOINT_SECONDS,
      ...options,
      form: formOf(settings, task),
      training: labelledFor(training, settings, task),
      validation: labelledFor(validation, settings, task),
    });
  const model = await writeModel(options, networks);
  return { networks, ...(model !== undefined && { model }) };
}

/** Those that train or validate; a resumed run is without those that it began without, and reads none beforehand. */
async function usableStudies(
  options: TrainOptions,
  preparation: Preparation,
  begun: RunBeginning | undefined,
): Promise<{ usable: readonly LabelledStudy[]; leftOut: readonly LeftOutStudy[] }> {
  const { settings, cohort } = options;
  const without = (leftOut: readonly LeftOutStudy[]) => {
    const keys = new Set(leftOut.map(({ study }) => study));
    return cohort.studies.filter((study) => !keys.has(studyKey(study)));
  };
  if (begun) {
    const { usable, leftOut } = byLabels(without(begun.leftOut), settings);
    return { usable, leftOut: [...begun.leftOut, ...leftOut] };
  }
  const { usable, leftOut: unlabelled } = byLabels(cohort.studies, settings);
  const needed = new Set(settings.tasks.flatMap((task) => labelledFor(usable, settings, task)));
  const unreadable = await unreadableScans([...needed], { ...options, preparation });
  const leftOut = [...unlabelled, ...unreadable];
  return { usable: without(leftOut), leftOut };
}

/**
 * As the caller divided the patients, else by the settings' parts: all of the cohort's, whoever is left out afterwards, so
 * that whatever network is trained on a cohort keeps the same patients unseen.
 */
function divided({
  settings,
  cohort: { studies },
  validationPatients,
}: TrainOptions): Pick<Split, 'training' | 'validation'> {
  if (validationPatients === undefined) return validationFrom(studies, settings);
  const kept = new Set(validationPatients);
  const isKept = (study: LabelledStudy) => kept.has(patientKey(study));
  return { training: studies.filter((study) => !isKept(study)), validation: studies.filter(isKept) };
}

function endingOf(thrown: unknown): RunState {
  const fault = codeOf(thrown);
  return fault === 'aborted' ? 'stopped' : { fault };
}

async function writeModel(
  { settings, cohort, folder }: TrainOptions,
  networks: TrainResult['networks'],
): Promise<string | undefined> {
  const { twoType, fiveType } = networks;
  if (settings.network !== 'cnn-rnn' || twoType === undefined || fiveType === undefined) return undefined;
  const file = path.join(folder, 'model.onnx');
  const card = trainedCard(settings, cohort, { twoType, fiveType });
  await writeFileWhole(file, exportModel(card, { ...twoType.weights, ...fiveType.weights }));
  return file;
}

function refuseOtherRun({ folder, resume }: TrainOptions): void {
  const there = existsSync(path.join(folder, SETTINGS_FILE));
  if (there === resume) return;
  const text = there
    ? `${folder} holds a run already; --resume goes on with it, another --out starts anew`
    : `${folder} holds no run to resume; leave out --resume to start one`;
  throw new UsageError(there ? 'run-exists' : 'run-missing', text);
}

/**
 * The epochs that the run was named by: one that goes on for more than were asked for keeps its name. With fewer it is
 * another run.
 */
function epochsAskedFirst({ mostEpochs }: TrainingSettings, begun: RunBeginning | undefined): number {
  const { firstEpochs, mostEpochs: before = mostEpochs } = begun ?? {};
  return mostEpochs < before ? mostEpochs : (firstEpochs ?? before);
}

/** Before anything is written: the settings that the run was started with stay on disk. */
async function refuseOtherSettings(
  folder: string,
  { run: theirs }: RunBeginning,
  run: string,
  settings: TrainingSettings,
): Promise<void> {
  if (theirs === undefined || theirs === run) return;
  const file = path.join(folder, SETTINGS_FILE);
  const before = await readRunSettings(folder);
  const differ = otherSettings(before, settings);
  if (settings.mostEpochs < before.mostEpochs)
    differ.push(
      `the most epochs were ${before.mostEpochs} and are ${settings.mostEpochs} (more would be taken, fewer not)`,
    );
  const what = differ.length === 0 ? 'its patients or their labels are not these' : differ.join('; ');
  const text = `${file}: ${what}; take another --out, or what it was started with`;
  throw new RefusedInput('checkpoint-of-another-run', text);
}

/**
 * Of everything that the weights depend on but the pixels, whose hashes stand in the run folder scan by scan, and the
 * chunk, which changes roundings alone: a run that met too little memory goes on with a smaller one.
 */
function fingerprint(
  settings: TrainingSettings,
  training: readonly LabelledStudy[],
  validation: readonly LabelledStudy[],
): string {
  const labels = (studies: readonly LabelledStudy[]) =>
    studies.map((s) => [studyKey(s), s.subject, s.slices]);
  // A run without the stage is the one that it was before there was such a stage
  const numbers = { ...settings, chunk: undefined, ...(!hasFrozenStage(settings) && { frozen: undefined }) };
  const text = JSON.stringify([numbers, labels(training), labels(validation)]);
  return createHash('sha256').update(text).digest('hex');
}

function describeSplit(training: readonly LabelledStudy[], validation: readonly LabelledStudy[]) {
  const described = (studies: readonly LabelledStudy[]) => ({
    studies: studies.map(studyKey),
    counts: countLabels(studies),
  });
  return { training: described(training), validation: described(validation) };
}
