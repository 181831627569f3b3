import { IchorError } from '../base/index.ts';
import { writeFilesWhole } from '../files/index.ts';
import type { TaskName } from '../network/index.ts';
import type { JobQueue } from '../queue/index.ts';
import { experimentFiles } from './experiment-page.ts';
import { claimExperiment } from './identity.ts';
import { type JobResult, readJobResult } from './job-result.ts';
import { experimentJobs } from './jobs.ts';
import { type ExperimentSetting, type JobContext, jobFolder, runJob } from './run-job.ts';

/**
 * Every job of the paper's study, one after another; tables and page are written anew after each. Throws what
 * `claimExperiment` and `runJob` throw.
 */
export async function runExperiment(
  setting: ExperimentSetting,
  tasks: readonly TaskName[],
  context: JobContext,
): Promise<ReadonlyMap<string, JobResult>> {
  await claimExperiment(setting);
  for (const job of experimentJobs(tasks, setting)) {
    await runJob(setting, job, context);
    await writeExperiment(setting, tasks);
  }
  return finishedJobs(setting, tasks);
}

/** What waits in an experiment's queue: the name of a job; its result lies in the job's folder. */
export interface QueuedExperimentJob {
  readonly job: string;
}
export type ExperimentQueue = JobQueue<QueuedExperimentJob, QueuedExperimentJob>;

/**
 * Takes jobs off a queue until none is left: as many workers as wish share one, on any machine that sees the folder. A
 * job that starts from another's weights is added when that one is finished. Throws `jobs-failed` naming them.
 */
export async function workOnExperiment(
  setting: ExperimentSetting,
  tasks: readonly TaskName[],
  context: JobContext,
  queue: ExperimentQueue,
): Promise<ReadonlyMap<string, JobResult>> {
  const jobs = experimentJobs(tasks, setting);
  const add = (after: string | undefined) =>
    queue.add(jobs.filter((job) => job.after === after).map(({ id }) => ({ id, payload: { job: id } })));
  await add(undefined);
  await queue.work(async ({ payload }) => {
    const job = jobs.find(({ id }) => id === payload.job);
    if (job === undefined) throw new IchorError('job-unknown', `this experiment has no job ${payload.job}`);
    await runJob(setting, job, context);
    await add(job.id);
    return payload;
  }, context.signal);
  await writeExperiment(setting, tasks);
  const failed = (await queue.states()).filter(({ state }) => state === 'failed');
  if (failed.length === 0) return finishedJobs(setting, tasks);
  const told = failed.map(({ id, error }) => `${id}: ${error}`).join('; ');
  throw new IchorError('jobs-failed', `${failed.length} jobs failed, the others are finished: ${told}`);
}

/** Tables, figures and page of the jobs that are finished. */
export async function writeExperiment(setting: ExperimentSetting, tasks: readonly TaskName[]): Promise<void> {
  const files = await experimentFiles(setting, await finishedJobs(setting, tasks));
  await writeFilesWhole(setting.folder, Object.fromEntries(files.map((file) => [file.path, file.text])));
}

async function finishedJobs(
  { folder }: ExperimentSetting,
  tasks: readonly TaskName[],
): Promise<Map<string, JobResult>> {
  const found = new Map<string, JobResult>();
  for (const { id } of experimentJobs(tasks)) {
    const result = await readJobResult(jobFolder(folder, id));
    if (result !== undefined) found.set(id, result);
  }
  return found;
}
