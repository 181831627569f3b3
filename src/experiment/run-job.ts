import { existsSync } from 'node:fs';
import path from 'node:path';
import { IchorError, type ProgressEvent, type ProgressListener, type Runtime } from '../base/index.ts';
import type { Cohort } from '../cohort/index.ts';
import {
  type EndedEpoch,
  judgeScans,
  type LeftOutStudy,
  labelledSubjects,
  SETTINGS_FILE,
  type StartingWeights,
  startFromImageNet,
  startFromRun,
  type TrainingSettings,
  train,
} from '../training/index.ts';
import { type JobResult, readJobResult, writeJobResult } from './job-result.ts';
import type { ExperimentJob } from './jobs.ts';

/** What all jobs of an experiment share. */
export interface ExperimentSetting {
  /** Its own folder; a job's is in `jobs/`. */
  readonly folder: string;
  /** Numbers that hold for every network. */
  readonly settings: TrainingSettings;
  /** Trains and says when to stop. */
  readonly training: Cohort;
  /** Keys of those who say when to stop; without them a part of those who train, by settings and seed. */
  readonly validationPatients?: readonly string[];
  /** Never seen by any training. */
  readonly test: Cohort;
  /** Five-type networks start from the convolutions of their two-type networks: for who has no ImageNet weights. */
  readonly fiveTypeFromTwoType?: boolean;
  /** ImageNet weights, by the networks that they fit. */
  readonly imageNet?: { readonly vgg16?: string; readonly googlenet?: string };
}

export interface JobContext {
  readonly runtime: Runtime;
  readonly signal?: AbortSignal;
  readonly onProgress?: ProgressListener;
  /** Told at each epoch's end. */
  readonly onEpoch?: (job: string, epoch: EndedEpoch) => void;
}

export const jobFolder = (folder: string, job: string): string => path.join(folder, 'jobs', job);

/**
 * Trains a job's network and judges the test scans; goes on where it was stopped, and a finished job is found. Throws
 * what `train` throws, and `job-not-ready` where the job that it starts from is not finished.
 */
export async function runJob(
  setting: ExperimentSetting,
  job: ExperimentJob,
  { runtime, signal, onProgress, onEpoch }: JobContext,
): Promise<JobResult> {
  const folder = jobFolder(setting.folder, job.id);
  const finished = await readJobResult(folder);
  if (finished !== undefined) return finished;
  const { network, supervision } = job.row;
  const wished = { ...setting.settings, network, supervision, tasks: [job.task] };
  const start = await startOf(setting, job, wished);
  const settings = { ...wished, startingWeights: start?.about ?? wished.startingWeights };
  const preparedFolder = path.join(setting.folder, 'prepared');
  const shared = {
    runtime,
    settings,
    preparedFolder,
    ...(signal && { signal }),
    ...(onProgress && {
      onProgress: (progress: ProgressEvent) =>
        onProgress({ ...progress, task: `${job.id}: ${progress.task}` }),
    }),
  };
  let untrained: readonly LeftOutStudy[] = [];
  const { networks } = await train({
    ...shared,
    cohort: setting.training,
    test: setting.test.studies,
    ...(setting.validationPatients && { validationPatients: setting.validationPatients }),
    folder,
    resume: existsSync(path.join(folder, SETTINGS_FILE)),
    ...(start && { start }),
    ...(onEpoch && { onEpoch: (epoch: EndedEpoch) => onEpoch(job.id, epoch) }),
    onLeftOut: (studies) => {
      untrained = studies;
    },
  });
  const trained = networks[job.task];
  if (trained === undefined) throw new IchorError('job-without-network', `${job.id} trained no network`);
  const studies = labelledSubjects(setting.test.studies, job.task);
  const { weights, best, epochs, ended } = trained;
  const { scans, leftOut } = await judgeScans({ ...shared, task: job.task, weights, studies });
  const result: JobResult = {
    schema: 'ichor-experiment-job-1',
    job: job.id,
    startingWeights: settings.startingWeights,
    epochs,
    bestEpoch: best.epoch + 1,
    ended,
    scans: scans as JobResult['scans'],
    leftOut: [...untrained, ...leftOut],
  };
  await writeJobResult(folder, result);
  return result;
}

async function startOf(
  { folder, imageNet }: ExperimentSetting,
  { row, after }: ExperimentJob,
  settings: TrainingSettings,
): Promise<StartingWeights | undefined> {
  if (after !== undefined) {
    const before = jobFolder(folder, after);
    if ((await readJobResult(before)) === undefined)
      throw new IchorError('job-not-ready', `${row.id} starts from ${after}, which is not finished`);
    return startFromRun(before, settings);
  }
  const file =
    row.network === '3d-vgg16'
      ? undefined
      : imageNet?.[row.network === '2d-googlenet' ? 'googlenet' : 'vgg16'];
  return file === undefined ? undefined : startFromImageNet(file, settings);
}
