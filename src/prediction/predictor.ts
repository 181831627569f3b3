import { at, floatsOf, type Runtime, type Tensor } from '../base/index.ts';
import { type Model, mapSideOf, operatingPointOf, slicesPerSlab } from '../network/index.ts';
import { type Turn, turnOf, uprightVolume, type Volume } from '../volume/index.ts';
import { asStored } from './as-stored.ts';
import { drawHeatMaps } from './draw-heat-maps.ts';
import { findFrame } from './find-frame.ts';
import type { Findings, SliceFrame } from './findings.ts';
import { chunks, type Job, type PredictOptions, signalOf, slabCount } from './job.ts';
import { openModelParts } from './model-parts.ts';
import { runCnn, runTask } from './run-task.ts';
import { lookOf, type SeriesLook, unlikeness } from './unlike-training.ts';

/** A loaded model: the same for any number of studies. */
export interface Predictor {
  /**
   * The paper's workflow: the two-type network, then, for a positive subject, the five-type one. Both see upright slices, however
   * they are stored; heat maps and frame lie as the slices are stored.
   * Throws IchorError `aborted`, and the runtime's own.
   */
  predict(volume: Volume, options?: PredictOptions): Promise<Findings>;
  /** What the model's description of its training is made of: a series as the two-type CNN's maps show it. */
  look(volume: Volume): Promise<SeriesLook>;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Up to here the CNN's maps are kept until the heat maps are drawn (64 slices of 256 x 256); of a longer series they are made anew. */
const KEPT_MAP_BYTES = 2 ** 25;

/** Opens a model on a runtime; its parts are loaded when they are first needed. */
export function createPredictor(
  model: Model,
  runtime: Runtime,
  { keptMapBytes = KEPT_MAP_BYTES }: { keptMapBytes?: number } = {},
): Predictor {
  const parts = openModelParts(model, runtime);
  let jobs = 0;
  const counted = async <T>(
    work: (job: Job) => Promise<T>,
    volume: Volume,
    options: PredictOptions,
  ): Promise<T> => {
    jobs++;
    try {
      const perSlab = slicesPerSlab(model.card.network, volume.geometry.sliceSpacingMm);
      const isAlone = () => jobs === 1;
      return await work({ model, parts, volume, options, keptMapBytes, perSlab, isAlone });
    } finally {
      jobs--;
    }
  };
  return {
    predict: async (volume, options = {}) => {
      const turn = turnOf(volume.geometry);
      const found = await counted(predict, upright(volume, turn), options);
      return turn === undefined ? found : asStored(found, volume, mapSideOf(model.card.network), turn);
    },
    look: (volume) => counted(look, upright(volume, turnOf(volume.geometry)), { heatMaps: false }),
    close: () => parts.close(),
    [Symbol.asyncDispose]: () => parts.close(),
  };
}

const upright = (volume: Volume, turn: Turn | undefined): Volume =>
  turn === undefined ? volume : uprightVolume(volume, turn);

async function predict(job: Job): Promise<Findings> {
  const { model, options, volume } = job;
  const { probability: operatingPoint, name, misses } = operatingPointOf(model.card, options.operatingPoint);
  const frame = await findFrame(job.parts, volume, chunks(job, 'finding the head'), signalOf(job));
  const twoType = await runTask(job, 'twoType', frame);
  const positive = (twoType.subject.anyHemorrhage ?? 0) >= operatingPoint;
  const fiveType = positive ? await runTask(job, 'fiveType', frame, twoType.cnn) : undefined;
  const tasks = fiveType === undefined ? [twoType] : [twoType, fiveType];
  return {
    subject: { ...twoType.subject, ...fiveType?.subject },
    positive,
    operatingPoint,
    subtypeThreshold: model.card.operatingPoint,
    ...(name !== undefined && { operatingPointName: name }),
    ...(misses !== undefined && { operatingPointMisses: misses }),
    slices: twoType.slices.map((slice, i) => ({ ...slice, ...fiveType?.slices[i] })),
    heatMaps: await drawHeatMaps(job, frame, tasks),
    frame: frame === undefined ? wholeSlice(volume) : frameFrom(frame),
    ...unlikenessOf(job, twoType.cnn.mapMeans),
  };
}

async function look(job: Job): Promise<SeriesLook> {
  const frame = await findFrame(job.parts, job.volume, chunks(job, 'finding the head'), signalOf(job));
  const { mapMeans } = await runCnn(job, 'twoType', frame, true);
  return lookOf(mapMeans ?? new Float32Array(), slabCount(job));
}

function unlikenessOf(job: Job, mapMeans: Float32Array | undefined) {
  const { reference } = job.model;
  if (reference === undefined || mapMeans === undefined) return {};
  return { unlikeTraining: unlikeness(reference, lookOf(mapMeans, slabCount(job))) };
}

const wholeSlice = ({ rows, columns }: Volume): SliceFrame => ({
  rowStart: 0,
  rowSize: rows,
  columnStart: 0,
  columnSize: columns,
});

function frameFrom(frame: Tensor): SliceFrame {
  const places = floatsOf({ frame }, 'frame');
  return {
    rowStart: at(places, 0),
    rowSize: at(places, 1),
    columnStart: at(places, 2),
    columnSize: at(places, 3),
  };
}
