import { IchorError, type ProgressListener, type RunOptions, type Tensor } from '../base/index.ts';
import type { Model } from '../network/index.ts';
import type { Volume } from '../volume/index.ts';
import type { Sight } from './find-frame.ts';
import type { ModelParts } from './model-parts.ts';
import { type Chunk, chunksOf } from './volume-chunks.ts';

export interface PredictOptions {
  /** By name or as a probability, instead of the model's own. */
  readonly operatingPoint?: number | string;
  /** Default true. */
  readonly heatMaps?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: ProgressListener;
}

/** Slices, or slabs of them, that the CNN sees at once: memory does not grow with the series. */
const CHUNK = 8;

/** One volume that is being predicted. */
export interface Job {
  readonly model: Model;
  readonly parts: ModelParts;
  readonly volume: Volume;
  readonly options: PredictOptions;
  readonly keptMapBytes: number;
  /** Whether no other volume is being predicted with these parts. */
  isAlone(): boolean;
  /** Slices that the networks see as one. */
  readonly perSlab: number;
}

/** How many slabs, or where each slice is seen as it is, slices. */
export const slabCount = ({ volume, perSlab }: Pick<Job, 'volume' | 'perSlab'>): number =>
  Math.ceil(volume.slices / perSlab);

/** What the CNN part is shown beside a chunk's slices. */
export const sightOf = ({ model, perSlab }: Job, frame: Tensor | undefined): Sight =>
  model.card.network.slabMm === undefined ? { frame } : { frame, perSlab };

/** The volume a few slices at a time, with its progress; throws IchorError `aborted`. */
export function* chunks({ volume, options, perSlab }: Job, task: string): Generator<Chunk> {
  for (const chunk of chunksOf(volume, CHUNK * perSlab)) {
    if (options.signal?.aborted) throw new IchorError('aborted', `stopped while ${task}`);
    options.onProgress?.({ task, done: chunk.start, total: volume.slices });
    yield chunk;
  }
  options.onProgress?.({ task, done: volume.slices, total: volume.slices });
}

export const signalOf = ({ options: { signal } }: Job): RunOptions =>
  signal === undefined ? {} : { signal };
