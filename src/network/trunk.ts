import { at } from '../base/index.ts';
import {
  add,
  averagePool2d,
  clip,
  concat,
  conv2d,
  dense,
  fixedSizes,
  globalAveragePool,
  maxPool2d,
  multiply,
  reduceMax,
  relu,
  reshape,
  type Value,
} from '../graph/index.ts';
import { CNN_PLANS, type CnnPlan, type CnnRow, type ConvolutionRow } from './cnn-plans.ts';
import type { ParameterBook } from './parameter-book.ts';
import { convolutionNames, type TrunkName } from './parameters.ts';

type TrunkBook = Pick<ParameterBook, 'settings' | 'of'>;

/** What a CNN says about each slice. */
export interface TrunkValues {
  /** [slices, channels, side, side]: the last convolution after its activation, before any pooling. */
  readonly maps: Value;
  /** [slices, features]: after the dense layer's ReLU. */
  readonly features: Value;
}

/** Images [slices, 3, side, side], 0 to 1, through a CNN and the dense layer that ends it. */
export function buildTrunk(images: Value, book: TrunkBook, trunk: TrunkName): TrunkValues {
  const maps = buildMaps(images, book, trunk);
  return { maps, features: buildFeatures(maps, book, trunk) };
}

/** Images [slices, 3, side, side], 0 to 1 -> maps [slices, channels, side / 16, side / 16]. */
function buildMaps(images: Value, book: TrunkBook, trunk: TrunkName): Value {
  const plan = CNN_PLANS[book.settings.cnn];
  let maps = toInputRange(images, plan);
  for (const row of plan.rows) maps = buildRow(maps, row, plan, book, trunk);
  return maps;
}

/** Maps [slices, channels, side, side] -> features [slices, features]. */
export const buildFeatures = (maps: Value, book: TrunkBook, trunk: TrunkName): Value =>
  buildDense(bridgeOf(maps, CNN_PLANS[book.settings.cnn]), book, trunk);

/** Images [slices, 3, side, side], 0 to 1 -> what the dense layer reads, [slices, bridge]. */
export const buildBridge = (images: Value, book: TrunkBook, trunk: TrunkName): Value =>
  bridgeOf(buildMaps(images, book, trunk), CNN_PLANS[book.settings.cnn]);

/** What the dense layer reads [slices, bridge] -> features [slices, features]. */
export const buildDense = (bridge: Value, book: TrunkBook, trunk: TrunkName): Value =>
  relu(dense(bridge, book.of(`${trunk}/dense/weights`), book.of(`${trunk}/dense/bias`)));

/** Maps [slices, channels, side, side] -> what the dense layer reads. */
export const bridgeOf = (maps: Value, plan: CnnPlan): Value =>
  plan.bridge === 'flatten' ? flattened(maxPool2d(maps, { kernel: 2 })) : averageAndMaximum(maps);

const flattened = (pooled: Value): Value =>
  reshape(pooled, [at(pooled.shape, 0), fixedSizes(pooled.shape.slice(1)).reduce((a, b) => a * b)]);

/** The mean says how much of a pattern there is, the maximum that it is there at all: small bleeds need it. */
const averageAndMaximum = (maps: Value): Value =>
  concat([globalAveragePool(maps), reduceMax(maps, { axes: [2, 3] })], 1);

/** Images, 0 to 1, in the range that the plan's weights were trained on. */
export function toInputRange(images: Value, { inputRange: [low, high] }: CnnPlan): Value {
  return low === 0 && high === 1 ? images : add(multiply(images, high - low), low);
}

function buildRow(x: Value, row: CnnRow, plan: CnnPlan, book: TrunkBook, trunk: TrunkName): Value {
  if (row.kind === 'maxPool') return maxPool2d(x, { kernel: 2 });
  if (row.kind === 'halving') return averagePool2d(x, { kernel: 2 });
  const names = convolutionNames(trunk, row.name);
  return buildConvolution(x, row, plan, book.of(names.weights), book.of(names.bias));
}

/** One row of a plan with its activation. */
export function buildConvolution(
  x: Value,
  row: ConvolutionRow,
  plan: CnnPlan,
  weights: Value,
  bias: Value,
): Value {
  const options = { stride: row.stride, padding: paddingOf(row), groups: row.depthwise ? row.inChannels : 1 };
  const y = conv2d(x, weights, bias, options);
  return plan.activation === 'relu' ? relu(y) : clip(y, 0, 6);
}

/** TensorFlow's `same`: at stride 2 on an even size the one row of zeros comes after, none before. */
export function paddingOf({ kernel, stride }: ConvolutionRow) {
  if (kernel === 1) return 0;
  return stride === 1 ? 1 : { before: [0, 0], after: [1, 1] };
}
