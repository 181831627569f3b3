/**
 * What programs use: a study from files, a model, a prediction, a report.
 *
 *     const study = await readStudy('head-ct');
 *     const model = await openModel();
 *     const { prediction, reportPage } = await model.predict(study);
 */

export { drawExamples } from './example-pictures.ts';
export type { ModelOptions, OpenModel, PredictedStudy, StudyOptions } from './open-model.ts';
export { openModel } from './open-model.ts';
export { peakMemoryBytes } from './peak-memory.ts';
export { readStudy } from './read-study.ts';
export { DEFAULT_MODEL_PATH, softwareVersion } from './software.ts';
