import { at, floatsOf, type HemorrhageName, joinFloats, type Tensor } from '../base/index.ts';
import { MODEL_CUTS, type TaskName } from '../network/index.ts';
import { cnnFeeds } from './find-frame.ts';
import type { ClassProbabilities } from './findings.ts';
import { chunks, type Job, sightOf, signalOf, slabCount } from './job.ts';
import { TASK_CLASSES } from './model-parts.ts';
import { bytesPerRow, rowBuffer } from './row-buffer.ts';
import { meansOfMaps } from './unlike-training.ts';

/** What a CNN gave for all slices, or slabs. */
export interface CnnOutput {
  /** Of the features: the name that two networks share where they share a CNN. */
  readonly name: string;
  readonly features: Float32Array;
  /** By a chunk's first slice; empty where they are to be made anew. */
  readonly maps: ReadonlyMap<number, Tensor>;
  /** Of each slice's maps, [slices, channels]; for models that describe their training's series. */
  readonly mapMeans?: Float32Array;
}

/** One network's answer. */
export interface TaskFindings {
  readonly task: TaskName;
  readonly cnn: CnnOutput;
  readonly subject: ClassProbabilities;
  readonly slices: readonly ClassProbabilities[];
  /** How much each of the CNN's maps speaks for each class, slice by slice; absent without slice heads. */
  readonly mapWeights?: Tensor;
}

const TASK_TEXTS: Readonly<Record<TaskName, string>> = {
  twoType: 'looking for hemorrhage',
  fiveType: 'telling subtypes apart',
};

/** One network over the volume: CNN in chunks unless its output is known, recurrent part once. */
export async function runTask(
  job: Job,
  task: TaskName,
  frame: Tensor | undefined,
  known?: CnnOutput,
): Promise<TaskFindings> {
  const { names, recurrent } = job.parts.tasks[task];
  const cnn = known?.name === names.features ? known : await runCnn(job, task, frame);
  const { features } = cnn;
  const slabs = slabCount(job);
  const shape = [slabs, features.length / slabs];
  const feeds = { [names.features]: { element: 'float32', shape, data: features } as const };
  await restCnn(job, task, cnn);
  const results = await (await recurrent()).run(feeds, undefined, signalOf(job));
  const classes = TASK_CLASSES[task];
  const subject = named(classes, floatsOf(results, MODEL_CUTS.subject(task)));
  const mapWeights = results[MODEL_CUTS.mapWeights(task)];
  if (mapWeights === undefined) return { task, cnn, subject, slices: [] };
  const rows = floatsOf(results, MODEL_CUTS.slices(task));
  const slices = Array.from({ length: job.volume.slices }, (_, i) => {
    const slab = Math.floor(i / job.perSlab);
    return named(classes, rows.subarray(slab * classes.length, (slab + 1) * classes.length));
  });
  return { task, cnn, subject, slices, mapWeights };
}

/** The CNN over all slices, chunk by chunk; the means of its maps where they are to be compared with the training's. */
export async function runCnn(
  job: Job,
  task: TaskName,
  frame: Tensor | undefined,
  compares = job.model.reference !== undefined && task === 'twoType',
): Promise<CnnOutput> {
  const { names, cnn } = job.parts.tasks[task];
  const session = await cnn();
  const bufferOf = rowBuffer(session, names.maps);
  const found: Float32Array[] = [];
  const maps = new Map<number, Tensor>();
  const means: Float32Array[] = [];
  const keeps =
    job.options.heatMaps !== false && slabCount(job) * bytesPerRow(session, names.maps) <= job.keptMapBytes;
  for (const { tensor, start, count } of chunks(job, TASK_TEXTS[task])) {
    const wanted = keeps || compares ? [names.features, names.maps] : [names.features];
    const passing =
      compares && !keeps ? { into: { [names.maps]: bufferOf(Math.ceil(count / job.perSlab)) } } : {};
    const results = await session.run(cnnFeeds(tensor, sightOf(job, frame)), wanted, {
      ...signalOf(job),
      ...passing,
    });
    found.push(floatsOf(results, names.features));
    const chunkMaps = results[names.maps];
    if (chunkMaps === undefined) continue;
    if (compares) means.push(meansOfMaps(chunkMaps));
    if (keeps) maps.set(start, chunkMaps);
  }
  const mapMeans = compares ? { mapMeans: joinFloats(means) } : {};
  return { name: names.features, features: joinFloats(found), maps, ...mapMeans };
}

/**
 * Where a series is so long that its maps have to be made anew, the CNN rests between its turns: what it keeps for its next run
 * gives room to the recurrent part, whose memory grows with the slices, and to the report. Loading it again is little beside
 * so many slices. Not while another study is predicted with it.
 */
export async function restCnn(job: Job, task: TaskName, { maps }: CnnOutput): Promise<void> {
  const { options, isAlone, parts } = job;
  const isLong = options.heatMaps !== false && maps.size === 0;
  if (isLong && isAlone()) await parts.tasks[task].restCnn();
}

const named = (classes: readonly HemorrhageName[], values: Float32Array): ClassProbabilities =>
  Object.fromEntries(classes.map((name, i) => [name, at(values, i)]));
