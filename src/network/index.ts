/**
 * The networks as graphs: HU in, probabilities and heat maps out.
 */

// Settings and plans

export type { CnnPlan, ConvolutionRow } from './cnn-plans.ts';
export { CNN_PLANS, convolutionsOf } from './cnn-plans.ts';
export type {
  CnnName,
  NetworkSettings,
  PreprocessingName,
  SliceReads,
  SubjectReads,
  TaskName,
} from './settings.ts';
export {
  COMPACT_SETTINGS,
  hearsCnn,
  IMAGE_SIDE,
  imageSideOf,
  MOBILENET_SETTINGS,
  mapSideOf,
  PAPER_SETTINGS,
  QUICK_SETTINGS,
  TASK_NAMES,
  TASKS,
} from './settings.ts';

// Parameters and weights

export type { ParameterBook } from './parameter-book.ts';
export { bookOf, createParameterBook } from './parameter-book.ts';
export type { BookOf, ParameterSpec, TrunkName, Weights } from './parameters.ts';
export {
  bridgeSize,
  checkWeights,
  convolutionNames,
  DIRECTIONS,
  isOfCnn,
  parametersOf,
  recurrentParameters,
  trunkOf,
  trunksOf,
} from './parameters.ts';
export { hashNumbers, hashWeights, initialiseWeights } from './weights.ts';

// From HU to what a CNN sees

export type { Frame } from './head-frame.ts';
export { frameOf, headFrame, headProfiles } from './head-frame.ts';
export type { Preprocessing } from './preprocessing.ts';
export { asImages, asSlices, findFrame, PREPROCESSING } from './preprocessing.ts';

// The CNN; its batch normalisation while training, and folded away

export { foldNormalisation } from './folding.ts';
export type { NormalisedRows } from './normalised-trunk.ts';
export {
  buildFoldedRows,
  buildNormalisedRows,
  rowsAfter,
  rowsUpTo,
  weightShape,
} from './normalised-trunk.ts';
export { bridgeOf, buildBridge, buildDense, buildTrunk, toInputRange } from './trunk.ts';

// The recurrent part

export type { DropoutMasks, RecurrentValues } from './recurrent.ts';
export { buildRecurrent, maskShape } from './recurrent.ts';

// Thin slices as slabs

export { slicesPerSlab } from './slabs.ts';

// Heat maps

export { heatMaps, mapWeights } from './heat-maps.ts';

// Model files

export type { Model, ModelCard, StoredCalibration } from './model-file.ts';
export {
  exportModel,
  MODEL_SCHEMA,
  modelCardSchema,
  readModel,
  withCard,
  withReference,
} from './model-file.ts';
export { buildModel, MODEL_CUTS, MODEL_PORTS } from './model-graph.ts';

// Operating points

export type { OperatingPoint, SpokenPoint } from './operating-points.ts';
export { measuredRates, operatingPointOf, triagePointOf } from './operating-points.ts';

// What the training's series looked like

export type { TrainingReference } from './training-reference.ts';

// Networks to compare with

export type { Rival, RivalName, RivalSize } from './rivals/rival.ts';
export { outputLogits, subjectOfSlices } from './rivals/rival.ts';
export { RIVALS } from './rivals/rivals.ts';
export { SLICES_A_STEP } from './rivals/vgg16-3d.ts';
