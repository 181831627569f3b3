/**
 * One volume to probabilities and heat maps.
 *
 *     const predictor = createPredictor(readModel(bytes, 'default.onnx'), runtime);
 *     const { subject, slices, heatMaps } = await predictor.predict(volume);
 */

// Where slices and subject disagree

export type { Disagreement } from './disagreement.ts';
export { disagreementOf } from './disagreement.ts';

// What is found

export type { ClassProbabilities, Findings, SliceFrame } from './findings.ts';

// Heat maps as a file

export { heatMapsJson, readHeatMaps } from './heat-maps-file.ts';

// A study to prediction.json

export type { PredictStudyOptions, StudyPredictor, Surroundings } from './predict-study.ts';
export { createStudyPredictor } from './predict-study.ts';

// prediction.json

export type { Prediction, PredictionParts } from './prediction.ts';
export { createPrediction, PREDICTION_SCHEMA, predictionSchema } from './prediction.ts';
export { predictionJson } from './prediction-json.ts';

// From which probability on a class is positive

export type { Thresholds } from './threshold.ts';
export { thresholdOf } from './threshold.ts';

// How unlike the training a series is

export type { SeriesLook, Unlikeness } from './unlike-training.ts';
export { isUnlike, unlikeness, upsideDownness } from './unlike-training.ts';

// A volume to findings

export type { PredictOptions } from './job.ts';
export type { Predictor } from './predictor.ts';
export { createPredictor } from './predictor.ts';

// 8-bit convolutions

export type { QuantiseOptions } from './quantise-model.ts';
export { isQuantised, quantiseModel } from './quantise-model.ts';
