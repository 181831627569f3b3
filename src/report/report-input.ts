import type { HemorrhageName } from '../base/index.ts';
import type { Prediction, SliceFrame } from '../prediction/index.ts';
import type { Volume } from '../volume/index.ts';

/** A line of the model card's figures: `Slice AUC` `0.91 (0.88 to 0.94)` `57 patients out of fold`. */
export interface CardFigure {
  readonly label: string;
  readonly value: string;
  /** How it was measured; figures measured alike are listed together. */
  readonly measured: string;
}

/** What a report says of the model, from its card. */
export interface ModelSummary {
  readonly figures: readonly CardFigure[];
  /** What it was trained on, licence and attribution, limits: a sentence each. */
  readonly notes: readonly string[];
}

/** Whose study it is and of which visit; handed over only where the user asked for it. */
export interface ShownIdentity {
  readonly name?: string;
  readonly patientId?: string;
  /** DICOM's YYYYMMDD, as the study's date. */
  readonly birthDate?: string;
  readonly sex?: string;
  /** DICOM's 063Y. */
  readonly age?: string;
  readonly accessionNumber?: string;
  readonly studyDate?: string;
}

/** All that one study's report is made from. */
export interface ReportInput {
  readonly prediction: Prediction;
  readonly volume: Volume;
  /** Maps of a class, square, of all slices; absent classes have none. */
  readonly heatMaps?: Readonly<Partial<Record<HemorrhageName, Float32Array>>>;
  /** The part of every slice that the maps cover; without it, the whole slice. */
  readonly frame?: SliceFrame;
  readonly model?: ModelSummary;
  readonly identity?: ShownIdentity;
  /** When the page is made; stands on it. */
  readonly madeAt?: Date;
}
