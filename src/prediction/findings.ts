import type { HemorrhageName } from '../base/index.ts';
import type { Unlikeness } from './unlike-training.ts';

/** The part of every slice that the CNN saw, in pixels from the slice's edge; a heat map covers just this. */
export interface SliceFrame {
  readonly rowStart: number;
  readonly rowSize: number;
  readonly columnStart: number;
  readonly columnSize: number;
}

export type ClassProbabilities = Readonly<Partial<Record<HemorrhageName, number>>>;

/** What both networks say of one volume. */
export interface Findings {
  /** Any hemorrhage always; the subtypes where the subject is positive. */
  readonly subject: ClassProbabilities;
  readonly positive: boolean;
  readonly operatingPoint: number;
  /** As thresholdOf has it. */
  readonly subtypeThreshold: number;
  /** The operating point's name and what it misses, where the model's card knows them. */
  readonly operatingPointName?: string;
  readonly operatingPointMisses?: string;
  /** Inferior to superior; empty for a model without slice heads. */
  readonly slices: readonly ClassProbabilities[];
  /** Of a class, slices x side x side (16, or as the model's card says), each slice's sum 1 or 0; none where they were not asked for. */
  readonly heatMaps: Readonly<Partial<Record<HemorrhageName, Float32Array>>>;
  readonly frame: SliceFrame;
  /** How far the series lies from the training's; absent where the model file does not describe them. */
  readonly unlikeTraining?: Unlikeness;
}
