import { IchorError, messageOf, throwIfAborted } from '../base/index.ts';
import { writeFilesWhole } from '../files/index.ts';
import { TASK_NAMES, type TaskName } from '../network/index.ts';
import type { JobQueue } from '../queue/index.ts';
import { experimentFiles } from './experiment-page.ts';
import { type JobResult, readJobResult } from './job-result.ts';
import { type ExperimentJob, experimentJobs } from './jobs.ts';
import { type ExperimentSetting, type JobContext, jobFolder, runJob } from './run-job.ts';

/**
 * Every job of the paper's study, one after another, in a folder that `claimExperiment` gave; tables and page are written
 * anew after each that was not there. A job that fails ends none but those that start from it. Throws `jobs-failed` at
 * the end, and whatever the signal made a job throw.
 */
export async function runExperiment(
  setting: ExperimentSetting,
  tasks: readonly TaskName[],
  context: JobContext,
): Promise<ReadonlyMap<string, JobResult>> {
  const finished = new Set((await finishedJobs(setting)).keys());
  const failed = new Map<string, string>();
  let written = false;
  for (const job of experimentJobs(tasks, setting)) {
    const ready = job.after === undefined || finished.has(job.after);
    if (finished.has(job.id) || !ready) continue;
    try {
      await runJob(setting, job, context);
    } catch (thrown) {
      if (context.signal?.aborted) throw thrown;
      failed.set(job.id, messageOf(thrown));
      continue;
    }
    finished.add(job.id);
    await writeExperiment(setting);
    written = true;
  }
  if (!written) await writeExperiment(setting);
  return resultsOf(setting, tasks, failed);
}

/** What waits in an experiment's queue: the name of a job; its result lies in the job's folder. */
export interface QueuedExperimentJob {
  readonly job: string;
}
export type ExperimentQueue = JobQueue<QueuedExperimentJob, QueuedExperimentJob>;

/**
 * Takes jobs off a queue until none is left: as many workers as wish share one, on any machine that sees the folder, also
 * one that was told another task. A job that starts from another's weights is added when that one is finished; one that
 * was given up is tried again. Throws `jobs-failed` and `jobs-unfinished` naming them, and the signal's reason.
 */
export async function workOnExperiment(
  setting: ExperimentSetting,
  tasks: readonly TaskName[],
  context: JobContext,
  queue: ExperimentQueue,
): Promise<ReadonlyMap<string, JobResult>> {
  const jobs = experimentJobs(TASK_NAMES, setting);
  const add = (ready: readonly ExperimentJob[]) =>
    queue.add(ready.map(({ id }) => ({ id, payload: { job: id } })));
  const before = await finishedJobs(setting);
  await add(
    jobs.filter(({ task, after }) => tasks.includes(task) && (after === undefined || before.has(after))),
  );
  await queue.work(async ({ payload }, signal) => {
    const job = jobs.find(({ id }) => id === payload.job);
    if (job === undefined) throw new IchorError('job-unknown', `this experiment has no job ${payload.job}`);
    await runJob(setting, job, { ...context, signal });
    const follows = ({ after, task }: ExperimentJob) =>
      after === job.id && (task === job.task || tasks.includes(task));
    await add(jobs.filter(follows));
    if (!before.has(job.id)) await writeExperiment(setting);
    return payload;
  }, context.signal);
  throwIfAborted(context.signal);
  await writeExperiment(setting);
  const failed = (await queue.states()).filter(({ state }) => state === 'failed');
  return resultsOf(setting, tasks, new Map(failed.map(({ id, error = '' }) => [id, error])));
}

/** Tables, figures and page of the jobs that are finished, whichever command ran them. */
export async function writeExperiment(setting: ExperimentSetting): Promise<void> {
  const files = await experimentFiles(setting, await finishedJobs(setting));
  await writeFilesWhole(setting.folder, Object.fromEntries(files.map((file) => [file.path, file.text])));
}

/** Of the tasks' jobs, where all are finished. Throws `jobs-failed`, `jobs-unfinished`, each job named. */
async function resultsOf(
  setting: ExperimentSetting,
  tasks: readonly TaskName[],
  failures: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, JobResult>> {
  const results = await finishedJobs(setting);
  const ids = experimentJobs(tasks, setting).map(({ id }) => id);
  const failed = [...failures].filter(([id]) => !results.has(id));
  const missing = ids.filter((id) => !results.has(id) && !failures.has(id));
  if (failed.length > 0) throw jobsFailed(failed, missing);
  if (missing.length > 0)
    throw new IchorError(
      'jobs-unfinished',
      `not finished: ${missing.join(', ')}; the same command goes on with them`,
    );
  return new Map(ids.map((id) => [id, results.get(id) as JobResult]));
}

/** What failed alike is told once. */
function jobsFailed(failed: readonly (readonly [string, string])[], missing: readonly string[]): IchorError {
  const alike = [...Map.groupBy(failed, ([, error]) => error)];
  const told = alike.map(([error, jobs]) => `${jobs.map(([id]) => id).join(', ')}: ${error}`).join('; ');
  const waiting = missing.length === 0 ? '' : `; not begun, for what they start from: ${missing.join(', ')}`;
  return new IchorError(
    'jobs-failed',
    `${failed.length} jobs failed: ${told}${waiting}; all others are finished, and the same command tries these again`,
  );
}

async function finishedJobs({ folder }: ExperimentSetting): Promise<Map<string, JobResult>> {
  const found = new Map<string, JobResult>();
  for (const { id } of experimentJobs(TASK_NAMES)) {
    const result = await readJobResult(jobFolder(folder, id));
    if (result !== undefined) found.set(id, result);
  }
  return found;
}
