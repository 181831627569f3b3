import { writeFilesWhole } from '../files/index.ts';
import type { TaskName } from '../network/index.ts';
import { experimentFiles } from './experiment-page.ts';
import { type JobResult, readJobResult } from './job-result.ts';
import { experimentJobs } from './jobs.ts';
import { type ExperimentSetting, type JobContext, jobFolder, runJob } from './run-job.ts';

/** Every job of the paper's study, one after another; tables and page are written anew after each. */
export async function runExperiment(
  setting: ExperimentSetting,
  tasks: readonly TaskName[],
  context: JobContext,
): Promise<ReadonlyMap<string, JobResult>> {
  for (const job of experimentJobs(tasks)) {
    await runJob(setting, job, context);
    await writeExperiment(setting, tasks);
  }
  return finishedJobs(setting, tasks);
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
