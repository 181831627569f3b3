import { IchorError, type ProgressListener, type RunOptions } from '../base/index.ts';
import type { Model } from '../network/index.ts';
import type { Volume } from '../volume/index.ts';
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

/** Slices that the CNN sees at once: memory does not grow with the series. */
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
}

/** The volume a few slices at a time, with its progress; throws IchorError `aborted`. */
export function* chunks({ volume, options }: Job, task: string): Generator<Chunk> {
  for (const chunk of chunksOf(volume, CHUNK)) {
    if (options.signal?.aborted) throw new IchorError('aborted', `stopped while ${task}`);
    options.onProgress?.({ task, done: chunk.start, total: volume.slices });
    yield chunk;
  }
  options.onProgress?.({ task, done: volume.slices, total: volume.slices });
}

export const signalOf = ({ options: { signal } }: Job): RunOptions =>
  signal === undefined ? {} : { signal };
