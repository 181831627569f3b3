/**
 * Training.
 */

// Any cohort: the paper's networks, Sub-Lab and Sli-Lab, and their rivals

export { epochWords } from './joint/epoch-words.ts';
export type { LeftOutStudy } from './joint/label-needs.ts';
export { labelledSubjects } from './joint/label-needs.ts';
export { oneKindNotes, refuseOneClass } from './joint/one-class.ts';
export { SETTINGS_FILE } from './joint/run-folder.ts';
export type { TrainingSettings } from './joint/settings.ts';
export { FROM_SCRATCH, hasFrozenStage, TRAINING_PRESETS, trainingSettingsSchema } from './joint/settings.ts';
export type { StartingWeights } from './joint/starting-weights.ts';
export { startFromImageNet, startFromRun } from './joint/starting-weights.ts';
export type { TrainOptions, TrainResult } from './joint/train.ts';
export { train } from './joint/train.ts';
export type { EndedEpoch } from './joint/train-network.ts';
export { createPreparation, refuseStored } from './preparation.ts';

// What a training leaves: a model file, answers of its networks, weights

export { exportRun } from './joint/export-run.ts';
export type { JudgedScan, JudgedScans, JudgeScansOptions } from './joint/judge-scans.ts';
export { judgeScans } from './joint/judge-scans.ts';
export { readWeights, writeWeights } from './weights-file.ts';

// The bundled model: its recipe, its cross-validation, its card

export { bloodInBoxes } from './default-model/boxed-blood.ts';
export { defaultCard } from './default-model/card.ts';
export type { CrossValidationTask, FoldRun } from './default-model/cross-validation.ts';
export { crossValidate } from './default-model/cross-validation.ts';
export type { FoldFile, OutOfFoldFigure } from './default-model/figures-of-folds.ts';
export { outOfFoldFigures, readFolds } from './default-model/figures-of-folds.ts';
export type { ExternalRun } from './default-model/operating-points.ts';
export { outOfFoldPoints, withExternal } from './default-model/operating-points.ts';
export type { Recipe } from './default-model/recipe.ts';
export { DEFAULT_RECIPE } from './default-model/recipe.ts';
export { fitFacing, fitReference } from './default-model/reference.ts';
export { missingOffset } from './default-model/subject-offset.ts';
export { trainDefault } from './default-model/train-default.ts';
export type { Workshop } from './default-model/workshop.ts';
export { openWorkshop } from './default-model/workshop.ts';
