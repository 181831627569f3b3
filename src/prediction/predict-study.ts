import { type Runtime, sha256 } from '../base/index.ts';
import type { Model, ModelCard } from '../network/index.ts';
import type { AcceptedStudy } from '../study/index.ts';
import type { Findings } from './findings.ts';
import type { PredictOptions } from './job.ts';
import { createPrediction, type Prediction } from './prediction.ts';
import { createPredictor } from './predictor.ts';

/** What is said in prediction.json of the program and the machine. */
export interface Surroundings {
  readonly software: Prediction['software'];
  /** The highest so far, where it can be known. */
  peakMemoryBytes?(): number | undefined;
}

export interface PredictStudyOptions extends PredictOptions {
  /** What reading took, for the timings. */
  readonly readingMs?: number;
}

/** A model that is open on a runtime, for any number of studies: the same in Node and in a browser. */
export interface StudyPredictor {
  readonly card: ModelCard;
  /** Of the model file, hexadecimal. */
  readonly sha256: string;
  /** Throws what Predictor's `predict` throws. */
  predict(
    study: AcceptedStudy,
    options?: PredictStudyOptions,
  ): Promise<{ readonly prediction: Prediction; readonly findings: Findings }>;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Opens a model on a runtime. */
export function createStudyPredictor(
  model: Model,
  runtime: Runtime,
  surroundings: Surroundings,
): StudyPredictor {
  const { card, bytes } = model;
  const identity = { ...card, sha256: sha256(bytes) };
  const predictor = createPredictor(model, runtime);
  return {
    card,
    sha256: identity.sha256,
    predict: async (study, { readingMs = 0, ...options } = {}) => {
      const startedAt = performance.now();
      const findings = await predictor.predict(study.volume, options);
      const peakMemoryBytes = surroundings.peakMemoryBytes?.();
      const prediction = createPrediction({
        study,
        findings,
        model: identity,
        timingsMs: { reading: Math.round(readingMs), predicting: Math.round(performance.now() - startedAt) },
        ...(peakMemoryBytes !== undefined && { peakMemoryBytes }),
        software: surroundings.software,
      });
      return { prediction, findings };
    },
    close: () => predictor.close(),
    [Symbol.asyncDispose]: () => predictor.close(),
  };
}
