import { type ProgressListener, type Runtime, throwIfAborted } from '../base/index.ts';
import { readWhole } from '../files/index.ts';
import { type ModelCard, readModel } from '../network/index.ts';
import { createStudyPredictor, type Findings, type Prediction } from '../prediction/index.ts';
import { drawKeyImages, keyImages, modelSummary, type ReportInput, reportPage } from '../report/index.ts';
import {
  CAPTURE_SIDE_PX,
  type RefusalParts,
  type ResultObjects,
  refusalObjects,
  resultObjects,
} from '../results/index.ts';
import { createRuntime } from '../runtime/index.ts';
import type { AcceptedStudy } from '../study/index.ts';
import { peakMemoryBytes } from './peak-memory.ts';
import { DEFAULT_MODEL_PATH, softwareVersion } from './software.ts';

export interface ModelOptions {
  /** A model file; the bundled one unless given. */
  readonly model?: string;
  /** Computes for several models at once, and is closed by whoever opened it; one of the model's own unless given. */
  readonly runtime?: Runtime;
  readonly device?: 'auto' | 'cpu' | 'cuda' | 'webgpu';
  readonly threads?: number;
  readonly signal?: AbortSignal;
}

export interface StudyOptions {
  /** By name or as a probability, instead of the model's own. */
  readonly operatingPoint?: number | string;
  /** Default true. */
  readonly heatMaps?: boolean;
  /** The patient's name, ID, birth date, sex and age, the study's date and accession number on the page; default false. */
  readonly showIdentity?: boolean;
  /** What reading took, for the timings. */
  readonly readingMs?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: ProgressListener;
}

export interface ObjectOptions {
  /** The heat maps as Parametric Maps too. */
  readonly parametricMap?: boolean;
  /** report.dcm of an earlier run of the same study. */
  readonly earlierReport?: Uint8Array | undefined;
  /** Why the result lies outside of what was checked, a sentence each. */
  readonly outside?: readonly string[];
}

/** One study, predicted. */
export interface PredictedStudy {
  /** The contents of prediction.json. */
  readonly prediction: Prediction;
  readonly findings: Findings;
  /** When it was made; prediction.json has no time, so that the same study gives the same. */
  readonly madeAt: Date;
  /** report.html, self-contained. */
  reportPage(): Promise<string>;
  /** PNG files by name. */
  keyImages(): Readonly<Record<string, Uint8Array>>;
  /**
   * DICOM objects for an archive, by file name; what the source does not allow is refused by name.
   */
  dicomObjects(madeAt: Date, options?: ObjectOptions): ResultObjects;
}

/** A model that is open for any number of studies. */
export interface OpenModel {
  readonly card: ModelCard;
  /** Of the model file, hexadecimal. */
  readonly sha256: string;
  readonly deviceNote: string;
  predict(study: AcceptedStudy, options?: StudyOptions): Promise<PredictedStudy>;
  /** The DICOM report that says why a study was not analysed. */
  refusalObjects(study: RefusalParts['study'], madeAt: Date, earlierReport?: Uint8Array): ResultObjects;
  /** Frees the model, and the runtime where it is the model's own. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Opens a model file on a device. Throws what readModel, createRuntime and the file system say, each in one line;
 * IchorError `aborted`.
 */
export async function openModel(options: ModelOptions = {}): Promise<OpenModel> {
  const file = options.model ?? DEFAULT_MODEL_PATH;
  const bytes = await readWhole(file);
  throwIfAborted(options.signal);
  const model = readModel(bytes, file);
  const runtime = options.runtime ?? (await createRuntime(options));
  const close = (): Promise<void> => (options.runtime === undefined ? runtime.close() : predictor.close());
  const software = { name: 'ichor', version: softwareVersion() };
  const predictor = createStudyPredictor(model, runtime, { software, peakMemoryBytes });
  return {
    card: model.card,
    sha256: predictor.sha256,
    deviceNote: runtime.deviceNote,
    predict: async (study, { showIdentity = false, ...studyOptions } = {}) => {
      const { prediction, findings } = await predictor.predict(study, studyOptions);
      const madeAt = new Date();
      const input = { ...reportInput(study, findings, prediction, model.card, showIdentity), madeAt };
      return {
        prediction,
        findings,
        madeAt,
        reportPage: () => reportPage(input),
        keyImages: () => keyImages(input),
        dicomObjects: (made, { parametricMap = false, earlierReport, outside = [] } = {}) => {
          const parts = { study, findings, prediction, parametricMap, outside, madeAt: made };
          const drawn = drawKeyImages(input, CAPTURE_SIDE_PX);
          return resultObjects({ ...parts, keyImages: drawn }, earlierReport);
        },
      };
    },
    refusalObjects: (study, madeAt, earlierReport) =>
      refusalObjects(
        { study, model: { name: model.card.name, sha256: predictor.sha256 }, software, madeAt },
        earlierReport,
      ),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function reportInput(
  study: AcceptedStudy,
  findings: Findings,
  prediction: Prediction,
  card: ModelCard,
  showIdentity: boolean,
): ReportInput {
  const hasMaps = Object.keys(findings.heatMaps).length > 0;
  return {
    prediction,
    volume: study.volume,
    model: modelSummary(card),
    ...(hasMaps && { heatMaps: findings.heatMaps, frame: findings.frame }),
    ...(showIdentity && { identity: study.identity }),
  };
}
