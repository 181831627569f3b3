import { at, floatsOf, type Tensor } from '../base/index.ts';
import { MODEL_CUTS, mapSideOf } from '../network/index.ts';
import { cnnFeeds } from './find-frame.ts';
import type { Findings } from './findings.ts';
import { chunks, type Job, sightOf, signalOf, slabCount } from './job.ts';
import { TASK_CLASSES } from './model-parts.ts';
import { rowBuffer } from './row-buffer.ts';
import { restCnn, type TaskFindings } from './run-task.ts';
import type { Chunk } from './volume-chunks.ts';

type WeighedTask = TaskFindings & Required<Pick<TaskFindings, 'mapWeights'>>;
const isWeighed = (found: TaskFindings): found is WeighedTask => found.mapWeights !== undefined;

/** Heat maps of all classes that were asked; networks that share a CNN are drawn in one pass over the slices. */
export async function drawHeatMaps(
  job: Job,
  frame: Tensor | undefined,
  found: readonly TaskFindings[],
): Promise<Findings['heatMaps']> {
  if (job.options.heatMaps === false) return {};
  const byCnn = Map.groupBy(found.filter(isWeighed), ({ cnn }) => cnn);
  const drawn: Findings['heatMaps'][] = [];
  for (const tasks of byCnn.values()) drawn.push(await drawOneCnn(job, frame, tasks));
  return Object.assign({}, ...drawn);
}

async function drawOneCnn(
  job: Job,
  frame: Tensor | undefined,
  tasks: readonly WeighedTask[],
): Promise<Findings['heatMaps']> {
  const size = job.volume.slices * mapSideOf(job.model.card.network) ** 2;
  const classes = tasks.flatMap(({ task }) => TASK_CLASSES[task]);
  const drawn = Object.fromEntries(classes.map((name) => [name, new Float32Array(size)]));
  const mapsOf = await mapMaker(job, frame, at(tasks, 0));
  for (const chunk of chunks(job, 'drawing heat maps')) {
    const maps = await mapsOf(chunk);
    for (const found of tasks) await drawChunk(job, found, chunk, maps, drawn);
  }
  const { task, cnn } = at(tasks, 0);
  await restCnn(job, task, cnn);
  return drawn;
}

/** The CNN's maps of a chunk: kept ones, or made anew in one buffer that the next chunk fills again. */
async function mapMaker(
  job: Job,
  frame: Tensor | undefined,
  { task, cnn }: WeighedTask,
): Promise<(chunk: Chunk) => Promise<Tensor>> {
  const { names, cnn: maker } = job.parts.tasks[task];
  const session = await maker();
  const bufferOf = rowBuffer(session, names.maps);
  return async ({ start, count: slices, tensor }) => {
    const kept = cnn.maps.get(start);
    if (kept !== undefined) return kept;
    const maps = bufferOf(Math.ceil(slices / job.perSlab));
    const options = { ...signalOf(job), into: { [names.maps]: maps } };
    await session.run(cnnFeeds(tensor, sightOf(job, frame)), [names.maps], options);
    return maps;
  };
}

/** Draws one network's maps of a chunk into those of the whole volume, class by class. */
async function drawChunk(
  job: Job,
  { task, mapWeights }: WeighedTask,
  { start, count: slices }: Chunk,
  maps: Tensor,
  drawn: Readonly<Record<string, Float32Array>>,
): Promise<void> {
  const { names, heatMaps } = job.parts.tasks[task];
  const classes = TASK_CLASSES[task];
  const cut = MODEL_CUTS.mapWeights(task);
  const { perSlab } = job;
  const [first, count] = [start / perSlab, Math.ceil(slices / perSlab)];
  const each = mapWeights.data.length / slabCount(job);
  const weights = floatsOf({ [cut]: mapWeights }, cut);
  const part: Tensor = {
    element: 'float32',
    shape: [count, ...mapWeights.shape.slice(1)],
    data: weights.subarray(first * each, (first + count) * each),
  };
  const results = await (await heatMaps()).run({ [names.maps]: maps, [cut]: part });
  const values = floatsOf(results, MODEL_CUTS.heatMaps(task));
  const places = mapSideOf(job.model.card.network) ** 2;
  for (const [c, name] of classes.entries())
    for (let i = 0; i < slices; i++) {
      const from = (Math.floor(i / perSlab) * classes.length + c) * places;
      drawn[name]?.set(values.subarray(from, from + places), (start + i) * places);
    }
}
