import {
  add,
  clip,
  conv2d,
  type Dimension,
  dense,
  globalAveragePool,
  maxPool2d,
  multiply,
  relu,
  reshape,
  type Value,
} from '../graph/index.ts';
import { CNN_PLANS, type CnnPlan, type CnnRow, type ConvolutionRow } from './cnn-plans.ts';
import type { ParameterBook } from './parameter-book.ts';
import { bridgeSize, type TrunkName } from './parameters.ts';

/** What a CNN says about each slice. */
export interface TrunkValues {
  /** [slices, channels, 16, 16]: the last convolution after its activation, before any pooling. */
  readonly maps: Value;
  /** [slices, features]: after the dense layer's ReLU. */
  readonly features: Value;
}

/** Images [slices, 3, 256, 256], 0 to 1, through a CNN and the dense layer that ends it. */
export function buildTrunk(images: Value, book: ParameterBook, trunk: TrunkName): TrunkValues {
  const plan = CNN_PLANS[book.settings.cnn];
  let maps = toInputRange(images, plan);
  for (const row of plan.rows) maps = buildRow(maps, row, plan, book, trunk);
  return { maps, features: buildFeatures(maps, book, trunk) };
}

/** Maps [slices, channels, 16, 16] -> features [slices, features]. */
export function buildFeatures(maps: Value, book: ParameterBook, trunk: TrunkName): Value {
  const plan = CNN_PLANS[book.settings.cnn];
  const bridged =
    plan.bridge === 'average'
      ? globalAveragePool(maps)
      : reshape(maxPool2d(maps, { kernel: 2 }), [maps.shape[0] as Dimension, bridgeSize(plan)]);
  return relu(dense(bridged, book.of(`${trunk}/dense/weights`), book.of(`${trunk}/dense/bias`)));
}

function toInputRange(images: Value, { inputRange: [low, high] }: CnnPlan): Value {
  return low === 0 && high === 1 ? images : add(multiply(images, high - low), low);
}

function buildRow(x: Value, row: CnnRow, plan: CnnPlan, book: ParameterBook, trunk: TrunkName): Value {
  if (row.kind === 'maxPool') return maxPool2d(x, { kernel: 2 });
  const weights = book.of(`${trunk}/cnn/${row.name}/weights`);
  const bias = book.of(`${trunk}/cnn/${row.name}/bias`);
  const options = { stride: row.stride, padding: paddingOf(row), groups: row.depthwise ? row.inChannels : 1 };
  const y = conv2d(x, weights, bias, options);
  return plan.activation === 'relu' ? relu(y) : clip(y, 0, 6);
}

/** TensorFlow's `same`: at stride 2 on an even size the one row of zeros comes after, none before. */
function paddingOf({ kernel, stride }: ConvolutionRow) {
  if (kernel === 1) return 0;
  return stride === 1 ? 1 : { before: [0, 0], after: [1, 1] };
}
