import { HEMORRHAGE_CLASSES, type Tensor } from '../../base/index.ts';
import {
  add,
  binaryCrossEntropyWithLogits,
  cast,
  conv2d,
  createGraph,
  dense,
  fixedSizes,
  input,
  multiply,
  parameter,
  relu,
  reshape,
  slice,
  toOnnx,
  type Value,
} from '../../graph/index.ts';
import {
  bridgeOf,
  buildFoldedRows,
  buildNormalisedRows,
  CNN_PLANS,
  MOBILENET_SETTINGS,
  rowsAfter,
  type Weights,
} from '../../network/index.ts';
import { weightedCrossEntropy, weightsOfTargets } from '../common/cross-entropy.ts';
import { floatTensor } from '../common/feeds.ts';
import { stepOutputs } from '../common/gradients.ts';
import { STEPS_PER_UNIT } from './frozen-maps.ts';
import type { Recipe } from './recipe.ts';
import { type SliceGrid, sliceGridOf } from './slice-grid.ts';

export const CLASSES = HEMORRHAGE_CLASSES.length;
const { cnn: CNN, features: FEATURES } = MOBILENET_SETTINGS;
const BRIDGE = 2 * CNN_PLANS[CNN].mapChannels;

/** What ends the CNN and stays: the features. */
export const FEATURE_HEAD = { 'dense/weights': [FEATURES, BRIDGE], 'dense/bias': [FEATURES] } as const;
/** Logits, six per slice and six per cell, that serve while the CNN is trained and stay behind. */
export const SERVING_HEADS = {
  'warmUp/weights': [CLASSES, FEATURES],
  'warmUp/bias': [CLASSES],
  'cells/weights': [CLASSES, CNN_PLANS[CNN].mapChannels, 1, 1],
  'cells/bias': [CLASSES],
} as const;
export const HEAD_SHAPES = { ...FEATURE_HEAD, ...SERVING_HEADS } as const;
const headParameter = (name: keyof typeof HEAD_SHAPES) => parameter(name, HEAD_SHAPES[name]);

/** Kept maps, in steps of 6/255, as the first trained convolution reads them. */
const keptMaps = (shape: readonly number[]) => input('maps', ['slices', ...shape], 'uint8');
const inUnits = (maps: Value): Value => multiply(cast(maps, 'float32'), 1 / STEPS_PER_UNIT);

type CnnOfRecipe = Pick<Recipe, 'lastFrozen' | 'imageSide'>;

export interface LossWeights {
  readonly subtypeWeight: number;
  readonly cellWeight: number;
}

/** Cells with blood are few: each counts for so many without. */
const BLEEDING_CELL = 5;

export interface TrainingGraph {
  readonly onnx: Uint8Array;
  /** What is trained, by name and shape; the graph gives the gradient of each. */
  readonly trained: Readonly<Record<string, readonly number[]>>;
  /** Running statistics that each step measures anew: the graph's outputs of that name. */
  readonly statistics: readonly string[];
}

/**
 * One step on a batch of slices: kept maps, targets [slices, 6], cells [slices, 6, side, side], 0 to 255, which of them are
 * known [slices, 6], and the dropout mask [slices, features] in; the loss, gradients and the batch's statistics out. The
 * loss is any hemorrhage's cross-entropy plus the subtypes' and the cells', weighted.
 */
export function warmUpStep(recipe: CnnOfRecipe, { subtypeWeight, cellWeight }: LossWeights): TrainingGraph {
  const { lastFrozen } = recipe;
  const { mapShape, cellsShape } = sliceGridOf(recipe);
  const targets = input('targets', ['slices', CLASSES]);
  const kept = input('kept', ['slices', FEATURES]);
  const rows = buildNormalisedRows(inUnits(keptMaps(mapShape)), CNN, rowsAfter(CNN, lastFrozen));
  const head = headParameters();
  const features = relu(dense(bridgeOf(rows.maps, CNN_PLANS[CNN]), head.weights, head.bias));
  const logits = dense(multiply(features, kept), head.outWeights, head.outBias);
  const part = (from: number, to: number): Value => {
    const range = { axis: 1, start: from, end: to };
    return binaryCrossEntropyWithLogits(slice(logits, range), slice(targets, range));
  };
  const ofSlices = add(part(0, 1), multiply(part(1, CLASSES), subtypeWeight));
  const loss = add(ofSlices, multiply(cellLoss(rows.maps, head, cellsShape), cellWeight));
  const trained = [...rows.parameters, ...Object.values(head)];
  const outputs = {
    loss,
    ...rows.statistics,
    ...stepOutputs(loss, trained),
  };
  return {
    onnx: toOnnx(createGraph('warm-up step', { outputs })),
    trained: Object.fromEntries(trained.map((p) => [p.name, fixedSizes(p.shape)])),
    statistics: Object.keys(rows.statistics),
  };
}

/** Weighted cross-entropy of the cells' own logits, one linear layer above the last maps, over the number of all cells. */
function cellLoss(
  maps: Value,
  { cellWeights, cellBias }: ReturnType<typeof headParameters>,
  cellsShape: SliceGrid['cellsShape'],
): Value {
  const logits = conv2d(maps, cellWeights, cellBias);
  const targets = multiply(cast(input('cells', ['slices', ...cellsShape], 'uint8'), 'float32'), 1 / 255);
  const known = reshape(input('known', ['slices', CLASSES]), ['slices', CLASSES, 1, 1]);
  return weightedCrossEntropy(logits, targets, multiply(known, weightsOfTargets(targets, BLEEDING_CELL)));
}

const headParameters = () => ({
  weights: headParameter('dense/weights'),
  bias: headParameter('dense/bias'),
  outWeights: headParameter('warmUp/weights'),
  outBias: headParameter('warmUp/bias'),
  cellWeights: headParameter('cells/weights'),
  cellBias: headParameter('cells/bias'),
});

/** Kept maps -> features and the six logits of each slice, with the weights folded and inside. */
export function featureGraph(recipe: CnnOfRecipe, weights: Weights): Uint8Array {
  const { lastFrozen } = recipe;
  const { mapShape } = sliceGridOf(recipe);
  const maps = buildFoldedRows(inUnits(keptMaps(mapShape)), CNN, rowsAfter(CNN, lastFrozen), weights);
  const head = headParameters();
  const features = relu(dense(bridgeOf(maps, CNN_PLANS[CNN]), head.weights, head.bias));
  const logits = dense(features, head.outWeights, head.outBias);
  return toOnnx(createGraph('features', { outputs: { features, logits } }), { weights });
}

/** The batch of a step; see warmUpStep. */
export interface StepBatch {
  readonly maps: Uint8Array;
  readonly targets: Float32Array;
  readonly cells: Uint8Array;
  readonly known: Float32Array;
  readonly kept: Float32Array;
}

/** The batch of a step as its feeds. */
export function stepFeeds(
  { maps, targets, cells, known, kept }: StepBatch,
  { mapShape, cellsShape }: SliceGrid,
) {
  const slices = targets.length / CLASSES;
  return {
    maps: { element: 'uint8', shape: [slices, ...mapShape], data: maps },
    targets: floatTensor([slices, CLASSES], targets),
    cells: { element: 'uint8', shape: [slices, ...cellsShape], data: cells },
    known: floatTensor([slices, CLASSES], known),
    kept: floatTensor([slices, FEATURES], kept),
  } satisfies Record<string, Tensor>;
}
