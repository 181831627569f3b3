import type { Prediction } from './prediction.ts';

/** prediction.json: the same prediction gives the same bytes. */
export const predictionJson = (prediction: Prediction): string =>
  `${JSON.stringify(prediction, undefined, 2)}\n`;
