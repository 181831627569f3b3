import {
  type HemorrhageName,
  IchorError,
  joinFloats,
  type ProgressListener,
  type Runtime,
  type Tensor,
} from '../base/index.ts';
import { MAP_SIDE, MODEL_CUTS, type Model, type TaskName } from '../network/index.ts';
import type { Volume } from '../volume/index.ts';
import { cnnFeeds, findFrame } from './find-frame.ts';
import type { ClassProbabilities, Findings, SliceFrame } from './findings.ts';
import { type ModelParts, openModelParts, TASK_CLASSES } from './model-parts.ts';
import { type Chunk, chunksOf } from './volume-chunks.ts';

export interface PredictOptions {
  /** Instead of the model's own. */
  readonly operatingPoint?: number;
  /** Default true. */
  readonly heatMaps?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: ProgressListener;
}

/** A loaded model: the same for any number of studies. */
export interface Predictor {
  /**
   * The paper's workflow: the two-type network, then, for a positive subject, the five-type one.
   * Throws IchorError `aborted`, and the runtime's own.
   */
  predict(volume: Volume, options?: PredictOptions): Promise<Findings>;
  close(): Promise<void>;
}

/** Slices that the CNN sees at once: memory does not grow with the series. */
const CHUNK = 8;
/** The CNN's maps are kept up to here until the heat maps are drawn (128 slices of VGG16); beyond, they are made anew. */
const KEPT_MAP_BYTES = 2 ** 26;

/** Opens a model on a runtime; its parts are loaded when they are first needed. */
export function createPredictor(
  model: Model,
  runtime: Runtime,
  { keptMapBytes = KEPT_MAP_BYTES }: { keptMapBytes?: number } = {},
): Predictor {
  const parts = openModelParts(model, runtime);
  return {
    predict: (volume, options = {}) => predict({ model, parts, volume, options, keptMapBytes }),
    close: () => parts.close(),
  };
}

interface Job {
  readonly model: Model;
  readonly parts: ModelParts;
  readonly volume: Volume;
  readonly options: PredictOptions;
  readonly keptMapBytes: number;
}

/** What a CNN gave for all slices. */
interface CnnOutput {
  /** Of the features: the name that two networks share where they share a CNN. */
  readonly name: string;
  readonly features: Float32Array;
  /** By a chunk's first slice. */
  readonly maps: ReadonlyMap<number, Tensor>;
}

/** One network's answer. */
interface TaskFindings {
  readonly cnn: CnnOutput;
  readonly subject: ClassProbabilities;
  readonly slices: readonly ClassProbabilities[];
  readonly heatMaps: Readonly<Partial<Record<HemorrhageName, Float32Array>>>;
}

async function predict(job: Job): Promise<Findings> {
  const { model, options, volume } = job;
  const frame = await findFrame(job.parts, volume, chunks(job, 'finding the head'), signalOf(job));
  const twoType = await runTask(job, 'twoType', frame);
  const operatingPoint = options.operatingPoint ?? model.card.operatingPoint;
  const positive = (twoType.subject.anyHemorrhage ?? 0) >= operatingPoint;
  const fiveType = positive ? await runTask(job, 'fiveType', frame, twoType.cnn) : undefined;
  return {
    subject: { ...twoType.subject, ...fiveType?.subject },
    positive,
    operatingPoint,
    slices: twoType.slices.map((slice, i) => ({ ...slice, ...fiveType?.slices[i] })),
    heatMaps: { ...twoType.heatMaps, ...fiveType?.heatMaps },
    frame: frame === undefined ? wholeSlice(volume) : frameFrom(frame),
  };
}

const wholeSlice = ({ rows, columns }: Volume): SliceFrame => ({
  rowStart: 0,
  rowSize: rows,
  columnStart: 0,
  columnSize: columns,
});

function frameFrom(frame: Tensor): SliceFrame {
  const [rowStart, rowSize, columnStart, columnSize] = [...(frame.data as Float32Array)] as [
    number,
    number,
    number,
    number,
  ];
  return { rowStart, rowSize, columnStart, columnSize };
}

/** One network over the volume: CNN in chunks, recurrent part once, heat maps in chunks. */
async function runTask(
  job: Job,
  task: TaskName,
  frame: Tensor | undefined,
  known?: CnnOutput,
): Promise<TaskFindings> {
  const { names, recurrent } = job.parts.tasks[task];
  const cnn = known?.name === names.features ? known : await runCnn(job, task, frame);
  const { features } = cnn;
  const shape = [job.volume.slices, features.length / job.volume.slices];
  const results = await (await recurrent()).run(
    { [names.features]: { element: 'float32', shape, data: features } },
    undefined,
    signalOf(job),
  );
  const classes = TASK_CLASSES[task];
  const subject = named(classes, floats(results[MODEL_CUTS.subject(task)]));
  const sliceProbabilities = results[MODEL_CUTS.slices(task)];
  if (sliceProbabilities === undefined) return { cnn, subject, slices: [], heatMaps: {} };
  const rows = floats(sliceProbabilities);
  const slices = Array.from({ length: job.volume.slices }, (_, i) =>
    named(classes, rows.subarray(i * classes.length, (i + 1) * classes.length)),
  );
  const weights = results[MODEL_CUTS.mapWeights(task)] as Tensor;
  const heatMaps =
    job.options.heatMaps === false ? {} : await runHeatMaps(job, task, { frame, cnn, weights });
  return { cnn, subject, slices, heatMaps };
}

async function runCnn(job: Job, task: TaskName, frame: Tensor | undefined): Promise<CnnOutput> {
  const { names, cnn } = job.parts.tasks[task];
  const session = await cnn();
  const [found, maps] = [[] as Float32Array[], new Map<number, Tensor>()];
  let room = job.options.heatMaps === false ? 0 : job.keptMapBytes;
  for (const { tensor, start } of chunks(
    job,
    task === 'twoType' ? 'looking for hemorrhage' : 'telling subtypes apart',
  )) {
    const wanted = room > 0 ? [names.features, names.maps] : [names.features];
    const results = await session.run(cnnFeeds(tensor, frame), wanted, signalOf(job));
    found.push(floats(results[names.features]));
    const chunkMaps = results[names.maps];
    if (chunkMaps === undefined) continue;
    maps.set(start, chunkMaps);
    room -= chunkMaps.data.byteLength;
  }
  return { name: names.features, features: joinFloats(found), maps };
}

interface HeatMapParts {
  readonly frame: Tensor | undefined;
  readonly cnn: CnnOutput;
  readonly weights: Tensor;
}

async function runHeatMaps(
  job: Job,
  task: TaskName,
  { frame, cnn, weights }: HeatMapParts,
): Promise<TaskFindings['heatMaps']> {
  const { names, cnn: maker, heatMaps } = job.parts.tasks[task];
  const session = await heatMaps();
  const mapsOf = async ({ start, tensor }: Chunk): Promise<Tensor | undefined> =>
    cnn.maps.get(start) ??
    (await (await maker()).run(cnnFeeds(tensor, frame), [names.maps], signalOf(job)))[names.maps];
  const classes = TASK_CLASSES[task];
  const places = MAP_SIDE ** 2;
  const found = classes.map((name) => [name, new Float32Array(job.volume.slices * places)] as const);
  const perSlice = weights.data.length / job.volume.slices;
  for (const chunk of chunks(job, 'drawing heat maps')) {
    const { start, count } = chunk;
    const part: Tensor = {
      element: 'float32',
      shape: [count, ...weights.shape.slice(1)],
      data: floats(weights).subarray(start * perSlice, (start + count) * perSlice),
    };
    const results = await session.run({
      [names.maps]: (await mapsOf(chunk)) as Tensor,
      [MODEL_CUTS.mapWeights(task)]: part,
    });
    const data = floats(results[MODEL_CUTS.heatMaps(task)]);
    for (const [c, [, whole]] of found.entries())
      for (let i = 0; i < count; i++) {
        const from = (i * classes.length + c) * places;
        whole.set(data.subarray(from, from + places), (start + i) * places);
      }
  }
  return Object.fromEntries(found);
}

function* chunks({ volume, options }: Job, task: string): Generator<Chunk> {
  for (const chunk of chunksOf(volume, CHUNK)) {
    if (options.signal?.aborted) throw new IchorError('aborted', `stopped while ${task}`);
    options.onProgress?.({ task, done: chunk.start, total: volume.slices });
    yield chunk;
  }
  options.onProgress?.({ task, done: volume.slices, total: volume.slices });
}

const signalOf = ({ options: { signal } }: Job) => (signal === undefined ? {} : { signal });

const floats = (tensor: Tensor | undefined): Float32Array => tensor?.data as Float32Array;

const named = (classes: readonly HemorrhageName[], values: Float32Array): ClassProbabilities =>
  Object.fromEntries(classes.map((name, i) => [name, values[i] as number]));
