import {
  clip,
  conv2d,
  type ParameterValue,
  parameter,
  relu,
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

/** The convolutions of a plan up to the named row, it included. */
export const rowsUpTo = (cnn: CnnName, last: string): readonly ConvolutionRow[] =>
  convolutionsOf(CNN_PLANS[cnn]).slice(0, -rowsAfter(cnn, last).length);

/** Convolutions with the normalisation folded in; `folded` gives the shapes, toOnnx the numbers. */
export function buildFoldedRows(
  x: Value,
  cnn: CnnName,
  rows: readonly ConvolutionRow[],
  folded: Weights,
): Value {
  const weightsOf = (name: string) => parameter(name, folded[name]?.shape ?? []);
  const build = (y: Value, row: ConvolutionRow) =>
    buildConvolution(y, row, CNN_PLANS[cnn], weightsOf(`${row.name}/weights`), weightsOf(`${row.name}/bias`));
  return rows.reduce(build, x);
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
    statistics[`${row.name}/mean`] = mean;
    statistics[`${row.name}/variance`] = variance;
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
