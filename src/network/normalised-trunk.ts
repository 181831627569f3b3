import {
  add,
  clip,
  conv2d,
  multiply,
  type ParameterValue,
  parameter,
  relu,
  reshape,
  trainBatchNormalisation,
  type Value,
} from '../graph/index.ts';
import { CNN_PLANS, type CnnPlan, type ConvolutionRow, convolutionsOf } from './cnn-plans.ts';
import type { Weights } from './parameters.ts';
import type { CnnName } from './settings.ts';
import { buildConvolution, paddingOf } from './trunk.ts';

/** What batch normalisation adds to one convolution, in the order in which frameworks name it. */
export const NORMALISATION_PARTS = ['scale', 'shift', 'mean', 'variance'] as const;
/** Keras' default for batch normalisation, with which MobileNetV1 was trained. */
export const NORMALISATION_EPSILON = 1e-3;

export interface NormalisedRows {
  readonly maps: Value;
  readonly parameters: readonly ParameterValue[];
  /** Of this batch, by the name of the running statistic: `conv_pw_6/mean`. */
  readonly statistics: Readonly<Record<string, Value>>;
}

/** The convolutions of a plan after the named row, or all of them. Throws RangeError for a row that is not there. */
export function rowsAfter(cnn: CnnName, last?: string): readonly ConvolutionRow[] {
  const rows = convolutionsOf(CNN_PLANS[cnn]);
  const place = last === undefined ? -1 : rows.findIndex((row) => row.name === last);
  if (last !== undefined && place < 0) throw new RangeError(`${cnn} has no convolution ${last}`);
  return rows.slice(place + 1);
}

/** The convolutions up to the named row, it included, on images [slices, 3, 256, 256], normalisation folded in. */
export function buildFrozenRows(images: Value, cnn: CnnName, last: string, folded: Weights): Value {
  const plan = CNN_PLANS[cnn];
  const [low, high] = plan.inputRange;
  const frozen = convolutionsOf(plan).slice(0, -rowsAfter(cnn, last).length);
  const weightsOf = (name: string) => parameter(name, folded[name]?.shape ?? []);
  return frozen.reduce<Value>(
    (x, row) =>
      buildConvolution(x, row, plan, weightsOf(`${row.name}/weights`), weightsOf(`${row.name}/bias`)),
    add(multiply(images, high - low), low),
  );
}

/** Convolutions with batch normalisation by the batch's own statistics, as they are trained. */
export function buildNormalisedRows(
  maps: Value,
  cnn: CnnName,
  rows: readonly ConvolutionRow[],
): NormalisedRows {
  const parameters: ParameterValue[] = [];
  const statistics: Record<string, Value> = {};
  const plan = CNN_PLANS[cnn];
  let x = maps;
  for (const row of rows) {
    const weights = parameter(`${row.name}/weights`, weightShape(row));
    const scale = parameter(`${row.name}/scale`, [row.outChannels]);
    const shift = parameter(`${row.name}/shift`, [row.outChannels]);
    parameters.push(weights, scale, shift);
    const convolved = conv2d(x, weights, undefined, convolutionOptions(row));
    const { output, mean, variance } = trainBatchNormalisation(
      convolved,
      { scale, shift },
      NORMALISATION_EPSILON,
    );
    statistics[`${row.name}/mean`] = reshape(mean, [row.outChannels]);
    statistics[`${row.name}/variance`] = reshape(variance, [row.outChannels]);
    x = activated(output, plan);
  }
  return { maps: x, parameters, statistics };
}

const activated = (x: Value, plan: CnnPlan): Value => (plan.activation === 'relu' ? relu(x) : clip(x, 0, 6));

const convolutionOptions = (row: ConvolutionRow) => ({
  stride: row.stride,
  padding: paddingOf(row),
  groups: row.depthwise ? row.inChannels : 1,
});

export const weightShape = (row: ConvolutionRow): readonly number[] => [
  row.outChannels,
  row.depthwise ? 1 : row.inChannels,
  row.kernel,
  row.kernel,
];
